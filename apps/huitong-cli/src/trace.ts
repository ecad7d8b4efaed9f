import type { Command } from 'commander';
import { askQueryApi } from './lag-query-client.ts';
import { shortTime } from './lag-table.ts';

/** What `GET /v1/events/{eventId}/trace` says. */
interface Trace {
  readonly eventId: string;
  readonly state: string;
  readonly dataset?: string;
  readonly subjectDatabases?: readonly string[];
  readonly publishedAt?: string;
  readonly lane?: number;
  readonly offset?: number;
  readonly gap?: { readonly by: string; readonly at: string; readonly grounds: string };
  readonly ahead?: number;
  readonly appliedAt?: string;
  readonly parked?: { readonly database: string; readonly id: number; readonly code: string; readonly state: string };
}

const stateText: Readonly<Record<string, string>> = {
  unknown: '未知 / unknown',
  published: '已发布, 未入库 / published, not applied yet',
  waiting: '排队等待入库 / waiting',
  lost: '已丢失, 请重新发送 / lost before it was applied: send it again',
  parked: '待处理 / parked',
  discarded: '已放弃 / discarded',
  'sent-back': '已退回部门重发 / sent back to its department',
  duplicate: '重复, 已忽略 / a duplicate, ignored',
  superseded: '已有更新版本, 未采用 / superseded by a newer version',
  applied: '已入库 / applied',
};

/** The states in which nothing more will happen to the event. */
const settled = new Set(['applied', 'superseded', 'duplicate', 'discarded', 'sent-back']);

export function register(program: Command): void {
  program
    .command('trace <eventId>')
    .description(
      '一个事件现在何处; 退出码 0 已有结果, 1 尚无 / where one event is now; exit code 0 it is settled, 1 it is not',
    )
    .option('--json', '输出 JSON / print JSON')
    .action(async (eventId: string, options: { json?: boolean }) => {
      const trace = await askQueryApi<Trace>(`/v1/events/${encodeURIComponent(eventId)}/trace`);
      if (!settled.has(trace.state)) process.exitCode = 1;
      process.stdout.write(options.json ? `${JSON.stringify(trace, null, 2)}\n` : describe(trace));
    });
}

/** One line for each thing that is known. */
export function describe(trace: Trace): string {
  const { state, dataset, subjectDatabases, publishedAt, lane, offset, ahead, gap, appliedAt, parked } = trace;
  const lines = [
    ['状态 state', stateText[state] ?? state],
    ['数据资源 dataset', dataset],
    ['专题库 subject databases', subjectDatabases?.join(', ')],
    ['发布 published', publishedAt && shortTime(publishedAt)],
    ['位置 lane, offset', lane === undefined ? undefined : `${lane}, ${offset ?? '?'}`],
    ['前面还有 ahead', ahead?.toString()],
    ['缺口 gap', gap && `${gap.by}, ${shortTime(gap.at)}: ${gap.grounds}`],
    ['入库 applied', appliedAt && shortTime(appliedAt)],
    [
      '待处理 parked',
      parked && `${parked.code}, ${parked.state}: huitong parked release ${parked.database} ${parked.id}`,
    ],
  ];
  return lines.flatMap(([what, value]) => (value === undefined ? [] : [`${what}: ${value}\n`])).join('');
}
