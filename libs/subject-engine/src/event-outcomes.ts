import { EventLayout, type DatasetName } from '@huitong/change-event';
import type { Connection, Send } from '@huitong/postgres';
import { logParameters } from './fact-parameters.ts';
import { arrayLiteral } from './parameters.ts';
import { textOf, uuidOf, type EventOutcome } from './parked.ts';
import type { EventIncoming } from './rounds.ts';

/** Events that were made within the same so many milliseconds are kept in one row: it is found by the span of its events' times. */
const spanMs = 3_600_000;

/** Events that are logged together, and from when to when they were made, epoch milliseconds. */
interface Span {
  readonly messages: EventIncoming[];
  firstMs: number;
  lastMs: number;
}

/**
 * Logs events of one dataset as applied, all in one row of `applied_chunk`: a row of `event_log` for each costs as much as its
 * fact. Those whose ids do not say when they were made, as no department should give them, are in the answer, to be logged one by one.
 */
export function logApplied(
  connection: Connection,
  dataset: DatasetName,
  messages: readonly EventIncoming[],
  send: Send,
): readonly EventIncoming[] {
  const layout = EventLayout.of(dataset);
  const untimed: EventIncoming[] = [];
  const spans = new Map<number, Span>();
  for (const message of messages) {
    const ms = layout.encoded(message.event)?.madeMs;
    if (ms === undefined) {
      untimed.push(message);
      continue;
    }
    const at = Math.floor(ms / spanMs);
    let span = spans.get(at);
    if (!span) spans.set(at, (span = { messages: [], firstMs: ms, lastMs: ms }));
    span.messages.push(message);
    if (ms < span.firstMs) span.firstMs = ms;
    if (ms > span.lastMs) span.lastMs = ms;
  }
  for (const { messages: some, firstMs, lastMs } of spans.values())
    send(
      connection.query({
        name: 'log applied',
        text: `insert into applied_chunk (dataset, made, event_ids, subject_ids, lanes, kafka_offsets)
          values ($1, int8range($2, $3, '[]'), $4::uuid[], $5::text[], $6::smallint[], $7::bigint[])`,
        values: [...[dataset, firstMs, lastMs], ...logParameters(dataset, some)],
      }),
    );
  return untimed;
}

/** Writes down what became of events that were not logged as applied; the first word on an event id stands. */
export function logOutcomes(connection: Connection, outcomes: readonly EventOutcome[], send: Send): void {
  const known = outcomes.flatMap(({ message, outcome }) => {
    const id = uuidOf(message);
    return id === null ? [] : [{ id, message, outcome }];
  });
  if (known.length === 0) return;
  send(
    connection.query({
      name: 'log outcomes',
      text: `insert into event_log (event_id, dataset, subject_id, lane, kafka_offset, outcome)
        select i.* from unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::bigint[], $6::text[])
          as i(event_id, dataset, subject_id, lane, kafka_offset, outcome)
        where not exists (select from applied_chunk c where ${holds('c', 'i.event_id')})
        on conflict (event_id) do nothing`,
      values: [
        known.map(({ id }) => id),
        known.map(({ message }) => message.dataset),
        known.map(({ message }) => textOf(message.kind === 'event' ? message.subjectId : message.key?.toString())),
        known.map(({ message }) => message.lane),
        known.map(({ message }) => message.offset),
        known.map(({ outcome }) => outcome),
      ].map(arrayLiteral),
    }),
  );
}

/** SQL: whether the chunk `c` has applied the event with this id, an expression. */
const holds = (c: string, id: string): string =>
  `${c}.made @> ('x' || translate(left(${id}::text, 13), '-', ''))::bit(48)::bigint and ${id} = any(${c}.event_ids)`;

const columns = 'event_id, dataset, subject_id, lane, kafka_offset, outcome, applied_at';

/**
 * SQL: a relation with the one outcome of every event, in the columns of `event_log`; with `ids`, an expression of the type `uuid[]`, of
 * those events alone, without reading all there is.
 */
function outcomes(schema: string, ids?: string): string {
  const chunks = ids
    ? `unnest(${ids}) as wanted(id) join ${schema}.applied_chunk c on ${holds('c', 'wanted.id')}`
    : `${schema}.applied_chunk c`;
  return `(select ${columns} from ${schema}.event_log${ids ? ` where event_id = any(${ids})` : ''}
  union all (select distinct on (e.event_id) e.event_id, c.dataset, e.subject_id, e.lane, e.kafka_offset, 'applied', c.applied_at
    from ${chunks}
    cross join lateral unnest(c.event_ids, c.subject_ids, c.lanes, c.kafka_offsets) as e(event_id, subject_id, lane, kafka_offset)
    where not exists (select from ${schema}.event_log l where l.event_id = e.event_id)${ids ? ' and e.event_id = wanted.id' : ''}
    order by e.event_id, c.applied_at))`;
}

/** SQL: a relation with the one outcome of every event, in the columns of `event_log`; reads all there is. */
export const allOutcomes = (schema = 'public'): string => outcomes(schema);

/**
 * SQL: a relation of the places `event_id, dataset, lane, kafka_offset` of all events that have an outcome; one event may have several. It
 * sorts nothing, and so takes a fraction of {@link allOutcomes}.
 */
export const eventPlaces = (schema: string): string =>
  `(select event_id, dataset, lane, kafka_offset from ${schema}.event_log
  union all select e.event_id, c.dataset, e.lane, e.kafka_offset from ${schema}.applied_chunk c
    cross join lateral unnest(c.event_ids, c.lanes, c.kafka_offsets) as e(event_id, lane, kafka_offset))`;

/** SQL: as {@link allOutcomes}, of events whose ids are in an array, an expression of the type `uuid[]`. */
export const outcomesOf = (ids: string, schema = 'public'): string => outcomes(schema, ids);
