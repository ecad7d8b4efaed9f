import { laneOf } from '@huitong/change-event';
import { inTransaction, type Database, type Queryable } from '@huitong/postgres';
import { compileFill, compileGeneration, compileNextIds, type GenerationStatements } from './compare-sql.ts';
import { idsOfSeveral } from './identity.ts';
import type { SubjectPlan } from './plan.ts';
import { presentBetween } from './present-datasets.ts';

/** A record that is not what its subject's facts say: it is not there, should not be there, or differs in these fields. */
export interface RecordDifference {
  readonly id: string;
  readonly kind: 'missing' | 'extra' | 'differing';
  readonly fields: readonly string[];
}

/** How far a sweep is; `total` is the number of records when it began. */
export interface SweepProgress {
  readonly done: number;
  readonly total: number;
}

/** What to look at, and how hard. All of it, one chunk at a time, where nothing is given. */
export interface SweepOptions {
  readonly ids?: readonly string[];
  /** Ids above `after` up to `to`, both as text. */
  readonly range?: { readonly after?: string; readonly to?: string };
  /** Chunks under way at once; each takes a connection. */
  readonly parallel?: number;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** Differences counted, with the first thousand by id. Ids are of persons: they are for repairs, not for a log. */
export interface DifferenceCounts {
  missing: number;
  extra: number;
  differing: number;
  readonly fields: Record<string, number>;
  readonly examples: RecordDifference[];
}

/** What a sweep found. Every id was equal, or its difference confirmed, at some instant from `asOf` to `until`. */
export interface Comparison extends DifferenceCounts {
  readonly asOf: Date;
  readonly until: Date;
  readonly compared: number;
  readonly repaired: number;
}

/** Ids in one statement: 2 to 5 thousand measured alike, and a smaller one gives way to traffic sooner. */
export const idsPerChunk = 2_000;
const examplesMax = 1_000;

/**
 * Compares the records of a subject database with what its facts say, beside traffic. A chunk is read in one snapshot
 * without a lock; where it differs, all lanes are held for as long as those ids are compared again, so a change under way is never
 * reported as drift. Reads links between ids as they stand in `identity`.
 */
export function compareRecords(
  database: Database,
  subject: SubjectPlan,
  options: SweepOptions = {},
): Promise<Comparison> {
  return sweep(database, subject, options, false);
}

/**
 * As {@link compareRecords}, and derives the differing records anew from the facts while it holds the lanes. Each is one
 * row of the history, of dataset `repair` and without events, so that subscribers learn of it. Touches no other record.
 */
export function repairRecords(
  database: Database,
  subject: SubjectPlan,
  options: SweepOptions = {},
): Promise<Comparison> {
  return sweep(database, subject, options, true);
}

async function sweep(
  database: Database,
  subject: SubjectPlan,
  options: SweepOptions,
  repair: boolean,
): Promise<Comparison> {
  const generation = new Generation(subject, subject.table);
  const asOf = await clock(database);
  const total = options.ids?.length ?? (await countRows(database, subject.table));
  const counts = noDifferences();
  let compared = 0;
  let repaired = 0;
  await eachChunk(chunksOf(database, subject, options), options.parallel ?? 1, async (ids) => {
    const suspects = await generation.compare(database, ids);
    if (suspects.length > 0) {
      const confirmed = await inTransaction(database, async (connection) => {
        const lanes = await lockLanes(connection);
        const differences = await generation.compare(
          connection,
          suspects.map(({ id }) => id),
        );
        if (repair && differences.length > 0)
          repaired += await generation.repair(
            connection,
            differences.map(({ id }) => id),
            lanes,
          );
        return differences;
      });
      addDifferences(counts, confirmed);
    }
    compared += ids.length;
    options.onProgress?.({ done: compared, total: Math.max(compared, total) });
  });
  return { ...counts, asOf, until: await clock(database), compared, repaired };
}

/** A record table or one beside it, with the statements that hold it against the facts. */
export class Generation {
  readonly #subject: SubjectPlan;
  readonly #table: string;
  readonly #statements: { readonly single: GenerationStatements; readonly aliased: GenerationStatements };
  readonly #fill: ReturnType<typeof compileFill>;

  constructor(subject: SubjectPlan, table: string) {
    this.#subject = subject;
    this.#table = table;
    this.#statements = {
      single: compileGeneration(subject, table, false),
      aliased: compileGeneration(subject, table, true),
    };
    this.#fill = compileFill(subject, table);
  }

