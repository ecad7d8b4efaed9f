import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import type { RebuildOutcome } from '@huitong/subject-engine';
import { homeFolder } from './config.ts';
import type { ShownDifferences } from './prove-records.ts';
import type { ReplayReport } from './rebuild-from-kafka.ts';
import type { PreviewReport } from './rebuild-preview.ts';

type AnyReport = Report | ReplayReport | PreviewReport;

interface RebuildCommandOptions {
  readonly dryRun?: boolean;
  readonly preview?: boolean;
  readonly swapBack?: boolean;
  readonly from?: string;
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
    .option(
      '--from <source>',
      'facts: 由事实重新推导 (默认); kafka: 由主题从头重放整个数据库 / facts: derive anew (default); kafka: replay the topics of the whole database from their beginning',
    )
    .option(
      '--preview',
      '只读: 按现有声明会改变多少条, 哪些字段, 通知哪些订阅者; 升级前使用 / read only: how many records and which fields the present declaration would change, and which subscribers would be told; for before an upgrade',
    )
    .option('--dry-run', '只核对, 不换上 / compare and change nothing')
    .option('--swap-back', '换回上一代 / put the generation before back')
    .option('--accept <count>', '允许多少条记录改变 (默认 10000) / let this many records change (default 10000)')
    .option('--json', '输出 JSON / print JSON')
    .action(async (subject: string, options: RebuildCommandOptions) => {
      try {
        const { report, text } = await rebuild(subject, options);
        process.exitCode = ('status' in report && report.status === 'swapped') || isEqual(report) ? 0 : 1;
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : text);
      } catch (error) {
        process.exitCode = 2;
        const { code, message, context } =
          error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error), context: {} };
        if (options.json)
          process.stdout.write(`${JSON.stringify({ status: null, error: { code, message, context } }, null, 2)}\n`);
        else process.stderr.write(`✗ 未能重建 / could not be rebuilt: ${code}: ${message}\n`);
      }
    });
}

function isEqual(report: AnyReport): boolean {
  const records = 'differences' in report ? [report] : Object.values(report.subjects);
  const facts = 'differences' in report ? [] : Object.values(report.facts);
  return [...records.map(({ differences }) => differences), ...facts].every(
    ({ missing, extra, differing }) => missing + extra + differing === 0,
  );
}

async function rebuild(name: string, options: RebuildCommandOptions): Promise<{ report: AnyReport; text: string }> {
  const accept = options.accept === undefined ? undefined : Number(options.accept);
  if (accept !== undefined && !(accept >= 0))
    throw new HuitongError('REQUEST_INVALID', '--accept 须为条数 / --accept is a number of records');
  if (!['facts', 'kafka'].includes(options.from ?? 'facts'))
    throw new HuitongError('REQUEST_INVALID', '--from 为 facts 或 kafka / --from is facts or kafka');
  if (options.preview && Object.keys(options).some((option) => !['preview', 'json'].includes(option)))
    throw new HuitongError('REQUEST_INVALID', '--preview 单独使用 / --preview stands alone');
  if (options.swapBack && options.from !== 'kafka' && (options.dryRun || accept !== undefined))
    throw new HuitongError('REQUEST_INVALID', '--swap-back 单独使用 / --swap-back stands alone');
  // Loaded here, so that no other command waits for the database's driver.
  const { runningStack, shownDifferences, subjectNames, withOwner } = await import('./prove-records.ts');
  const { rebuildSubject, swapBack } = await import('@huitong/subject-engine');
  const { RecordsProgress } = await import('./rebuild-progress.ts');
  subjectNames(name);
  const home = homeFolder();
  const stack = runningStack(home);
  const progress = new RecordsProgress(name, options.json ?? false);
  const shared = {
    dryRun: options.dryRun ?? false,
    ...(accept === undefined ? {} : { differencesMax: accept }),
    onProgress: progress.show.bind(progress),
  };
  if (options.preview) {
    const { describePreview, previewRebuild } = await import('./rebuild-preview.ts');
    const report = await previewRebuild(stack, name, shared.onProgress).finally(() => progress.stop());
    return { report, text: describePreview(report) };
  }
  if (options.from === 'kafka') {
    const { describeReplay, rebuildFromKafka } = await import('./rebuild-from-kafka.ts');
    const from = options.swapBack ? 'previous' : 'log';
    const report = await rebuildFromKafka(stack, name, { ...shared, from }).finally(() => progress.stop());
    return { report, text: describeReplay(report) };
  }
  const outcome = await withOwner(stack, name, async (database, subject) =>
    options.swapBack
      ? swapBack(database, subject)
      : rebuildSubject(database, subject, shared).finally(() => progress.stop()),
  );
  const report = { subject: name, ...outcome, differences: shownDifferences(outcome.differences, home) };
  return { report, text: await describe(report) };
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
