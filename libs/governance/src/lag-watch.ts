import { datasets, type DatasetName } from '@huitong/change-event';
import type { FactTable } from '@huitong/subject-engine';
import { setTimeout as sleep } from 'node:timers/promises';
import { remember, type LagMemory } from './lag-memory.ts';
import { appliedPerSecond, trendOf, type LagSample, type LagTrend } from './lag-trend.ts';
import { evaluateLag, lagSentences, type LagReading, type LagVerdict, type LanePosition } from './lag-verdict.ts';
import { gapsOf, type Gap } from './lost-lanes.ts';
import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/** The offsets that the broker holds, by topic and partition; an unknown topic is left out. */
export interface TopicOffsets {
  edges(topics: readonly string[]): Promise<{ ends: Map<string, number[]>; beginnings: Map<string, number[]> }>;
  /** Behind all that was written, open transactions included. */
  highWatermarks(topics: readonly string[]): Promise<Map<string, number[]>>;
}

/** A row of a database's `lane` table. */
export interface LaneRow {
  readonly lane: number;
  readonly next_offsets: Readonly<Record<string, number>>;
  readonly as_of: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<string, unknown>>;
  readonly fenced: boolean;
  readonly updated_at: Date;
  /** Parked events by topic, where they were counted. */
  readonly parked?: Readonly<Record<string, number>>;
}

/** The columns of a {@link LaneRow}. Nobody has written to a fenced lane since the member that Kafka chose was refused. */
export const laneColumns =
  'lane, next_offsets, as_of, lost, coalesce(fenced_at >= updated_at, false) as fenced, updated_at';

/** How one dataset stands in one subject database; null is not known. Instants are ISO 8601, `seconds` has milliseconds. */
export interface LagRow extends LagTrend {
  readonly dataset: DatasetName;
  readonly department: string;
  readonly subjectDatabase: string;
  readonly records: number | null;
  readonly seconds: number | null;
  readonly asOf: string | null;
  /** Messages applied a second in the last minute, heartbeats among them. */
  readonly appliedPerSecond: number | null;
  readonly verdict: LagVerdict;
  readonly sentence: { readonly zh: string; readonly en: string };
  /** What operators have given up of this dataset by letting lanes go on, newest first. */
  readonly gaps: readonly Gap[];
  readonly lanes: readonly { lane: number; records: number | null; asOf: string | null; verdict: LagVerdict }[];
}

/** The broker's offsets as they were at one time. */
interface BrokerSample {
  readonly atMs: number;
  readonly ends: ReadonlyMap<string, readonly number[]>;
  /** Asked for after the ends. */
  readonly written: ReadonlyMap<string, readonly number[]>;
  readonly beginnings: ReadonlyMap<string, readonly number[]>;
}

const sampleEveryMs = 2_500;
const windowMs = 60_000;
/** Readers let the broker's offsets be renewed when they are this old, and are not told anything by older ones. */
const renewAfterMs = 1_000;
const forgetAfterMs = 15_000;
/** An answer about lag is worth no longer wait on a broker that is away. */
const brokerWaitMs = 4_000;
/**
 * Looks every 2.5 s at how far each dataset is applied, and remembers a minute of it, for trends and for telling standstill
 * from slowness. It reads what PostgreSQL has committed first and the broker's offsets second.
 */