  async compare(database: Queryable, ids: readonly string[]): Promise<RecordDifference[]> {
    const found: RecordDifference[] = [];
    for (const [form, some] of await byForm(database, this.#subject, ids)) {
      const { rows } = await database.query<RecordDifference>(this.#query('compare', form, [some]));
      found.push(...rows);
    }
    return found;
  }

  /** Writes the records of ids, ascending, of which the table holds none. */
  async fill(database: Queryable, ids: readonly string[]): Promise<void> {
    for (const [form, some] of await byForm(database, this.#subject, ids))
      if (form === 'aliased') await database.query(this.#query('refresh', form, [some]));
      else {
        const present = await presentBetween(database, this.#subject, some[0]!, some.at(-1)!);
        await database.query({ ...this.#fill(present), values: [some] });
      }
  }

  async refresh(database: Queryable, ids: readonly string[]): Promise<void> {
    for (const [form, some] of await byForm(database, this.#subject, ids))
      await database.query(this.#query('refresh', form, [some]));
  }

  /** Needs all lanes locked; answers the number of records that changed. */
  async repair(database: Queryable, ids: readonly string[], lanes: number): Promise<number> {
    let repaired = 0;
    for (const [form, some] of await byForm(database, this.#subject, ids)) {
      const laneOfEach = some.map((id) => laneOf(id, lanes));
      repaired += (await database.query(this.#query('repair', form, [some, laneOfEach]))).rowCount ?? 0;
    }
    return repaired;
  }

  #query(what: keyof GenerationStatements, form: 'single' | 'aliased', values: unknown[]) {
    return { name: `${what} ${this.#table} ${form}`, text: this.#statements[form][what], values };
  }
}

/** Parts ids into those of subjects with one id and those of subjects with several; a part without any is left out. */
export async function byForm(
  database: Queryable,
  { hasAliases }: SubjectPlan,
  ids: readonly string[],
): Promise<['single' | 'aliased', string[]][]> {
  const several = new Set(hasAliases ? await idsOfSeveral(database, ids) : []);
  const forms: ['single' | 'aliased', string[]][] = [
    ['single', ids.filter((id) => !several.has(id))],
    ['aliased', ids.filter((id) => several.has(id))],
  ];
  return forms.filter(([, some]) => some.length > 0);
}

/**
 * Ids that have a fact, a record or an identity, a chunk at a time, ascending. May be asked for the next chunk while the
 * one before is still worked on: an async generator answers in order.
 */
export async function* chunksOf(
  database: Queryable,
  subject: SubjectPlan,
  { ids, range }: Pick<SweepOptions, 'ids' | 'range'>,
): AsyncGenerator<string[], void> {
  if (ids) {
    const all = subject.hasAliases ? await withStableIds(database, ids) : [...new Set(ids)];
    for (let at = 0; at < all.length; at += idsPerChunk) yield all.slice(at, at + idsPerChunk);
    return;
  }
  const text = compileNextIds(subject, idsPerChunk);
  for (let after = range?.after ?? ''; ;) {
    const name = `next ids ${subject.name}`;
    const { rows } = await database.query<{ id: string }>({ name, text, values: [after, range?.to ?? null] });
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
    after = rows.at(-1)!.id;
  }
}

async function withStableIds(database: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>('select subject_id as id from identity where id = any($1)', [
    ids,
  ]);
  return [...new Set([...ids, ...rows.map(({ id }) => id)])];
}

/** Works on several chunks at once; all have ended when this returns or throws the first failure. */
export async function eachChunk(
  chunks: AsyncGenerator<string[], void>,
  parallel: number,
  work: (ids: string[]) => Promise<void>,
): Promise<void> {
  const worker = async (): Promise<void> => {
    try {
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) await work(next.value);
    } catch (error) {
      await chunks.return();
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: parallel }, worker));
  const failed = ended.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Waits for every chunk in hand and holds back the next; answers the number of lanes. */
export async function lockLanes(connection: Queryable): Promise<number> {
  return (await connection.query('select lane from lane order by lane for update')).rows.length;
}

export async function countRows(database: Queryable, table: string): Promise<number> {
  return (await database.query<{ count: number }>(`select count(*) as count from ${table}`)).rows[0]!.count;
}

async function clock(database: Queryable): Promise<Date> {
  return (await database.query<{ now: Date }>('select clock_timestamp() as now')).rows[0]!.now;
}

export const noDifferences = (): DifferenceCounts => ({ missing: 0, extra: 0, differing: 0, fields: {}, examples: [] });

export function addDifferences(counts: DifferenceCounts, differences: readonly RecordDifference[]): void {
  for (const difference of differences) {
    counts[difference.kind] += 1;
    for (const field of difference.fields) counts.fields[field] = (counts.fields[field] ?? 0) + 1;
    if (counts.examples.length < examplesMax) counts.examples.push(difference);
  }
}
