import { flagText, type Flag } from '@huitong/identifiers';
import type { Tally } from './journal.ts';
import { duration } from './progress.ts';
import type { Refusal } from './publication.ts';

/** How a run ended. */
export type Outcome = 'complete' | 'interrupted' | 'unreachable' | 'failed';

/** What `huitong publish --json` prints. Counts are of the whole file, a resumed part included. */
export interface Summary {
  readonly outcome: Outcome;
  readonly dataset: string;
  readonly file: string;
  readonly dryRun: boolean;
  readonly format: string;
  readonly encoding: string;
  readonly mapping: string | null;
  readonly rows: number;
  readonly accepted: number;
  readonly flagged: number;
  readonly flags: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly refusedByCode: Readonly<Record<string, number>>;
  readonly refusedFile: string | null;
  /** The first refusals: where, and why. */
  readonly refusals: readonly Refusal[];
  /** Rows whose record id an earlier row of the file had. */
  readonly repeated: number;
  /** How many rows an earlier run had done. */
  readonly resumedAt: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

/** What the summary adds up. */
export function summaryOf(
  known: Omit<
    Summary,
    'rows' | 'accepted' | 'flagged' | 'flags' | 'refused' | 'refusedByCode' | 'rowsPerSecond' | 'seconds'
  > & {
    readonly elapsedMs: number;
  },
  { rows, accepted, refused, flagged, flags }: Tally,
): Summary {
  const { elapsedMs, ...rest } = known;
  return {
    ...rest,
    rows,
    accepted,
    flagged,
    flags,
    refused: rows - accepted,
    refusedByCode: refused,
    refusedFile: rows > accepted ? rest.refusedFile : null,
    seconds: Math.round(elapsedMs) / 1_000,
    rowsPerSecond: Math.round(((rows - rest.resumedAt) * 1_000) / Math.max(elapsedMs, 1)),
  };
}

const titles: Record<Outcome, string> = {
  complete: '已完成 / done',
  interrupted: '已中断，进度已保存，用同一命令继续 / interrupted; the progress is kept: the same command goes on',
  unreachable: '网关不可用，进度已保存 / the gateway is away; the progress is kept',
  failed: '未能完成 / could not be completed',
};

const refusalsShown = 10;

/** The summary for people. */
export function textOf(summary: Summary): string {
  const { flags, refusedByCode, refusals, refused, rows, accepted, dryRun } = summary;
  const lines = [
    dryRun ? '试运行，未发送 / dry run, nothing was sent' : titles[summary.outcome],
    `  行 / rows          ${rows}${summary.resumedAt > 0 ? `（此前 / earlier ${summary.resumedAt}）` : ''}`,
    `  ${dryRun ? '可收 / acceptable' : '收下 / taken in   '} ${accepted}`,
    `  带标记 / flagged   ${summary.flagged}`,
    ...Object.entries(flags).map(([flag, count]) => `    ${flag} ${count}: ${sentenceOf(flag)}`),
    `  拒收 / refused     ${refused}`,
    ...Object.entries(refusedByCode).map(([code, count]) => `    ${code} ${count}`),
    ...refusals
      .slice(0, refusalsShown)
      .map(({ line, code, field, message }) => `    第 ${line} 行 / line ${line}: ${code} ${field} ${message}`),
  ];
  if (refused > refusalsShown) lines.push('    …');
  if (refused > 0 && summary.refusedFile) lines.push(`  拒收文件 / refused  ${summary.refusedFile}`);
  if (summary.repeated > 0)
    lines.push(
      `  标识重复 / repeats ${summary.repeated}: 同一记录标识，以后一行为准 / of a record id in the file: the later row wins`,
    );
  lines.push(`  用时 / time        ${duration(summary.seconds)}，${summary.rowsPerSecond} 行/秒 rows/s`);
  return `${lines.join('\n')}\n`;
}

function sentenceOf(flag: string): string {
  const sentence = flagText[flag as Flag];
  return `${sentence.zh} / ${sentence.en}`;
}