export class LagWatch {
  readonly #databases: readonly SubjectDatabase[];
  readonly #offsets: TopicOffsets;
  readonly #topics: readonly string[];
  readonly #memory = new Map<string, LagMemory>();
  readonly #samples = new Map<string, LagSample[]>();
  readonly #laneCounts = new Map<string, number>();
  readonly #onReport: (rows: readonly LagRow[]) => void;
  #broker: BrokerSample | undefined;
  #renewing: Promise<void> | undefined;
  #reporting: Promise<LagRow[]> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: {
    databases: readonly SubjectDatabase[];
    offsets: TopicOffsets;
    onReport?: (rows: readonly LagRow[]) => void;
  }) {
    this.#databases = parts.databases;
    this.#offsets = parts.offsets;
    this.#onReport = parts.onReport ?? (() => {});
    this.#topics = [...new Set(parts.databases.flatMap(({ plan }) => plan.factTables.map(({ topic }) => topic)))];
  }

  /** Looks now and then every 2.5 s until {@link stop}. */
  start(): void {
    void this.report();
    this.#timer = setInterval(() => void this.report(), sampleEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * How every dataset stands in every subject database that is derived from it, as of now. It never throws: what cannot
   * be reached is UNKNOWN in the rows concerned. Callers at the same time share one look.
   */
  report(): Promise<LagRow[]> {
    this.#reporting ??= this.#look().finally(() => (this.#reporting = undefined));
    return this.#reporting;
  }

  /** How many lanes a database has; undefined before its sync service first started. */
  async laneCount(database: SubjectDatabase): Promise<number | undefined> {
    if (!this.#laneCounts.has(database.name)) await this.#lanesOf(database);
    return this.#laneCounts.get(database.name);
  }

  /**
   * How one dataset stands in the given lanes, without waiting for the broker: by its offsets of a moment ago, or UNKNOWN
   * when there are none of the last 15 s.
   */
  readingOf(database: SubjectDatabase, fact: FactTable, lanes: readonly LaneRow[]): LagReading {
    const nowMs = Date.now();
    const ageMs = nowMs - (this.#broker?.atMs ?? 0);
    if (ageMs > renewAfterMs) void this.#renewBroker();
    const broker = ageMs > forgetAfterMs ? undefined : this.#broker;
    return evaluateLag(
      lanes.map((lane) => this.#positionOf(database, fact, lane, broker)),
      nowMs,
    );
  }

  async #look(): Promise<LagRow[]> {
    const [lanes, gaps] = await Promise.all([
      this.#ofEach((database) => this.#lanesOf(database).catch(() => [])),
      this.#ofEach((database) => gapsOf(database).catch(() => new Map<string, Gap[]>())),
    ]);
    const askedMs = Date.now();
    const renewed = Promise.resolve(this.#renewing).then(() => this.#renewBroker());
    await Promise.race([renewed, sleep(brokerWaitMs, undefined, { ref: false })]);
    const nowMs = Date.now();
    const broker = this.#broker && this.#broker.atMs >= askedMs ? this.#broker : undefined;
    const rows = this.#databases.flatMap((database) =>
      database.plan.factTables.flatMap((fact) => {
        const rowsOfLanes = lanes.get(database)!;
        for (const { lane, next_offsets } of rowsOfLanes) {
          const key = keyOf(database, fact, lane);
          const end = broker?.ends.get(fact.topic)?.[lane];
          const written = broker?.written.get(fact.topic)?.[lane];
          const look = { nextOffset: next_offsets[fact.topic], end, written, atMs: nowMs };
          this.#memory.set(key, remember(this.#memory.get(key), look));
        }
        const positions = rowsOfLanes.map((lane) => this.#positionOf(database, fact, lane, broker));
        const known = gaps.get(database)!.get(fact.topic) ?? [];
        const applied = positions.reduce((sum, { nextOffset }) => sum + (nextOffset ?? 0), 0);
        return this.#rowsOf(database, fact, evaluateLag(positions, nowMs), { atMs: nowMs, applied }).map((row) => ({
          ...row,
          gaps: known,
        }));
      }),
    );
    this.#onReport(rows);
    return rows;
  }

  async #ofEach<Result>(
    ask: (database: SubjectDatabase) => Promise<Result>,
  ): Promise<ReadonlyMap<SubjectDatabase, Result>> {
    return new Map(
      await Promise.all(this.#databases.map(async (database) => [database, await ask(database)] as const)),
    );
  }

  async #lanesOf(database: SubjectDatabase): Promise<LaneRow[]> {
    const rows = await rowsOf<LaneRow>(database.reader, {
      name: 'lanes',
      text: `select ${laneColumns}, (
          select jsonb_object_agg(topic, events) from (
            select topic, count(*) as events from parked p where p.lane = l.lane and p.state = 'parked' group by topic) s
        ) as parked
        from lane l order by lane`,
    });
    if (rows.length > 0) this.#laneCounts.set(database.name, rows.length);
    return rows;
  }

  #renewBroker(): Promise<void> {
    this.#renewing ??= (async () => {
      try {
        const atMs = Date.now();
        const { ends, beginnings } = await this.#offsets.edges(this.#topics);
        const written = await this.#offsets.highWatermarks([...ends.keys()]);
        this.#broker = { atMs, ends, written, beginnings };
      } catch {
        // The sample grows old and is then no longer used; readiness and the verdicts tell it.
      } finally {
        this.#renewing = undefined;
      }
    })();
    return this.#renewing;
  }

  #positionOf(
    database: SubjectDatabase,
    fact: FactTable,
    row: LaneRow,
    broker: BrokerSample | undefined,
  ): LanePosition {
    const { topic } = fact;
    const memory = this.#memory.get(keyOf(database, fact, row.lane));
    const nextOffset = row.next_offsets[topic];
    return {
      lane: row.lane,
      nextOffset,
      isLost: topic in row.lost,
      isFenced: row.fenced,
      parked: row.parked?.[topic],
      blockedSinceMs: memory?.end === broker?.ends.get(topic)?.[row.lane] ? memory?.blockedSinceMs : undefined,
      beginning: broker?.beginnings.get(topic)?.[row.lane],
      end: broker?.ends.get(topic)?.[row.lane],
      brokerAskedAtMs: broker?.atMs,
      asOfMs: row.as_of[topic] || undefined,
      updatedAtMs: row.updated_at.getTime(),
      stuckSinceMs: memory?.nextOffset === nextOffset ? memory?.stuckSinceMs : undefined,
      furthestOffset: memory?.furthestOffset,
    };
  }

  #rowsOf(
    database: SubjectDatabase,
    fact: FactTable,
    reading: LagReading,
    look: Omit<LagSample, 'records'>,
  ): Omit<LagRow, 'gaps'>[] {
    const { verdict, records } = reading;
    const samples = this.#sample(`${database.name}/${fact.dataset}`, records, look);
    const row = {
      dataset: fact.dataset,
      department: datasets[fact.dataset].department,
      records: records ?? null,
      seconds: secondsOf(reading),
      asOf: instantOf(reading.asOfMs),
      verdict,
      sentence: lagSentences[verdict],
      ...trendOf(samples),
      appliedPerSecond: records === undefined ? null : appliedPerSecond(samples),
      lanes: reading.lanes.map((lane) => ({
        lane: lane.lane,
        records: lane.records ?? null,
        asOf: instantOf(lane.asOfMs),
        verdict: lane.verdict,
      })),
    };
    return database.plan.subjects
      .filter((subject) => subject.factTables.includes(fact))
      .map((subject) => ({ ...row, subjectDatabase: subject.name }));
  }

  /** Adds to a dataset's window, a sample a second at most, and drops what is older than a minute. */
  #sample(
    key: string,
    records: number | undefined,
    { atMs, applied }: Omit<LagSample, 'records'>,
  ): readonly LagSample[] {
    const samples = (this.#samples.get(key) ?? []).filter((sample) => atMs - sample.atMs <= windowMs);
    if (records !== undefined && atMs - (samples.at(-1)?.atMs ?? 0) >= 1_000) samples.push({ atMs, records, applied });
    this.#samples.set(key, samples);
    return samples;
  }
}

const keyOf = (database: SubjectDatabase, fact: FactTable, lane: number): string =>
  `${database.name}/${fact.topic}/${lane}`;

/** Seconds to the millisecond, null where not known. */
export const secondsOf = ({ seconds }: LagReading): number | null =>
  seconds === undefined ? null : Math.round(seconds * 1_000) / 1_000;

/** An instant as ISO 8601, null where not known. */
export const instantOf = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();
