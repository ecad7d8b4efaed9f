import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { askQueryApi } from './lag-query-client.ts';
import { shortTime, table, type Column } from './lag-table.ts';

/** What `GET /v1/lag` says of one dataset in one subject database. */
interface LagRow {
  readonly dataset: string;
  readonly subjectDatabase: string;
  readonly records: number | null;
  readonly seconds: number | null;
  readonly asOf: string | null;
  readonly verdict: string;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly trend: string;
  readonly clearsInSeconds: number | null;
  readonly gaps: readonly Gap[];
}

/** Where an operator let a lane go on without what was lost. */
interface Gap {
  readonly lane: number;
  readonly fromOffset: number;
  readonly atOffset: number;
  readonly by: string;
  readonly at: string;
  readonly grounds: string;
}

interface LagAnswer {
  readonly at: string;
  readonly lag: readonly LagRow[];
}

const lookEveryMs = 2_000;

export function register(program: Command): void {
  program
    .command('lag')
    .description(
      '各数据资源的同步进度; 退出码 0 全部正常, 1 有异常 / how far each dataset is applied; exit code 0 all OK, 1 otherwise',
    )
    .option('--watch', '每 2 秒刷新, 直到中断 / look every 2 s until interrupted')
    .option('--json', '输出 JSON; 与 --watch 同用时每次一行 / print JSON; with --watch one line a look')
    .action(async (options: { watch?: boolean; json?: boolean }) => {
      do {
        const answer = await askQueryApi<LagAnswer>('/v1/lag');
        process.exitCode = answer.lag.every(({ verdict }) => verdict === 'OK') ? 0 : 1;
        process.stdout.write(show(answer, options));
        if (options.watch) await sleep(lookEveryMs);
      } while (options.watch);
    });
}

function show(answer: LagAnswer, { watch, json }: { watch?: boolean; json?: boolean }): string {
  if (json) return `${JSON.stringify(answer, null, watch ? 0 : 2)}\n`;
  const clear = watch && process.stdout.isTTY ? '\u001b[H\u001b[2J' : '';
  return `${clear}${describe(answer)}`;
}

const columns: Column[] = [
  { zh: '', en: '' },
  { zh: '数据资源', en: 'dataset' },
  { zh: '专题库', en: 'subject database' },
  { zh: '待入库', en: 'waiting', right: true },
  { zh: '落后秒数', en: 'seconds', right: true },
  { zh: '完整至', en: 'complete as of' },
  { zh: '结论', en: 'verdict' },
  { zh: '趋势', en: 'trend' },
];

const trends: Readonly<Record<string, string>> = { falling: '↓', steady: '→', growing: '↑', unknown: '' };

/** The table, and below it what to do about each verdict that is not OK. */
export function describe({ at, lag }: LagAnswer): string {
  const rows = lag.map(({ dataset, subjectDatabase, records, seconds, asOf, verdict, trend, clearsInSeconds }) => [
    verdict === 'OK' ? '✓' : '✗',
    dataset,
    subjectDatabase,
    records === null ? '?' : String(records),
    seconds === null ? '?' : String(Math.round(seconds * 10) / 10),
    shortTime(asOf),
    verdict,
    `${trends[trend] ?? ''}${clearsInSeconds ? ` ${clearsInSeconds} s` : ''}`,
  ]);
  const troubles = new Map(lag.filter(({ verdict }) => verdict !== 'OK').map((row) => [row.verdict, row.sentence]));
  const advice = [...troubles].map(([verdict, { zh, en }]) => `${verdict}: ${zh} / ${en}\n`);
  const gaps = lag.flatMap(({ dataset, subjectDatabase, gaps: of }) =>
    of.map(
      ({ lane, fromOffset, atOffset, by, at: when, grounds }) =>
        `缺口 gap: ${dataset} ${subjectDatabase} 通道 lane ${lane}, ${fromOffset} → ${atOffset}, ${by}, ${shortTime(when)}: ${grounds}\n`,
    ),
  );
  return `${table(columns, rows)}\n${advice.join('')}${gaps.join('')}${shortTime(at)}\n`;
}
