import type { DatasetName } from '@huitong/change-event';
import { burnAlarms } from './freshness-promise.ts';
import type { PromiseState } from './freshness-minutes.ts';
import { lagSentences, type LagVerdict } from './lag-verdict.ts';
import type { LagRow } from './lag-watch.ts';
import type { ParkedGroup } from './parked-events.ts';
import type { ProofState } from './proof-state.ts';

/** What an alarm is about. */
export const alarmRules = ['lag', 'promise-fast', 'promise-slow', 'parked', 'proof', 'away'] as const;

/** One of {@link alarmRules}. */
export type AlarmRule = (typeof alarmRules)[number];

/** `urgent` is worth waking somebody for; a `notice` is for the working day. */
export type Severity = 'notice' | 'urgent';

/** Where an alarm is: a subject database, a database, or a service that has no dataset. */
export interface AlarmPlace {
  readonly rule: AlarmRule;
  readonly dataset: DatasetName | null;
  readonly place: string;
}

/** Whether what a rule speaks of holds at a place now; null where that is not known, which neither raises nor ends an alarm. */
export interface Condition extends AlarmPlace {
  readonly holds: boolean | null;
  readonly severity: Severity;
  /** A verdict, a rate, a count or names of checks: never a value of a record. */
  readonly detail: string;
  /** It has to hold for so long before anybody is told. */
  readonly afterMs: number;
}

/** Whether a service says that it can work; `reason` names what it lacks. */
export interface ServiceState {
  readonly service: string;
  readonly isReady: boolean;
  readonly reason: string;
}

/** Everything that alarms are judged by, of one moment; what could not be asked is null. */
export interface Situation {
  readonly lag: readonly Pick<LagRow, 'dataset' | 'subjectDatabase' | 'verdict' | 'records' | 'asOf'>[];
  readonly promises: readonly Pick<PromiseState, 'dataset' | 'subjectDatabase' | 'burn' | 'burning'>[] | null;
  readonly databases: readonly {
    readonly database: string;
    readonly datasets: readonly DatasetName[];
    readonly parked: readonly Pick<ParkedGroup, 'dataset' | 'count'>[] | null;
    readonly proofs: readonly Pick<ProofState, 'dataset' | 'verdict' | 'differing'>[] | null;
  }[];
  readonly services: readonly ServiceState[];
}

const seconds = 1_000;
const minutes = 60 * seconds;

/**
 * For how long a dataset may stand otherwise than well before somebody is told. STOP, STALL and SILENT have lasted some seconds when they
 * are given; a burst may take minutes, going again through what was done as long as it takes.
 */
const lagLimits: Readonly<Record<Exclude<LagVerdict, 'OK' | 'PARKED'>, { afterMs: number; severity: Severity }>> = {
  DATA_LOST: { afterMs: 0, severity: 'urgent' },
  STOP: { afterMs: 30 * seconds, severity: 'urgent' },
  STALL: { afterMs: 30 * seconds, severity: 'urgent' },
  FENCED: { afterMs: 30 * seconds, severity: 'urgent' },
  BLOCKED: { afterMs: minutes, severity: 'urgent' },
  UNKNOWN: { afterMs: minutes, severity: 'urgent' },
  SILENT: { afterMs: 2 * minutes, severity: 'notice' },
  WARN: { afterMs: 5 * minutes, severity: 'notice' },
  REWIND: { afterMs: 30 * minutes, severity: 'notice' },
};

/** A proof may differ while a repair is on its way, and a service is away while it starts anew. */
const proofAfterMs = minutes;
const awayAfterMs = 30 * seconds;

