import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { HuitongError, type ErrorCode } from '@huitong/change-event';
import { isRunning, spawnDetached } from '@huitong/local-stack';
import { homeFolder, inheritedEnvironment, repository } from './config.ts';
import { stopAll, stopOnSignal } from './down.ts';
import { firstSteps } from './first-steps.ts';
import {
  readStack,
  readStatus,
  readSupervisor,
  writeStatus,
  writeSupervisor,
  type Stack,
  type Status,
  type Step,
} from './stack.ts';

export function register(program: Command): void {
  program
    .command('up')
    .description('在后台启动全部部件和服务 / start all parts and services in the background')
    .option('--empty', '不带演示城市 / without the demo city')
    .option('--json', '结束时输出一个 JSON 对象 / print one JSON object at the end')
    .action(async (options: { empty?: boolean; json?: boolean }) => {
      const letGo = stopOnSignal(homeFolder());
      const stack = await bringUp({ empty: options.empty ?? false });
      letGo();
      process.stdout.write(
        options.json ? `${JSON.stringify(stack, null, 2)}\n` : `${whatIsWhere(stack)}${firstSteps(stack)}`,
      );
    });
}

/**
 * Starts a supervisor for the home folder, unless one runs already, and returns when everything is ready. What a crash
 * left running is stopped first. Throws the supervisor's error when the start failed. Steps go to standard error.
 */
export async function bringUp(options: { empty: boolean; attachedTo?: number }): Promise<Stack> {
  const home = homeFolder();
  const phase = readStatus(home)?.phase;
  const usable = isRunning(readSupervisor(home)) && (phase === 'starting' || phase === 'ready');
  if (!usable) await startSupervisor(home, options);
  let shown = 0;
  for (;;) {
    const running = isRunning(readSupervisor(home));
    const status = readStatus(home);
    for (const step of status?.steps.slice(shown) ?? []) showStep(step);
    shown = status?.steps.length ?? shown;
    const stack = readStack(home);
    if (running && status?.phase === 'ready' && stack) return stack;
    // A supervisor whose start failed ends when it has stopped what it had started.
    if (!running) throw errorOf(home, status);
    await sleep(100);
  }
}

function errorOf(home: string, status: Status | undefined): HuitongError {
  if (status?.error) return new HuitongError(status.error.code as ErrorCode, status.error.message);
  const log = join(home, 'logs', 'supervisor.log');
  return new HuitongError('PART_FAILED', `启动中断, 见 / the start was broken off, see ${log}`);
}

async function startSupervisor(home: string, options: { empty: boolean; attachedTo?: number }): Promise<void> {
  const leftovers = await stopAll(home);
  if (leftovers.length > 0) {
    showStep({ zh: `已清理上次遗留: ${leftovers.join(', ')}`, en: 'stopped what an earlier run left over' });
  }
  writeStatus(home, { phase: 'starting', empty: options.empty, steps: [], restarts: {} });
  const args = [join(repository, 'apps', 'huitong-cli', 'dist', 'supervisor.js')];
  if (options.empty) args.push('--empty');
  if (options.attachedTo !== undefined) args.push('--attached', String(options.attachedTo));
  const command = {
    file: process.execPath,
    args,
    cwd: repository,
    env: { ...inheritedEnvironment(), HUITONG_HOME: home },
  };
  writeSupervisor(home, await spawnDetached(command, join(home, 'logs', 'supervisor.log')));
}

function showStep({ zh, en, seconds }: Step): void {
  process.stderr.write(`✓ ${zh} / ${en}${seconds === undefined ? '' : ` (${seconds} s)`}\n`);
}

/** A few lines that say where everything is. */
export function whatIsWhere(stack: Stack): string {
  const rows = [
    ...Object.entries(stack.urls),
    ['kafka', stack.kafkaBrokers],
    ['registry', stack.registryUrl],
    ['postgres', `${stack.postgres.host}:${stack.postgres.port}`],
    ['redis', stack.redisUrl],
    ['证书 / certificates', stack.certsDir],
    ['日志 / logs', join(stack.home, 'logs')],
  ];
  return `\n汇通已启动 / Huitong is up\n${rows.map(([name, where]) => `  ${name!.padEnd(22)} ${where}\n`).join('')}`;
}
