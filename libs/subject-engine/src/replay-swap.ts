import type { Queryable } from '@huitong/postgres';
import { eventPlaces, outcomesOf } from './event-outcomes.ts';
import type { DatabasePlan } from './plan.ts';
import { filling, generationTables, kept, noteKept, nowSql } from './replay-schema.ts';
import { copyGrants, lockTimeoutMs } from './rebuild-tables.ts';

const parkedColumns =
  'lane, dataset, topic, kafka_offset, event_id, subject_id, source_record_id, code, schema_id, key, value, headers, state, parked_at, settled_at, settled_by, settled_reason, corrected';

/** Events that lie behind the live lanes' positions, and of which the live event log knows nothing; all, or those among the given ones. */
export async function unknownEvents(
  database: Queryable,
  plan: DatabasePlan,
  among?: readonly string[],
): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select n.event_id as id from ${eventsIn(filling, among && '$3::uuid[]')} n
    join unnest($1::text[], $2::text[]) as d(dataset, topic) on d.dataset = n.dataset
    join public.lane l on l.lane = n.lane and n.kafka_offset < (l.next_offsets ->> d.topic)::bigint
    ${unlessIn(eventsIn('public', among && '$3::uuid[]'))}`,
    [
      plan.factTables.map(({ dataset }) => dataset),
      plan.factTables.map(({ topic }) => topic),
      ...(among ? [among] : []),
    ],
  );
  return rows.map(({ id }) => id);
}

const eventsIn = (schema: string, ids: string | undefined): string =>
  ids ? outcomesOf(ids, schema) : eventPlaces(schema);

/** Sets are taken from each other at once, however many events PostgreSQL believes a chunk to hold: an anti-join goes through all for each. */
const unlessIn = (events: string): string => `except select o.event_id from ${events} o`;

/** Those of the events of which the live event log knows nothing, wherever the live lanes stand. */
export async function unheardEvents(database: Queryable, among: readonly string[]): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select n.event_id as id from ${outcomesOf('$1::uuid[]', filling)} n
    ${unlessIn(outcomesOf('$1::uuid[]'))}`,
    [among],
  );
  return rows.map(({ id }) => id);
}

/**
 * Brings the live event log and the parked events in line with the generation that takes the live one's place: what it could
 * apply is parked no more, what it could not is. Decisions of operators stay.
 */
export async function mergeOutcomes(connection: Queryable, events: readonly string[]): Promise<void> {
  await connection.query(
    `with wanted as materialized (
      select array_agg(id) as ids from (select unnest($1::uuid[]) as id union select event_id from ${filling}.parked) w where id is not null
    ), found as materialized (
      select o.* from wanted, lateral ${outcomesOf('wanted.ids', filling)} o
    ), fresh as (
      select event_id from found except select o.event_id from wanted, lateral ${outcomesOf('wanted.ids')} o
    ) insert into public.event_log select * from found where outcome = 'parked' or event_id in (select event_id from fresh)
    on conflict do nothing`,
    [events],
  );
  const applied = await connection.query<{ event_id: string | null }>(
    `update public.parked p set state = 'released', settled_at = now(), settled_by = 'rebuild'
    where p.state = 'parked' and not exists (select 1 from ${filling}.parked n where n.state = 'parked'
      and n.topic = p.topic and n.lane = p.lane and n.kafka_offset = p.kafka_offset)
    returning p.event_id`,
  );
  const parked = await connection.query<{ event_id: string | null }>(
    `insert into public.parked as p (${parkedColumns}) select ${parkedColumns} from ${filling}.parked where state = 'parked'
    on conflict (topic, lane, kafka_offset, md5(value)) do update set state = 'parked', code = excluded.code, settled_at = null, settled_by = null
      where p.state = 'released' or p.state = 'parked' and p.code <> excluded.code
    returning p.event_id`,
  );
  await connection.query(
    `update public.event_log l set outcome = n.outcome, applied_at = now() from ${outcomesOf('$1::uuid[]', filling)} n
    where n.event_id = l.event_id and n.outcome <> l.outcome`,
    [[...applied.rows, ...parked.rows].map((row) => row.event_id).filter((id) => id !== null)],
  );
}

/**
 * Puts the tables of the replayed generation in the live ones' places, which take theirs, and moves the live lanes on to where
 * it stands. The one replaced is kept with its lanes and its open parked events (`openBefore`, a table), so that it can be filled on
 * and put back. Within the caller's transaction; waits 2 s for readers of a table.
 */
export async function swapGenerations(connection: Queryable, plan: DatabasePlan, openBefore: string): Promise<void> {
  await connection.query(`set local lock_timeout = ${lockTimeoutMs}`);
  await connection.query('create schema replay_swap');
  for (const table of generationTables(plan)) {
    await copyGrants(connection, `public.${table}`, `${filling}.${table}`);
    await connection.query(`alter table public.${table} set schema replay_swap`);
    await connection.query(`alter table ${filling}.${table} set schema public`);
    await connection.query(`alter table replay_swap.${table} set schema ${filling}`);
  }
  await connection.query('drop schema replay_swap');
  // One statement, so that each side gets what the other had.
  await connection.query(
    `with swapped as (
      update public.lane l set next_offsets = l.next_offsets || n.next_offsets, as_of = l.as_of || n.as_of, youngest = l.youngest || n.youngest
      from ${filling}.lane n where n.lane = l.lane
      returning l.lane, old.next_offsets, old.as_of, old.youngest
    ) update ${filling}.lane n set next_offsets = s.next_offsets, as_of = s.as_of, youngest = s.youngest from swapped s where s.lane = n.lane`,
  );
  const scratch = [
    'event_log',
    'applied_chunk',
    'parked',
    'release_request',
    ...plan.factTables.map(({ pastTable }) => pastTable),
    ...plan.subjects.map(({ historyTable }) => historyTable),
  ];
  await connection.query(`truncate ${scratch.map((table) => `${filling}.${table}`).join(', ')}`);
  await connection.query(`insert into ${filling}.parked (${parkedColumns}) select ${parkedColumns} from ${openBefore}`);
  await connection.query(`drop schema if exists ${kept} cascade`);
  await connection.query(`alter schema ${filling} rename to ${kept}`);
  const { rows } = await connection.query<{ now: string }>(`select ${nowSql} as now`);
  await connection.query(noteKept(rows[0]!.now));
}
