import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { askQueryApi } from './lag-query-client.ts';
import { shortTime, table, type Column } from './lag-table.ts';

/** What `GET /v1/lost-lanes` says of one lane. */
export interface LostLane {
  readonly database: string;
  readonly dataset: string;
  readonly lane: number;
  readonly next: number;
  readonly beginning: number;
  readonly end: number;
  readonly goOnAt: number;
  readonly appliedUntil: string | null;
  readonly since: string;
}

interface Resumption extends LostLane {
  readonly atOffset: number;
  readonly outcome: string | null;
}

interface ResumeOptions {
  readonly grounds: string;
  readonly fromBeginning?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const lanes = program
    .command('lanes')
    .description(
      '因消息丢失而停顿的通道: 列出, 决定继续 / lanes that stand still because their next events are gone: list them, let them go on',
    );
  lanes
    .command('list', { isDefault: true })
    .description('列出; 退出码 0 没有, 1 有 / list them; exit code 0 none, 1 some')
    .option('--dataset <dataset>', '只列此数据资源 / only of this dataset')
    .option('--json', '输出 JSON / print JSON')
    .action(async ({ json, dataset }: { json?: boolean; dataset?: string }) => {
      const lost = await lostLanes(dataset);
      process.exitCode = lost.length === 0 ? 0 : 1;
      process.stdout.write(json ? `${JSON.stringify({ lostLanes: lost }, null, 2)}\n` : describe(lost));
    });
  lanes
    .command('resume <database> <dataset> <lane>')
    .description(
      '放弃丢失的消息, 从日志仍有而未入库的第一条继续; 通道号或 all; 退出码 0 已继续, 1 尚未 / give the lost events up and go on at the first message that the log still has; a lane or all; exit code 0 going on, 1 not yet',
    )
    .requiredOption('--grounds <text>', '理由, 将留存 / why that is right; kept for good')
    .option('--from-beginning', '从日志开头重读, 已入库的不会重复 / read the whole log again; nothing is applied twice')
    .option('--dry-run', '只说明将放弃什么 / only say what would be given up')
    .option('--json', '输出 JSON / print JSON')
    .action(resume);
}

async function lostLanes(dataset?: string): Promise<readonly LostLane[]> {
  const query = dataset === undefined ? '' : `?${new URLSearchParams({ dataset }).toString()}`;
  return (await askQueryApi<{ lostLanes: LostLane[] }>(`/v1/lost-lanes${query}`)).lostLanes;
}

async function resume(database: string, dataset: string, lane: string, options: ResumeOptions): Promise<void> {
  const { grounds, fromBeginning = false, dryRun, json } = options;
  const wanted = (await lostLanes(dataset)).filter(
    (lost) => lost.database === database.replaceAll('_', '-') && (lane === 'all' || String(lost.lane) === lane),
  );
  if (wanted.length === 0)
    throw new HuitongError(
      'NOT_FOUND',
      '没有这样停顿的通道, 见 huitong lanes / no such lane stands still: see huitong lanes',
    );
  const results = await Promise.all(
    wanted.map(async (lost) => {
      const atOffset = fromBeginning ? lost.beginning : lost.goOnAt;
      if (dryRun) return { ...lost, atOffset, outcome: 'dry run' };
      const path = `/v1/lost-lanes/${[database, dataset, lost.lane].map(encodeURIComponent).join('/')}/resume`;
      return askQueryApi<Resumption>(path, { grounds, fromBeginning });
    }),
  );
  process.stdout.write(
    json ? `${JSON.stringify({ lanes: results }, null, 2)}\n` : results.map(describeResumption).join(''),
  );
  if (!dryRun && results.some(({ outcome }) => outcome !== 'resumed')) process.exitCode = 1;
}

const outcomeText: Readonly<Record<string, string>> = {
  resumed: '已继续 / going on',
  'dry run': '试算, 未改变 / dry run, nothing changed',
  'nothing to do': '并未停顿 / does not stand still',
  'refused: the log has changed': '日志已变化, 请重新查看 / the log has changed: look again',
};

/** What is given up, and where the lane goes on. */
export function describeResumption({ outcome, atOffset, ...lost }: Resumption): string {
  const waits = '已登记, 等待同步服务办理 / asked for; the sync service has not done it yet';
  return `${lost.database} ${lost.dataset} 通道 lane ${lost.lane}: ${outcome === null ? waits : (outcomeText[outcome] ?? outcome)}
  放弃 given up: ${givenUp(lost)}
  继续于 goes on at: ${atOffset}
`;
}

/** Where retention removed messages their number is known; of another log nobody knows how far it had come. */
function givenUp({ next, beginning, appliedUntil, since }: LostLane): string {
  const offsets =
    next < beginning
      ? `${next}–${beginning - 1} (${beginning - next} 条消息 messages)`
      : `${next} 起, 条数不明 / from ${next} of the former log on, nobody knows how many`;
  return `${offsets}, 到达于 received ${appliedUntil === null ? '?' : shortTime(appliedUntil)} – ${shortTime(since)}`;
}

const columns: Column[] = [
  { zh: '库', en: 'database' },
  { zh: '数据资源', en: 'dataset' },
  { zh: '通道', en: 'lane', right: true },
  { zh: '将放弃', en: 'would be given up' },
  { zh: '将继续于', en: 'would go on at', right: true },
  { zh: '日志末尾', en: 'end of the log', right: true },
];

/** The lanes, and below them the way to let them go on. */
export function describe(lost: readonly LostLane[]): string {
  if (lost.length === 0) return '没有因丢失而停顿的通道 / no lane stands still for lost events\n';
  const rows = lost.map((each) =>
    [each.database, each.dataset, each.lane, givenUp(each), each.goOnAt, each.end].map(String),
  );
  return `${table(columns, rows)}
先请提供部门重新发送, 再 / have the source send them again, then:
  npx huitong lanes resume <database> <dataset> <lane|all> --grounds '<理由 why>'
`;
}
