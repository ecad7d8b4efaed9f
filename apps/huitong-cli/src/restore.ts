import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { isRunning, startParts, stopParts } from '@huitong/local-stack';
import { verifyBackup } from '@huitong/postgres';
import { homeFolder } from './config.ts';
import { stopOnSignal } from './down.ts';
import type { RestoreReport } from './restore-run.ts';
import { readServiceIds, readSupervisor, type DatabaseServer } from './stack.ts';

interface RestoreOptions {
  readonly only?: string;
  readonly restartSync?: boolean;
  readonly dropReplaced?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('restore [folder]')
    .description(
      '由备份恢复, 先校验, 在旁装入, 再一次换上; 被替换的库改名保留; 退出码 0 已恢复, 2 未能完成且未替换任何库 / restore a backup: verify, fill beside the live databases, swap them all at once, keep the replaced ones under another name; exit code 0 restored, 2 could not be done and nothing was replaced',
    )
    .option('--only <databases>', '只恢复这些库, 逗号分隔 / only these databases, with commas between')
    .option(
      '--restart-sync',
      '服务运行时也恢复, 同步服务随后自动重启 / restore although services run; their sync services are started again',
    )
    .option('--drop-replaced', '删除以前恢复时保留的库 / drop the databases that earlier restores replaced')
    .option('--json', '输出 JSON / print JSON')
    .action(async (folder: string | undefined, options: RestoreOptions) => {
      try {
        if ((options.dropReplaced ?? false) === (folder !== undefined))
          throw new HuitongError(
            'REQUEST_INVALID',
            '请给出备份目录, 或只用 --drop-replaced / name the folder of a backup, or say --drop-replaced alone',
          );
        const report = folder === undefined ? await drop() : await restore(folder, options);
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
      } catch (error) {
        process.exitCode = 2;
        const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error) };
        if (options.json) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
        else process.stderr.write(`✗ 未能恢复 / could not be restored: ${code}: ${message}\n`);
      }
    });
}

async function restore(folder: string, options: RestoreOptions): Promise<RestoreReport> {
  const only = options.only?.split(',');
  const manifest = await verifyBackup(folder);
  const { restoreBackup } = await import('./restore-run.ts');
  const { ProgressOfMany } = await import('./rebuild-progress.ts');
  const progress = new ProgressOfMany(options.json ?? false);
  return withServer(options, (stack) =>
    restoreBackup({ stack, folder, manifest, only, onProgress: progress.show.bind(progress) }).finally(() =>
      progress.stop(),
    ),
  );
}

async function drop(): Promise<{ dropped: string[] }> {
  const { dropReplaced } = await import('./restore-run.ts');
  return withServer({ restartSync: true }, async (stack) => ({ dropped: await dropReplaced(stack) }));
}

/** PostgreSQL as it runs, or, where nothing runs, the parts for as long as `work` takes. */
async function withServer<Result>(
  { only, restartSync }: Pick<RestoreOptions, 'only' | 'restartSync'>,
  work: (stack: DatabaseServer) => Promise<Result>,
): Promise<Result> {
  const home = homeFolder();
  const serves = isRunning(readSupervisor(home)) || Object.values(readServiceIds(home)).some((id) => isRunning(id));
  if (serves && !restartSync)
    throw new HuitongError(
      'REQUEST_INVALID',
      '服务正在运行: 先 npx huitong down, 或加 --restart-sync / services run: npx huitong down first, or say --restart-sync',
    );
  // The registry's numbers are in the memory of every service.
  if (serves && only?.split(',').includes('registry'))
    throw new HuitongError(
      'REQUEST_INVALID',
      '恢复模式注册中心须先停止全部服务 / the registry is restored while nothing runs: npx huitong down first',
    );
  if (serves) return work((await import('./prove-records.ts')).runningStack(home));
  const letGo = stopOnSignal(home);
  try {
    const { postgresUrl } = await startParts({ home, ports: 'fixed' });
    const { hostname, port } = new URL(postgresUrl);
    return await work({ home, postgres: { host: hostname, port: Number(port) } });
  } finally {
    await stopParts(home);
    letGo();
  }
}

function describe(report: RestoreReport | { dropped: string[] }): string {
  if ('dropped' in report)
    return `${report.dropped.length > 0 ? `已删除 / dropped: ${report.dropped.join(', ')}` : '没有可删除的库 / there was none to drop'}\n`;
  const { takenAt, seconds, restored, left, restarted } = report;
  return `${[
    `✓ 已恢复到 / restored to ${takenAt}, ${seconds} s`,
    ...restored.map(
      ({ database, rows, replaced }) =>
        `  ${database.padEnd(16)} ${rows} 行 rows${replaced ? `, 原库保留为 the replaced one is kept as ${replaced}` : ''}`,
    ),
    ...(left.length > 0
      ? [`  未动 (现有内容更多) / left alone, for what is there only grows: ${left.join(', ')}`]
      : []),
    ...(restarted.length > 0 ? [`  已重启 / started again: ${restarted.join(', ')}`] : []),
    '  其后的事件将由 Kafka 重新处理 / later events come again from Kafka: npx huitong lag, then npx huitong prove',
  ].join('\n')}\n`;
}
