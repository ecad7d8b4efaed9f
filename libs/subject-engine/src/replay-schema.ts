import { createHash } from 'node:crypto';
import { HuitongError } from '@huitong/change-event';
import { inTransaction, type Database, type Queryable } from '@huitong/postgres';
import { createLanes } from './lanes.ts';
import type { DatabasePlan } from './plan.ts';
import { createTablesSql } from './tables-sql.ts';

/** The schema in which a generation is filled, with all the tables that an engine needs. */
export const filling = 'replay';
/** The schema in which the generation before is kept, so that it can be filled on and put back. */
export const kept = 'replay_previous';

/** Where a replay begins: at the log's beginning, or at the generation that was replaced by the last one. */
export type ReplayFrom = 'log' | 'previous';

/** What the schema's comment says of it. */
interface Note {
  readonly from: ReplayFrom;
  readonly plan: string;
  /** Parked events that are settled later than this have been read as if they were not. */
  readonly begunAt: string;
  /** Whether the records are there, so that what comes changes them too. */
  readonly hasRecords: boolean;
}

/** An open replay, as its schema tells. */
export type ReplayState = Pick<Note, 'hasRecords' | 'begunAt'>;

/** SQL: the transaction's instant, to the microsecond, since an operator may have decided in the same millisecond. */
export const nowSql = `to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Writes down that the schema holds the generation that was in place until now. */
export const noteKept = (at: string): string =>
  `comment on schema ${kept} is '${JSON.stringify({ from: 'previous', plan: '', begunAt: at, hasRecords: true })}'`;

/** The tables that take the live ones' places: facts, records and links. History, parked events and lanes stay where they are. */
export const generationTables = (plan: DatabasePlan): string[] => [
  ...plan.factTables.map(({ table }) => table),
  ...plan.subjects.map(({ table }) => table),
  'identity',
];

/**
 * Makes the schema of a replay, or finds the one that an interrupted replay of the same declaration left, and answers when that
 * one began. Throws REQUEST_INVALID where there is no generation to go back to, or where the live tables are not of this declaration's form.
 */
export async function beginReplay(database: Database, plan: DatabasePlan, from: ReplayFrom): Promise<ReplayState> {
  return inTransaction(database, async (connection) => {
    const before = await noteOf(connection, filling);
    const planSum = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
    if (before?.from === from && before.plan === planSum && !(await settledSince(connection, before.begunAt)))
      return { begunAt: before.begunAt, hasRecords: before.hasRecords };
    // A swap back that was not finished is still a generation to go back to.
    if (before?.from === 'previous' && !(await exists(connection, kept)))
      await connection.query(`alter schema ${filling} rename to ${kept}`);
    await connection.query(`drop schema if exists ${filling} cascade`);
    const begunAt = from === 'log' ? await createSchema(connection, plan) : await takeKept(connection, plan);
    await assertSameForm(connection, plan);
    const hasRecords = from === 'previous';
    const note: Note = { from, plan: planSum, begunAt, hasRecords };
    await connection.query(`comment on schema ${filling} is '${JSON.stringify(note)}'`);
    return { begunAt, hasRecords };
  });
}

/** Writes down that the records are there. */
export async function noteRecords(database: Queryable): Promise<void> {
  const note = { ...(await noteOf(database, filling))!, hasRecords: true };
  await database.query(`comment on schema ${filling} is '${JSON.stringify(note)}'`);
}

/** Whether operators have released or discarded parked events that a replay begun then has read as open. */
export async function settledSince(connection: Queryable, begunAt: string): Promise<boolean> {
  const { rows } = await connection.query('select 1 from public.parked where settled_at > $1::timestamptz limit 1', [
    begunAt,
  ]);
  return rows.length > 0;
}

async function createSchema(connection: Queryable, plan: DatabasePlan): Promise<string> {
  const lanes = await connection.query('select 1 from lane');
  await connection.query(`create schema ${filling}`);
  await connection.query(`set local search_path = ${filling}`);
  await connection.query(createTablesSql(plan));
  await createLanes(connection, lanes.rows.length);
  await connection.query('set local search_path = public');
  return (await connection.query<{ now: string }>(`select ${nowSql} as now`)).rows[0]!.now;
}

async function takeKept(connection: Queryable, { database }: DatabasePlan): Promise<string> {
  const note = await noteOf(connection, kept);
  if (!note)
    throw new HuitongError('REQUEST_INVALID', 'swapping back without a kept generation', { context: { database } });
  await connection.query(`alter schema ${kept} rename to ${filling}`);
  return note.begunAt;
}

async function noteOf(connection: Queryable, schema: string): Promise<Note | undefined> {
  const { rows } = await connection.query<{ note: string | null }>(
    `select obj_description(to_regnamespace($1), 'pg_namespace') as note`,
    [schema],
  );
  return rows[0]?.note ? (JSON.parse(rows[0].note) as Note) : undefined;
}

async function exists(connection: Queryable, schema: string): Promise<boolean> {
  return (await connection.query('select 1 from pg_namespace where nspname = $1', [schema])).rows.length > 0;
}

async function assertSameForm(connection: Queryable, plan: DatabasePlan): Promise<void> {
  const { rows } = await connection.query(
    `select table_name, column_name, data_type from information_schema.columns
      where table_schema in ('public', $1) and table_name = any($2)
      group by table_name, column_name, data_type having count(*) <> 2`,
    [filling, generationTables(plan)],
  );
  if (rows.length > 0)
    throw new HuitongError(
      'REQUEST_INVALID',
      'rebuilding into tables of another form than the live ones have: start this version, which migrates them',
      { context: { database: plan.database } },
    );
}
