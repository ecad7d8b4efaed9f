import { datasets, type DatasetName, type FreshnessPromise } from '@huitong/change-event';
import type { Database } from '@huitong/postgres';
import { judgePromise, promiseWindows, type MinuteCounts, type PromiseReading } from './freshness-promise.ts';
import type { LagRow } from './lag-watch.ts';
import { rowsOf } from './subject-database.ts';

/** How the promise of one dataset stands in one subject database. */
export interface PromiseState extends PromiseReading {
  readonly dataset: DatasetName;
  readonly department: string;
  readonly subjectDatabase: string;
  readonly promise: FreshnessPromise;
}

interface Minute {
  readonly minuteMs: number;
  readonly subjectDatabase: string;
  readonly dataset: DatasetName;
  readonly seconds: number;
}

/** What a look says of freshness: nothing where it is not known. */
export type FreshnessLook = Pick<LagRow, 'dataset' | 'subjectDatabase' | 'seconds'>;

type Counts = ReadonlyMap<string, MinuteCounts>;

const minuteMs = 60_000;
/** Minutes kept in memory while the database is away; older ones are then not known. */
const unsentMax = 60;
/** A month is counted this seldom once it has many rows: it reads a million, and a minute more or less does not tell. */
const monthForMs = 60_000;
const manyRows = 10_000;
const tidyEveryMs = 3_600_000;

/**
 * The worst age of each minute in the exchange database, from which promises are judged. Silence is not freshness: while a source is
 * not heard, what is known of it grows older. Several processes may record the same minute; the worst stays.
 */
export class FreshnessMinutes {
  readonly #database: Database;
  readonly #promises: ReadonlyMap<DatasetName, FreshnessPromise>;
  readonly #unsent = new Map<string, Minute>();
  readonly #worst = new Map<string, Minute>();
  #month: { atMs: number; counts: Counts; isLong: boolean } | undefined;
  #tidiedMs = 0;

  constructor(database: Database, promises = declaredPromises) {
    this.#database = database;
    this.#promises = promises;
  }

  /** Keeps what a look found; DATABASE_UNAVAILABLE where it cannot, and then it is kept with the next. */
  async record(looks: readonly FreshnessLook[], nowMs: number): Promise<void> {
    const start = Math.floor(nowMs / minuteMs) * minuteMs;
    for (const { dataset, subjectDatabase, seconds } of looks) {
      if (seconds === null) continue;
      const key = keyOf(subjectDatabase, dataset);
      const known = this.#worst.get(key);
      if (known?.minuteMs === start && known.seconds >= seconds) continue;
      const minute = { minuteMs: start, subjectDatabase, dataset, seconds };
      this.#worst.set(key, minute);
      this.#unsent.set(`${start} ${key}`, minute);
    }
    for (const [key, minute] of this.#unsent)
      if (start - minute.minuteMs > unsentMax * minuteMs) this.#unsent.delete(key);
    await this.#send();
    if (nowMs - this.#tidiedMs < tidyEveryMs) return;
    this.#tidiedMs = nowMs;
    const before = new Date(nowMs - promiseWindows.d30 * minuteMs);
    await rowsOf(this.#database, { text: 'delete from freshness_minute where minute <= $1', values: [before] });
  }

  /** How each promise stands in each of these places; DATABASE_UNAVAILABLE rather than a guess. */
  async read(places: readonly Omit<FreshnessLook, 'seconds'>[], nowMs: number): Promise<PromiseState[]> {
    const windows = await this.#count(['m5', 'm30', 'h1', 'h6'], nowMs);
    const month = await this.#monthAt(nowMs);
    return places.map(({ dataset, subjectDatabase }) => {
      const promise = this.#promises.get(dataset)!;
      const of = (counts: Counts): MinuteCounts => counts.get(keyOf(subjectDatabase, dataset)) ?? nothing;
      const { m5, m30, h1, h6 } = windows;
      const counts = { m5: of(m5), m30: of(m30), h1: of(h1), h6: of(h6), d30: of(month) };
      const { department } = datasets[dataset];
      return { dataset, department, subjectDatabase, promise, ...judgePromise(promise, counts) };
    });
  }

  async #monthAt(nowMs: number): Promise<Counts> {
    if (this.#month?.isLong && nowMs - this.#month.atMs < monthForMs) return this.#month.counts;
    const { d30: counts } = await this.#count(['d30'], nowMs);
    const rows = [...counts.values()].reduce((sum, { kept, broken }) => sum + kept + broken, 0);
    this.#month = { atMs: nowMs, counts, isLong: rows > manyRows };
    return counts;
  }

  async #send(): Promise<void> {
    const minutes = [...this.#unsent];
    if (minutes.length === 0) return;
    const of = <Value>(read: (minute: Minute) => Value): Value[] => minutes.map(([, minute]) => read(minute));
    await rowsOf(this.#database, {
      text: `insert into freshness_minute as f (minute, subject_database, dataset, worst_seconds)
        select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::float8[])
        on conflict (minute, subject_database, dataset) do update set worst_seconds = excluded.worst_seconds
        where excluded.worst_seconds > f.worst_seconds`,
      values: [
        of((minute) => new Date(minute.minuteMs)),
        of((minute) => minute.subjectDatabase),
        of((minute) => minute.dataset),
        of((minute) => minute.seconds),
      ],
    });
    for (const [key, minute] of minutes) if (this.#unsent.get(key) === minute) this.#unsent.delete(key);
  }

  /** The minutes that began within each window, by dataset and subject database, and by the promise as it is declared now. */
  async #count<Window extends keyof typeof promiseWindows>(
    windows: readonly Window[],
    nowMs: number,
  ): Promise<Record<Window, Counts>> {
    const columns = windows.flatMap((window, at) =>
      (['<=', '>'] as const).map(
        (sign) =>
          `count(*) filter (where minute > $1::timestamptz - $${at + 4}::int * interval '1 minute' and worst_seconds ${sign} within) as "${window} ${sign}"`,
      ),
    );
    const minutes = windows.map((window) => promiseWindows[window]);
    const rows = await rowsOf<Record<string, unknown>>(this.#database, {
      text: `select subject_database, dataset, ${columns.join(', ')}
        from freshness_minute join unnest($2::text[], $3::float8[]) p(dataset, within) using (dataset)
        where minute > $1::timestamptz - ${Math.max(...minutes)} * interval '1 minute' and minute <= $1
        group by subject_database, dataset`,
      values: [
        new Date(nowMs),
        [...this.#promises.keys()],
        [...this.#promises.values()].map(({ withinSeconds }) => withinSeconds),
        ...minutes,
      ],
    });
    const countsIn = (window: Window): Counts =>
      new Map(
        rows.map((row) => [
          keyOf(row['subject_database'] as string, row['dataset'] as DatasetName),
          { kept: row[`${window} <=`] as number, broken: row[`${window} >`] as number },
        ]),
      );
    return Object.fromEntries(windows.map((window) => [window, countsIn(window)])) as Record<Window, Counts>;
  }
}

const nothing: MinuteCounts = { kept: 0, broken: 0 };

const declaredPromises: ReadonlyMap<DatasetName, FreshnessPromise> = new Map(
  Object.values(datasets).map(({ dataset, freshness }) => [dataset, freshness]),
);

const keyOf = (subjectDatabase: string, dataset: DatasetName): string => `${subjectDatabase}/${dataset}`;
