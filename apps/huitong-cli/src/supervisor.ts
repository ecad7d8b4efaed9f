import { HuitongError } from '@huitong/change-event';
import { processIdOf } from '@huitong/local-stack';
import { homeFolder } from './config.ts';
import { prepare } from './prepare.ts';
import { demoCity, services } from './services.ts';
import { readSupervisor, writeSupervisor } from './stack.ts';
import { Supervision } from './supervision.ts';
import { isRunning, type ProcessId } from '@huitong/local-stack';

/**
 * The process that owns a running stack; `up` starts it detached. Arguments: `--empty`, and `--attached <pid>` of a
 * foreground command whose end, however it comes, ends the stack too.
 */
async function main(args: string[]): Promise<void> {
  const home = homeFolder();
  const other = readSupervisor(home);
  const self = processIdOf(process.pid);
  if (other !== undefined && other.pid !== self.pid && isRunning(other)) {
    throw new HuitongError(
      'PART_FAILED',
      `另一个监督进程已在运行 / another supervisor runs already: process ${other.pid}`,
    );
  }
  writeSupervisor(home, self);
  const empty = args.includes('--empty');
  const supervision = new Supervision({ home, empty, services: empty ? services : [...services, demoCity], prepare });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => supervision.end());
  const attached = args.indexOf('--attached');
  if (attached >= 0) watch(processIdOf(Number(args[attached + 1])), () => supervision.end());
  process.exitCode = await supervision.run();
}

function watch(id: ProcessId, onEnd: () => void): void {
  setInterval(() => isRunning(id) || onEnd(), 500).unref();
}

await main(process.argv.slice(2));
