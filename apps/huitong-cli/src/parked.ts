import type { Command } from 'commander';
import { askQueryApi } from './lag-query-client.ts';
import { shortTime, table, type Column } from './lag-table.ts';

/** What `GET /v1/parked` says of one event. */
interface ParkedRow {
  readonly database: string;
  readonly id: number;
  readonly code: string;
  readonly dataset: string;
  readonly lane: number;
  readonly offset: number;
  readonly eventId: string | null;
  readonly state: string;
  readonly parkedAt: string;
}

interface ParkedAnswer {
  readonly parked: readonly ParkedRow[];
  readonly next: string | null;
  readonly groups: readonly {
    database: string;
    dataset: string;
    code: string;
    schemaId: number | null;
    count: number;
  }[];
}

interface Settlement {
  readonly state: string;
  readonly outcome: string | null;
  readonly waitsFor?: 'lane-owner' | 'second-person';
}

interface ListOptions {
  readonly state: string;
  readonly limit: string;
  readonly dataset?: string;
  readonly before?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const parked = program
    .command('parked')
    .description(
      '待处理事件: 列出, 重新入库, 放弃, 退回 / parked events: list them, apply them again, give them up or back',
    );
  parked
    .command('list', { isDefault: true })
    .description('列出, 新的在前 / list them, newest first')
    .option('--state <state>', 'parked, released, discarded, sent-back, all', 'parked')
    .option('--dataset <dataset>', '只列此数据资源 / only of this dataset')
    .option('--limit <count>', '每页条数 / how many', '50')
    .option('--before <next>', '上一页给出的 next / the next of the page before')
    .option('--json', '输出 JSON / print JSON')
    .action(async ({ json, ...filter }: ListOptions) => {
      const answer = await askQueryApi<ParkedAnswer>(`/v1/parked?${new URLSearchParams(filter).toString()}`);
      process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : describe(answer));
    });
  parked
    .command('release <database> <id>')
    .description('重新入库; 退出码 0 已办理, 1 尚未 / apply it again; exit code 0 done, 1 not yet')
    .option('--reason <text>', '理由 / why')
    .option('--json', '输出 JSON / print JSON')
    .action((database: string, id: string, options: SettleOptions) => settle('release', database, id, options));
  parked
    .command('discard <database> <id>')
    .description('申请放弃, 由第二人同意后办理 / ask to give it up, which is done once a second person agrees')
    .requiredOption('--reason <text>', '理由 / why')
    .option('--as <name>', '用谁的证书 / whose certificate to show', 'operator')
    .option('--json', '输出 JSON / print JSON')
    .action((database: string, id: string, options: SettleOptions) => settle('discard', database, id, options));
  parked
    .command('agree <database> <id>')
    .description('同意放弃, 申请人本人除外 / agree to give it up, for everybody but who asked')
    .option('--as <name>', '用谁的证书 / whose certificate to show', 'steward')
    .option('--json', '输出 JSON / print JSON')
    .action((database: string, id: string, options: SettleOptions) => settle('agree', database, id, options));
  parked
    .command('send-back <database> <id>')
    .description('退回部门重发 / give it back to its department, which sends it anew')
    .requiredOption('--reason <text>', '给部门看的理由 / why, for the department to read')
    .option('--json', '输出 JSON / print JSON')
    .action((database: string, id: string, options: SettleOptions) => settle('send-back', database, id, options));
}

interface SettleOptions {
  readonly reason?: string;
  readonly as?: string;
  readonly json?: boolean;
}

async function settle(
  action: 'release' | 'discard' | 'agree' | 'send-back',
  database: string,
  id: string,
  options: SettleOptions,
): Promise<void> {
  const path = `/v1/parked/${encodeURIComponent(database)}/${encodeURIComponent(id)}/${action}`;
  const settlement = await askQueryApi<Settlement>(path, options.reason ? { reason: options.reason } : {}, options.as);
  const { state, outcome, waitsFor } = settlement;
  if (state === 'parked') process.exitCode = 1;
  const waits =
    waitsFor === 'second-person'
      ? `已申请, 等待第二人同意: npx huitong parked agree ${database} ${id} / asked for; a second person has to agree`
      : '已登记, 等待同步服务办理 / asked for; the sync service has not done it yet';
  const text = outcome === null ? waits : `${stateText[state] ?? state} (${outcome})`;
  process.stdout.write(options.json ? `${JSON.stringify(settlement, null, 2)}\n` : `${text}\n`);
}

const stateText: Readonly<Record<string, string>> = {
  parked: '仍待处理 / still parked',
  released: '已重新入库 / released',
  discarded: '已放弃 / discarded',
  'sent-back': '已退回部门重发 / sent back to its department',
};

const columns: Column[] = [
  { zh: '库', en: 'database' },
  { zh: '编号', en: 'id', right: true },
  { zh: '原因', en: 'code' },
  { zh: '数据资源', en: 'dataset' },
  { zh: '通道', en: 'lane', right: true },
  { zh: '位点', en: 'offset', right: true },
  { zh: '事件', en: 'event' },
  { zh: '时间', en: 'parked at' },
  { zh: '状态', en: 'state' },
];

/** The groups, which say what is wrong, and then the events. */
export function describe({ parked, groups, next }: ParkedAnswer): string {
  if (parked.length === 0 && groups.length === 0) return '没有待处理事件 / nothing is parked\n';
  const causes = groups.map(
    ({ database, dataset, code, schemaId, count }) =>
      `${count} × ${code} ${dataset} (${database}${schemaId === null ? '' : `, schema ${schemaId}`})\n`,
  );
  const rows = parked.map(({ database, id, code, dataset, lane, offset, eventId, parkedAt, state }) =>
    [database, id, code, dataset, lane, offset, eventId ?? '-', shortTime(parkedAt), state].map(String),
  );
  const more = next === null ? '' : `更多 / more: --before ${next}\n`;
  return `${causes.join('')}\n${table(columns, rows)}${more}`;
}
