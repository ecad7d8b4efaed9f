import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';

/** A process told apart from a later one with the same pid: by the moment at which it started. */
export interface ProcessId {
  pid: number;
  startedAt: string;
}

/** A program to run; `uid` and `gid` where it must not run as root. */
export interface Command {
  file: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

/** When a process started, or undefined when there is none with this pid (one that waits to be reaped counts as none). */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      const [state, ...start] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
        .trim()
        .split(/\s+/);
      return state?.startsWith('Z') ? undefined : start.join(' ');
    }
    // Field 3 is the state, field 22 the start in ticks since boot (proc(5)); the name before them may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Names a running process; throws PART_FAILED when it has already ended. */
export function processIdOf(pid: number): ProcessId {
  const startedAt = startOf(pid);
  if (startedAt === undefined) throw new HuitongError('PART_FAILED', `process ${pid} ended at once`);
  return { pid, startedAt };
}

/** True while exactly this process runs; false for another one that was given its pid later. */
export const isRunning = (id: ProcessId | undefined): boolean => id !== undefined && startOf(id.pid) === id.startedAt;

/** Starts a program that outlives this process, its output appended to `logFile`. Throws PART_MISSING when it cannot be run. */
export async function spawnDetached(command: Command, logFile: string): Promise<ProcessId> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env ?? process.env,
      uid: command.uid,
      gid: command.gid,
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(new HuitongError('PART_MISSING', `无法运行 / could not run ${command.file}`, { cause })),
      );
    });
    child.unref();
    return processIdOf(child.pid!);
  } finally {
    closeSync(log);
  }
}

/** Sends a signal to exactly this process; false when it no longer runs. */
export function signalProcess(id: ProcessId | undefined, signal: NodeJS.Signals): boolean {
  if (id === undefined || !isRunning(id)) return false;
  try {
    return process.kill(id.pid, signal);
  } catch {
    return false;
  }
}

/** Asks a process to end, waits, and kills it after `waitMs`. Returns false when it was not running. */
export async function endProcess(id: ProcessId | undefined, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  if (!signalProcess(id, signal)) return false;
  const deadline = Date.now() + waitMs;
  while (isRunning(id)) {
    if (Date.now() > deadline) signalProcess(id, 'SIGKILL');
    await sleep(20);
  }
  return true;
}

/** Runs a program to its end and returns what it printed; throws `code` with its last lines otherwise. */
export async function run(
  command: Command,
  options: {
    code: 'PART_MISSING' | 'PART_FAILED';
    what: string;
    input?: string;
    onLine?: (line: string) => void;
    signal?: AbortSignal;
  },
): Promise<string> {
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env ?? process.env,
    uid: command.uid,
    gid: command.gid,
    signal: options.signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (options.onLine) for (const line of text.split('\n')) options.onLine(line);
    });
  }
  child.stdin.on('error', () => undefined).end(options.input);
  const status = await new Promise<number | null | Error>((resolve) => {
    let broken: Error | undefined;
    // A program that is broken off by `signal` still runs for a moment: nothing may go on beside it.
    child.once('error', (error) => (child.pid === undefined ? resolve(error) : (broken = error)));
    child.once('close', (code) => resolve(broken ?? code));
  });
  if (status === 0) return output;
  const lines = output.trim().split('\n');
  const tail = (lines.find((line) => /ERROR|FATAL|error:|Exception/.test(line)) ?? lines.at(-1) ?? '').slice(0, 500);
  throw new HuitongError(options.code, `${options.what}: ${status instanceof Error ? status.message : tail}`, {
    cause: status instanceof Error ? status : undefined,
  });
}
