import { join } from 'node:path';
import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { homeFolder } from './config.ts';
import type { BackupReport } from './backup-run.ts';

export function register(program: Command): void {
  program
    .command('backup')
    .description(
      '备份专题库, 访问日志和模式注册中心, 不停服务; Kafka 不在其中; 退出码 0 已备份, 2 未能完成 / back up the subject databases, the access log and the schema registry while the system runs; Kafka is not in it; exit code 0 done, 2 could not be done',
    )
    .option('--to <folder>', '新目录 (默认 .huitong/backups/时间) / a new folder (default .huitong/backups/<time>)')
    .option('--json', '输出 JSON / print JSON')
    .action(async (options: { to?: string; json?: boolean }) => {
      try {
        const report = await backup(options);
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
      } catch (error) {
        process.exitCode = 2;
        const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error) };
        if (options.json)
          process.stdout.write(`${JSON.stringify({ folder: null, error: { code, message } }, null, 2)}\n`);
        else process.stderr.write(`✗ 未能备份 / could not be backed up: ${code}: ${message}\n`);
      }
    });
}

async function backup(options: { to?: string; json?: boolean }): Promise<BackupReport> {
  const { stampOf, takeBackup } = await import('./backup-run.ts');
  const { runningStack } = await import('./prove-records.ts');
  const { ProgressOfMany } = await import('./rebuild-progress.ts');
  const stack = runningStack(homeFolder());
  const progress = new ProgressOfMany(options.json ?? false);
  const to = options.to ?? join(stack.home, 'backups', stampOf(new Date()));
  return takeBackup({ stack, to, onProgress: progress.show.bind(progress) }).finally(() => progress.stop());
}

const describe = ({ folder, bytes, seconds, databases }: BackupReport): string =>
  `${[
    `✓ 已备份 / backed up: ${folder}, ${Math.ceil(bytes / 1_000_000)} MB, ${seconds} s`,
    ...databases.map(({ database, rows, snapshotAt }) => `  ${database.padEnd(16)} ${rows} 行 rows, ${snapshotAt}`),
    '  内含个人信息, 未加密, 须妥善保管 / it holds personal data, not encrypted: keep it where only you can read it',
  ].join('\n')}\n`;