/** What holds where, at one moment, by all rules; a pure function. */
export function conditionsOf({ lag, promises, databases, services }: Situation): Condition[] {
  return [
    ...lag.map(ofLag),
    ...(promises ?? []).flatMap(ofPromise),
    ...(promises === null ? lag.flatMap(ofUnknownPromise) : []),
    ...databases.flatMap(({ database, datasets, parked, proofs }) =>
      datasets.flatMap((dataset): Condition[] => {
        const waiting = parked?.reduce((sum, group) => sum + (group.dataset === dataset ? group.count : 0), 0) ?? null;
        const proof = proofs?.find((each) => each.dataset === dataset);
        const at = { dataset, place: database };
        return [
          { rule: 'parked', ...at, ...isAbove(waiting), severity: 'notice', afterMs: 0 },
          { rule: 'proof', ...at, ...isAbove(proof?.differing ?? null), severity: 'urgent', afterMs: proofAfterMs },
        ];
      }),
    ),
    ...services.map(({ service, isReady, reason }): Condition => ({
      ...{ rule: 'away', dataset: null, place: service },
      ...{ holds: !isReady, severity: 'urgent', detail: reason, afterMs: awayAfterMs },
    })),
  ];
}

function ofLag({ dataset, subjectDatabase: place, verdict, records, asOf }: Situation['lag'][number]): Condition {
  // Parked events have a rule of their own. Where nothing has ever come there is nothing to be told of: a dataset that nobody provides yet.
  const neverHeard = verdict === 'UNKNOWN' && records === 0 && asOf === null;
  const base = { rule: 'lag', dataset, place, detail: verdict } as const;
  if (verdict === 'OK' || verdict === 'PARKED' || neverHeard)
    return { ...base, holds: false, severity: 'notice', afterMs: 0 };
  return { ...base, holds: true, ...lagLimits[verdict] };
}

const burnRules = [
  { rule: 'promise-fast', speed: 'fast', severity: 'urgent' },
  { rule: 'promise-slow', speed: 'slow', severity: 'notice' },
] as const;

function ofPromise({ dataset, subjectDatabase: place, burn, burning }: NonNullable<Situation['promises']>[number]) {
  return burnRules.map(({ rule, speed, severity }): Condition => {
    const detail = String(burn[burnAlarms[speed].long] ?? '');
    return { rule, dataset, place, holds: burning[speed], severity, detail, afterMs: 0 };
  });
}

function ofUnknownPromise({ dataset, subjectDatabase: place }: Situation['lag'][number]) {
  return burnRules.map(({ rule, severity }): Condition => ({
    rule,
    dataset,
    place,
    holds: null,
    severity,
    detail: '',
    afterMs: 0,
  }));
}

const isAbove = (count: number | null): Pick<Condition, 'holds' | 'detail'> => ({
  holds: count === null ? null : count > 0,
  detail: String(count ?? ''),
});

/** What an alarm says and what to do about it; total, so that a new rule cannot be left without words. */
export const alarmSentences: Readonly<Record<AlarmRule, (detail: string) => { zh: string; en: string }>> = {
  lag: (detail) => {
    const { zh, en } = lagSentences[detail as LagVerdict];
    return { zh: `${detail}: ${zh}`, en: `${detail}: ${en}` };
  },
  'promise-fast': (detail) => ({
    zh: `鲜度承诺的余量正在快速消耗, 为可承受速度的 ${detail} 倍: 请查看积压页`,
    en: `the budget of the freshness promise burns fast, ${detail} times as fast as it may: look at its lag`,
  }),
  'promise-slow': (detail) => ({
    zh: `鲜度承诺的余量正在消耗, 为可承受速度的 ${detail} 倍: 请在工作时间处理`,
    en: `the budget of the freshness promise burns, ${detail} times as fast as it may: see to it in working hours`,
  }),
  parked: (detail) => ({
    zh: `${detail} 个事件待处理: 请在待处理事件页查看原因并处置`,
    en: `${detail} parked events wait for people: see their causes on the page of parked events`,
  }),
  proof: (detail) => ({
    zh: `核对发现 ${detail} 个分桶与来源不一致: 请在完整性页查看并修复`,
    en: `${detail} buckets differ from what the source holds: see them on the page of completeness, and repair`,
  }),
  away: (detail) => ({
    zh: `服务不可用 (${detail}): 请运行 npx huitong status, 再看其日志`,
    en: `the service cannot work (${detail}): run npx huitong status, then look at its log`,
  }),
};
