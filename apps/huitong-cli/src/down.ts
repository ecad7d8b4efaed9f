import type { Command } from 'commander';
import { describeParts, endProcess, isRunning, runningParts, stopParts } from '@huitong/local-stack';
import { homeFolder } from './config.ts';
import { readServiceIds, readSupervisor, removeStack } from './stack.ts';
import { stopServices } from './supervision.ts';

/** Services take up to 20 s to end, Kafka and PostgreSQL up to 30 s each. */
const endWithinMs = 90_000;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function register(program: Command): void {
  program
    .command('down')
    .description('停止全部部件和服务, 数据保留 / stop all parts and services; the data stay')
    .option('--json', '输出 JSON / print JSON')
    .action(async (options: { json?: boolean }) => {
      const stopped = await stopAll(homeFolder());
      const text = stopped.length > 0 ? `已停止 / stopped: ${stopped.join(', ')}` : '没有在运行 / nothing was running';
      process.stdout.write(options.json ? `${JSON.stringify({ stopped })}\n` : `${text}\n`);
    });
}

/**
 * Stops what runs for a home folder, by the recorded processes: through its supervisor where that runs, and whatever is
 * left, as after a crash of the supervisor, by itself. Returns the names of what it stopped.
 */
export async function stopAll(home: string): Promise<string[]> {
  const running = [
    ...Object.entries(readServiceIds(home)).flatMap(([name, id]) => (isRunning(id) ? [name] : [])),
    ...Object.entries(runningParts(home)).flatMap(([name, runs]) => (runs ? [name] : [])),
    ...(await describeParts(home)).flatMap(({ name, ready }) => (ready ? [name] : [])),
  ];
  if (await endProcess(readSupervisor(home), 'SIGTERM', endWithinMs)) running.push('supervisor');
  const left = [...(await stopServices(home)), ...(await stopParts(home))];
  removeStack(home);
  return [...new Set([...running, ...left])];
}

/** Until the returned function is called, a signal to this process stops all that runs for the home folder, then ends it. */
export function stopOnSignal(home: string): () => void {
  let stopping = false;
  const stop = () => {
    // A terminal sends Ctrl-C to the whole group, and a parent may pass it on as well: once is enough.
    if (stopping) return;
    stopping = true;
    process.stderr.write('\n正在停止 / stopping …\n');
    stopAll(home).then(
      (stopped) => {
        process.stderr.write(`已停止 / stopped: ${stopped.join(', ')}\n`);
        process.exit(0);
      },
      (error: unknown) => {
        process.stderr.write(`✗ 未能全部停止 / could not stop everything: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, stop);
  return () => signals.forEach((signal) => process.off(signal, stop));
}
