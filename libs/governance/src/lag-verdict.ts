/**
 * What can be said of how one dataset stands in one subject database, worst first: events lost to retention before they
 * were read; the member that Kafka chose may not write, since another claimed the lane; nobody works; an open transaction hides
 * what comes next; somebody works, but not on this; going again through what was done; not known; behind; events are
 * parked; the source has gone silent; up to date.
 */
export const lagVerdicts = [
  'DATA_LOST',
  'FENCED',
  'STOP',
  'BLOCKED',
  'STALL',
  'REWIND',
  'UNKNOWN',
  'WARN',
  'PARKED',
  'SILENT',
  'OK',
] as const;

/** One of {@link lagVerdicts}. */
export type LagVerdict = (typeof lagVerdicts)[number];

/** Where one lane stands in one topic. Times are epoch milliseconds; what is not known is undefined. */
export interface LanePosition {
  readonly lane: number;
  /** The next offset to apply, as PostgreSQL has it; undefined where the lane never consumed the topic. */
  readonly nextOffset: number | undefined;
  /** The lane's owner found the next events gone, and stands still until an operator decides. */
  readonly isLost?: boolean | undefined;
  /** The member that Kafka gave the lane was refused: another has claimed it. */
  readonly isFenced?: boolean | undefined;
  /** Events of the topic that are parked in this lane. */
  readonly parked?: number | undefined;
  /** Since when an open transaction has kept what follows `end` from being read. */
  readonly blockedSinceMs?: number | undefined;
  /** The first offset that the broker still has, and the next one that may be read. */
  readonly beginning: number | undefined;
  readonly end: number | undefined;
  /** When the broker was asked for these. */
  readonly brokerAskedAtMs?: number | undefined;
  /** The newest time that the source has stated here, by an event's recorded time or a heartbeat. */
  readonly asOfMs: number | undefined;
  /** When the lane's owner last advanced it, in any topic. */
  readonly updatedAtMs: number | undefined;
  /** Since when records have been waiting while `nextOffset` stood still. */
  readonly stuckSinceMs: number | undefined;
  /** The furthest `nextOffset` that has been seen. */
  readonly furthestOffset: number | undefined;
}

/** The times that separate the verdicts, in milliseconds. */
export interface LagLimits {
  /** A source that has told nothing for so long is silent: two heartbeats of 5 s. */
  readonly silentAfterMs: number;
  /** Waiting records that are not touched for so long are stuck, and a transaction that is open for so long blocks. */
  readonly stuckAfterMs: number;
  /**
   * Waiting records older than this are a warning. One that was published just now is as old as the heartbeat before it, 5 s:
   * with less than a second more, datasets at rest would warn now and then.
   */
  readonly warnAfterMs: number;
}

const defaultLimits: LagLimits = { silentAfterMs: 10_500, stuckAfterMs: 7_000, warnAfterMs: 6_000 };

/** How one lane stands. */
export interface LaneReading {
  readonly lane: number;
  readonly verdict: LagVerdict;
  readonly records: number | undefined;
  readonly asOfMs: number | undefined;
}

/** How a dataset stands; what is not known is undefined. */
export interface LagReading {
  readonly verdict: LagVerdict;
  /** Messages that wait, heartbeats among them; never negative. */
  readonly records: number | undefined;
  /** 0 when nothing waits and the source is heard; otherwise the age of what is known. */
  readonly seconds: number | undefined;
  /** All that the source recorded up to then is applied. */
  readonly asOfMs: number | undefined;
  /** False where the topic has never held anything in these lanes: nothing to be behind on, and nobody heard. */
  readonly everHeard: boolean;
  readonly lanes: readonly LaneReading[];
}

/**
 * Judges a dataset by the positions of some or all lanes. A pure function of positions and clock. Seconds are measured,
 * not interpolated from offsets: from the time that the source states in its events and heartbeats. Positions must have
 * been read from PostgreSQL before the broker was asked for its offsets, or lag would come out too small.
 */
export function evaluateLag(lanes: readonly LanePosition[], nowMs: number, limits = defaultLimits): LagReading {
  const readings = lanes.map((lane) => readLane(lane, nowMs, limits));
  const ageOf = (ms: number | undefined) => (ms === undefined ? undefined : Math.max(0, (nowMs - ms) / 1_000));
  const known = readings.flatMap(({ asOfMs }) => (asOfMs === undefined ? [] : [asOfMs]));
  const asOfMs = known.length > 0 ? Math.min(...known) : undefined;
  const heardMs = known.length > 0 ? Math.max(...known) : undefined;
  const everHeard =
    heardMs !== undefined || lanes.some(({ end, nextOffset }) => (end ?? 0) > 0 || nextOffset !== undefined);
  const base = { asOfMs, everHeard, lanes: readings };

  if (readings.length === 0 || readings.some(({ records }) => records === undefined))
    return {
      ...base,
      verdict: worst(['UNKNOWN', ...readings.map(({ verdict }) => verdict)]),
      records: undefined,
      seconds: undefined,
    };
  const records = readings.reduce((sum, reading) => sum + reading.records!, 0);
  const waiting = readings.filter((reading) => reading.records! > 0);
  const verdict = worst(readings.map((reading) => reading.verdict));
  if (waiting.length > 0) {
    const ages = waiting.map((reading) => ageOf(reading.asOfMs));
    const seconds = ages.includes(undefined) ? undefined : Math.max(...(ages as number[]));
    return { ...base, verdict, records, seconds };
  }
  if (heardMs === undefined) return { ...base, verdict: worst(['UNKNOWN', verdict]), records, seconds: undefined };
  const silent = nowMs - heardMs > limits.silentAfterMs;
  return {
    ...base,
    verdict: silent ? worst(['SILENT', verdict]) : verdict,
    records,
    seconds: silent ? ageOf(heardMs) : 0,
  };
}

