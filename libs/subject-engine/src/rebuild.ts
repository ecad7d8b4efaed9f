import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';
import { inTransaction, type Connection, type Database, type Queryable } from '@huitong/postgres';
import {
  chunksOf,
  countRows,
  eachChunk,
  Generation,
  idsPerChunk,
  lockLanes,
  type DifferenceCounts,
  type SweepProgress,
} from './compare.ts';
import type { SubjectPlan } from './plan.ts';
import { anyDataset, presentColumn } from './present-datasets.ts';
import { alone } from './rebuild-alone.ts';
import { announce, assertAddsUp, differencesBetween, isLockTimeout } from './rebuild-differences.ts';
import { createBeside, keptSince, swapTables } from './rebuild-tables.ts';

/** How a rebuild goes about it. */
export interface RebuildOptions {
  /** Fills and compares, says what would change, and changes nothing. */
  readonly dryRun?: boolean;
  /** More differing records than this are not swapped in; each is a change that subscribers will be told of. */
  readonly differencesMax?: number;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** What a rebuild or a swap came to; differences are of the live table, held against the new generation. */
export interface RebuildOutcome {
  /** `refused`: more differ than was allowed; nothing was swapped. */
  readonly status: 'swapped' | 'compared' | 'refused';
  readonly records: { readonly live: number; readonly next: number };
  readonly differences: DifferenceCounts;
  /** Subjects that events changed meanwhile, and that were derived again. */
  readonly caughtUp: number;
  readonly fillSeconds: number;
  /** How long the lanes stood still at the end. */
  readonly pauseMs: number;
}

/** Of a candidate for the live table's place. */
interface Candidate {
  readonly subject: SubjectPlan;
  readonly table: string;
  readonly generation: Generation;
  /** Whether what differs is derived again: right for a new generation, pointless for one that is put back as it was. */
  readonly isNew: boolean;
}

const differencesMaxDefault = 10_000;
/** One for each core that PostgreSQL can count on beside the lanes' own work. */
const parallel = 2;
const catchUpRoundsMax = 5;
const swapTriesMax = 5;

const previousOf = ({ table }: SubjectPlan): string => `${table}_previous`;

/**
 * Fills a new generation of a subject database from the facts beside the live one, which serves meanwhile, and swaps it in
 * by one transaction that holds all lanes. Subjects that events changed meanwhile are derived again, twice: before the lanes are
 * held, and while they are. Whatever the swap changes for a reader is a history row of dataset `rebuild`. The generation before
 * is kept as `<subject>_previous`. Needs the tables' owner and four connections. Throws REQUEST_INVALID while another
 * rebuild of the subject runs; leaves nothing behind when it fails.
 */
export async function rebuildSubject(
  database: Database,
  subject: SubjectPlan,
  options: RebuildOptions = {},
): Promise<RebuildOutcome> {
  return alone(database, subject.name, async () => {
    const table = `${subject.table}_next`;
    await database.query(`drop table if exists ${table}`);
    await createBeside(database, subject.table, table);
    try {
      const candidate = { subject, table, generation: new Generation(subject, table), isNew: true };
      const since = await historyEnd(database, subject);
      const startedMs = Date.now();
      await fill(database, candidate, options);
      const fillSeconds = (Date.now() - startedMs) / 1_000;
      return { ...(await conclude(database, candidate, since, options)), fillSeconds };
    } finally {
      await database.query(`drop table if exists ${table}`).catch(() => {});
    }
  });
}

/**
 * Puts the generation before back in its place, with the subjects that events changed since derived again; all others are what they
 * were. The one swapped out is kept, so that this may be undone in the same way. Throws REQUEST_INVALID where none is kept.
 */
export async function swapBack(database: Database, subject: SubjectPlan): Promise<RebuildOutcome> {
  return alone(database, subject.name, async () => {
    const table = previousOf(subject);
    const since = await keptSince(database, table);
    if (since === undefined)
      throw new HuitongError('REQUEST_INVALID', 'swapping back without a kept generation', {
        context: { subject: subject.name },
      });
    // Facts may have come since that changed no record, and have left no trace in the history. This takes no time, whatever the rows.
    await database.query(
      `alter table ${table} drop column if exists ${presentColumn}, add column ${presentColumn} bigint not null default ${anyDataset}`,
    );
    const candidate = { subject, table, generation: new Generation(subject, table), isNew: false };
    return { ...(await conclude(database, candidate, since, { differencesMax: Infinity })), fillSeconds: 0 };
  });
}

async function fill(database: Database, candidate: Candidate, { onProgress }: RebuildOptions): Promise<void> {
  const { subject, table, generation } = candidate;
  const total = await countRows(database, subject.table);
  let done = 0;
  await eachChunk(chunksOf(database, subject, {}), parallel, async (ids) => {
    // On disk by the time of the swap, whose own commit waits for all before it; a fill that a crash ends is begun anew.
    await inTransaction(database, (connection) => generation.fill(connection, ids), { commitsLater: true });
    done += ids.length;
    onProgress?.({ done, total: Math.max(done, total) });
  });
  await database.query(`vacuum (analyze) ${table}`);
}

async function conclude(
  database: Database,
  candidate: Candidate,
  since: number,
  { dryRun = false, differencesMax = differencesMaxDefault }: RebuildOptions,
): Promise<Omit<RebuildOutcome, 'fillSeconds'>> {
  const { subject, table } = candidate;
  const caught = await catchUp(database, candidate, since);
  // Read in one snapshot, without a lock. An event after it writes history; so what is wrong in the new generation is
  // either among these or among those that changed since.
  const before = await differencesBetween(database, candidate);
  // What events changed after the last look is no difference: it is derived again under the locks.
  const moved = new Set(await changedSince(database, subject, caught.since));
  const count = before.ids.filter((id) => !moved.has(id)).length;
  const outcome = { differences: before.counts, caughtUp: caught.changed, pauseMs: 0 };
  if (count > differencesMax)
    return { ...outcome, status: dryRun ? 'compared' : 'refused', records: await countBoth(database, subject, table) };
  for (let tries = 1; ; tries += 1)
    try {
      return await inTransaction(database, (connection) =>
        settle(connection, candidate, { dryRun, caught, ids: before.ids }),
      );
    } catch (error) {
      if (!isLockTimeout(error) || tries === swapTriesMax) throw error;
      await sleep(500 * tries);
    }
}

/** The end of it, under all lanes' locks. */
async function settle(
  connection: Connection,
  candidate: Candidate,
  { dryRun, caught, ids }: { dryRun: boolean; caught: { since: number; changed: number }; ids: readonly string[] },
): Promise<Omit<RebuildOutcome, 'fillSeconds'>> {
  const { subject, table, generation, isNew } = candidate;
  const lanes = await lockLanes(connection);
  const startedMs = Date.now();
  const changed = await changedSince(connection, subject, caught.since);
  const touched = [...new Set([...changed, ...ids])];
  await inChunks(isNew ? touched : changed, (some) => generation.refresh(connection, some));
  const { counts, ids: differing } = await differencesBetween(connection, candidate, touched);
  const records = await countBoth(connection, subject, table);
  assertAddsUp(subject, records, counts);
  if (!dryRun) {
    await announce(connection, candidate, differing, lanes);
    const historyId = await lastHistoryId(connection, subject);
    await swapTables(connection, { table: subject.table, candidate: table, previous: previousOf(subject) }, historyId);
  }
  return {
    status: dryRun ? 'compared' : 'swapped',
    records,
    differences: counts,
    caughtUp: caught.changed + changed.length,
    pauseMs: Date.now() - startedMs,
  };
}

/** Derives again what changed while the generation was filled, until little is left to do under the locks. */
async function catchUp(
  database: Database,
  { subject, generation }: Candidate,
  since: number,
): Promise<{ since: number; changed: number }> {
  let changed = 0;
  for (let round = 0; round < catchUpRoundsMax; round += 1) {
    const until = await historyEnd(database, subject);
    const ids = await changedSince(database, subject, since);
    await inChunks(ids, (some) => generation.refresh(database, some));
    [since, changed] = [until, changed + ids.length];
    if (ids.length < idsPerChunk / 10) break;
  }
  return { since, changed };
}

/** The history's end at an instant when no chunk is in hand: every later change has a greater id. */
async function historyEnd(database: Database, subject: SubjectPlan): Promise<number> {
  return inTransaction(database, async (connection) => {
    await lockLanes(connection);
    return lastHistoryId(connection, subject);
  });
}

async function lastHistoryId(connection: Queryable, { historyTable }: SubjectPlan): Promise<number> {
  const { rows } = await connection.query<{ id: number }>(
    `select coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0) as id`,
    [historyTable],
  );
  return rows[0]!.id;
}

async function changedSince(database: Queryable, { historyTable }: SubjectPlan, since: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select distinct h.subject_id as id from lane l join ${historyTable} h on h.lane = l.lane where h.id > $1`,
    [since],
  );
  return rows.map(({ id }) => id);
}

async function countBoth(
  database: Queryable,
  subject: SubjectPlan,
  next: string,
): Promise<{ live: number; next: number }> {
  return { live: await countRows(database, subject.table), next: await countRows(database, next) };
}

async function inChunks(ids: readonly string[], work: (some: string[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < ids.length; at += idsPerChunk) await work(ids.slice(at, at + idsPerChunk));
}
