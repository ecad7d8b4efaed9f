import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import type { RebuildOutcome } from '@huitong/subject-engine';
import { homeFolder } from './config.ts';
import type { ShownDifferences } from './prove-records.ts';

interface RebuildCommandOptions {
  readonly dryRun?: boolean;
  readonly swapBack?: boolean;
  readonly accept?: string;
  readonly json?: boolean;
}

/** What `huitong rebuild` prints as JSON. */
type Report = Omit<RebuildOutcome, 'differences'> & {
  readonly subject: string;
  readonly differences: ShownDifferences;
};

export function register(program: Command): void {
  program
    .command('rebuild <subject>')
    .description(
      '由事实重建专题库, 核对后一次换上, 不停服务; 退出码 0 已换上或试算无差异, 1 有差异而未换上, 2 未能完成 / rebuild a subject database from its facts beside the live one, compare, swap; exit code 0 swapped, or nothing differs in a dry run; 1 not swapped because of differences; 2 could not be done',
    )
    .option('--dry-run', '只核对, 不换上 / compare and change nothing')
    .option('--swap-back', '换回上一代 / put the generation before back')
    .option('--accept <count>', '允许多少条记录改变 (默认 10000) / let this many records change (default 10000)')
    .option('--json', '输出 JSON / print JSON')
    .action(async (subject: string, options: RebuildCommandOptions) => {
      try {
        const report = await rebuild(subject, options);
        const { missing, extra, differing } = report.differences;
        process.exitCode = report.status === 'swapped' || missing + extra + differing === 0 ? 0 : 1;
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : await describe(report));
      } catch (error) {
        process.exitCode = 2;
        const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error) };
        if (options.json)
          process.stdout.write(`${JSON.stringify({ status: null, error: { code, message } }, null, 2)}\n`);
        else process.stderr.write(`✗ 未能重建 / could not be rebuilt: ${code}: ${message}\n`);
      }
    });
}

async function rebuild(name: string, options: RebuildCommandOptions): Promise<Report> {
  const accept = options.accept === undefined ? undefined : Number(options.accept);
  if (accept !== undefined && !(accept >= 0))
    throw new HuitongError('REQUEST_INVALID', '--accept 须为条数 / --accept is a number of records');
  if (options.swapBack && (options.dryRun || accept !== undefined))
    throw new HuitongError('REQUEST_INVALID', '--swap-back 单独使用 / --swap-back stands alone');
  // Loaded here, so that no other command waits for the database's driver.
  const { runningStack, shownDifferences, subjectNames, withOwner } = await import('./prove-records.ts');
  const { rebuildSubject, swapBack } = await import('@huitong/subject-engine');
  const { RecordsProgress } = await import('./rebuild-progress.ts');
  subjectNames(name);
  const home = homeFolder();
  const outcome = await withOwner(runningStack(home), name, async (database, subject) => {
    if (options.swapBack) return swapBack(database, subject);
    const progress = new RecordsProgress(name, options.json ?? false);
    return rebuildSubject(database, subject, {
      dryRun: options.dryRun ?? false,
      ...(accept === undefined ? {} : { differencesMax: accept }),
      onProgress: progress.show.bind(progress),
    }).finally(() => progress.stop());
  });
  return { subject: name, ...outcome, differences: shownDifferences(outcome.differences, home) };
}

const verdicts: Readonly<Record<Report['status'], string>> = {
  swapped: '✓ 已换上 / swapped in',
  compared: '试算, 未改变任何记录 / dry run: nothing was changed',
  refused:
    '✗ 差异过多, 未换上; 确认后加 --accept / too much differs, not swapped: look at it, then say --accept <count>',
};

async function describe(report: Report): Promise<string> {
  const { describeCounts, describeDifferences } = await import('./prove-records.ts');
  const { status, subject, records, differences, caughtUp, fillSeconds, pauseMs } = report;
  return `${[
    `${verdicts[status]}: ${subject}`,
    `  记录 records: 原有 live ${records.live}, 新 new ${records.next}; ${describeCounts(differences)}`,
    ...describeDifferences(differences),
    `  填充 filled in ${Math.round(fillSeconds * 10) / 10} s, 期间变化 changed meanwhile ${caughtUp}, 通道停顿 lanes stood still ${pauseMs} ms`,
  ].join('\n')}\n`;
}
