import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Linux counts processor time in these. */
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/**
 * A Node program as its own process, its output in `<home>/<name>.log`; `core` keeps all its threads on one core.
 * `ready`, where given, is asked until it is true, or the process has ended.
 */
export async function startNode({ home, name, script, args = [], env = {}, core, ready }) {
  const command = [process.execPath, script, ...args];
  if (core !== undefined) command.unshift('taskset', '-c', String(core));
  const child = spawn(command[0], command.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(home, `${name}.log`), { flags: 'a' });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Whatever fails on the way, nothing is left running.
  process.once('exit', () => child.kill('SIGKILL'));
  while (ready && !(await ready())) {
    if (child.exitCode !== null) throw new Error(`${name} has ended: ${await readFile(log.path, 'utf8')}`);
    await sleep(100);
  }
  return {
    child,
    /** Processor time so far, of all threads. */
    async cpuSeconds() {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13);
      return (Number(user) + Number(system)) / ticksPerSecond;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