function readLane(position: LanePosition, nowMs: number, limits: LagLimits): LaneReading {
  const { lane, nextOffset, beginning, end, asOfMs } = position;
  const reading = (verdict: LagVerdict, records: number | undefined): LaneReading => ({
    lane,
    verdict,
    records,
    asOfMs,
  });
  if (beginning === undefined || end === undefined)
    return reading(position.isLost ? 'DATA_LOST' : position.isFenced ? 'FENCED' : 'UNKNOWN', undefined);
  const records = Math.max(0, end - Math.max(nextOffset ?? beginning, beginning));
  const isGone = nextOffset !== undefined && (nextOffset < beginning || isBeyond(position));
  if (position.isLost || isGone) return reading('DATA_LOST', records);
  if (position.isFenced) return reading('FENCED', records);
  const fine = position.parked ? 'PARKED' : 'OK';
  if (records === 0) return reading(lasts(position.blockedSinceMs) ? 'BLOCKED' : fine, 0);
  if (nextOffset === undefined) return reading('UNKNOWN', records);
  if (lasts(position.stuckSinceMs)) {
    const ownerWorks = (position.updatedAtMs ?? 0) > position.stuckSinceMs!;
    return reading(ownerWorks ? 'STALL' : 'STOP', records);
  }
  if (nextOffset < (position.furthestOffset ?? 0)) return reading('REWIND', records);
  return reading(asOfMs === undefined || nowMs - asOfMs > limits.warnAfterMs ? 'WARN' : fine, records);

  function lasts(sinceMs: number | undefined): boolean {
    return sinceMs !== undefined && nowMs - sinceMs >= limits.stuckAfterMs;
  }
}

/** The clocks of the database and of this process may differ by this much, in milliseconds. */
const clockSkewMs = 1_000;

/** Beyond the end of the log, as after a topic was made anew; an end that is older than the position tells nothing. */
function isBeyond({ nextOffset, end, brokerAskedAtMs, updatedAtMs }: LanePosition): boolean {
  const askedAfter = (brokerAskedAtMs ?? 0) > (updatedAtMs ?? Infinity) + clockSkewMs;
  return askedAfter && nextOffset !== undefined && end !== undefined && nextOffset > end;
}

/** The worst of several verdicts. */
export function worst(verdicts: readonly LagVerdict[]): LagVerdict {
  return lagVerdicts[Math.min(...verdicts.map((verdict) => lagVerdicts.indexOf(verdict)), lagVerdicts.length - 1)]!;
}

/** What a verdict means and what to do about it; total, so that a new verdict cannot be left without words. */
export const lagSentences = {
  DATA_LOST: {
    zh: '消息在入库前已被清除, 其后的消息也不再入库: 需由提供部门重新发送, 再以 huitong lanes 决定继续',
    en: 'events were removed before they were applied, and none after them is: have the source send them again, then let the lane go on with huitong lanes',
  },
  FENCED: {
    zh: '此通道已被另一成员占用, 消息系统指定的成员不能写入; 若不自行恢复, 请查明是谁占用了通道',
    en: 'another member has claimed this lane, and the one that Kafka chose may not write: if it does not mend itself, find out who claimed it',
  },
  STOP: {
    zh: '有数据等待, 但同步服务没有工作, 请检查同步服务',
    en: 'data wait and nobody works on them: look at the sync service',
  },
  BLOCKED: {
    zh: '一个未结束的事务挡住了其后的消息, 请让发布方提交或中止它',
    en: 'an open transaction hides what was published after it: have its publisher commit or abort it',
  },
  STALL: {
    zh: '同步服务在工作, 但此数据资源没有进展, 请查看其日志',
    en: 'the sync service works, but this dataset makes no progress: look at its log',
  },
  REWIND: {
    zh: '正在重新处理已处理过的数据, 例如恢复备份之后',
    en: 'going again through what was done, as after a restore',
  },
  UNKNOWN: {
    zh: '情况不明: 从未处理过, 或数据库、消息系统无法访问',
    en: 'not known: never consumed, or the database or the broker cannot be reached',
  },
  WARN: { zh: '落后, 正在追赶', en: 'behind, and catching up' },
  PARKED: {
    zh: '已跟上, 但有待处理事件未能入库, 请到待处理事件页处理',
    en: 'up to date but for parked events: deal with them on the page of parked events',
  },
  SILENT: {
    zh: '已全部入库, 但来源没有心跳, 请联系提供部门',
    en: 'all that came is applied, but the source is silent: ask the providing department',
  },
  OK: { zh: '最新', en: 'up to date' },
} as const satisfies Record<LagVerdict, { readonly zh: string; readonly en: string }>;
