import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { isRunning } from '@huitong/local-stack';
import { homeFolder } from './config.ts';
import { stopAll, stopOnSignal } from './down.ts';
import { firstSteps, showLoad } from './first-steps.ts';
import { readSupervisor } from './stack.ts';
import { bringUp, whatIsWhere } from './up.ts';

export function register(program: Command): void {
  program
    .command('start')
    .description('在前台启动, Ctrl-C 停止全部 / start in the foreground; Ctrl-C stops everything')
    .option('--empty', '不带演示城市 / without the demo city')
    .action(async (options: { empty?: boolean }) => {
      const home = homeFolder();
      const parent = process.ppid;
      const letGo = stopOnSignal(home);
      const stack = await bringUp({ empty: options.empty ?? false, attachedTo: process.pid });
      process.stdout.write(`${whatIsWhere(stack)}${firstSteps(stack)}  Ctrl-C\n\n`);
      const stopped = (): boolean => !isRunning(readSupervisor(home)) || process.ppid !== parent;
      if (!options.empty) void showLoad(home, stopped);
      // Ends with the supervisor, as after `huitong down`; a parent that is killed takes all along.
      while (!stopped()) await sleep(200);
      await stopAll(home);
      letGo();
    });
}
