import type { Queryable } from '@huitong/postgres';
import { arrayLiteral } from './parameters.ts';
import { parkedKeyOf, type EventOutcome } from './parked.ts';
import type { FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

/**
 * Compiles the statement that lets the source's own event replace a row that was altered by hand: $1 subject ids, $2 source
 * record ids. The row gets a version below all others, so that the event is applied to it like any newer one, with all that
 * follows; as it was it is kept in `repaired_fact`, with the request that asked for it.
 */
export function compileSetAside(fact: FactTable): string {
  return `with aside as (
  update ${fact.table} f set source_version = -9223372036854775808
  from unnest($1::text[], $2::text[]) as w(subject_id, source_record_id)
  where f.subject_id = w.subject_id and f.source_record_id = w.source_record_id
  returning f.subject_id, f.source_record_id, to_jsonb(old) as fact
)
insert into repaired_fact (dataset, lane, subject_id, source_record_id, kind, fact, request_id)
select d.dataset, d.lane, d.subject_id, d.source_record_id, 'replaced', a.fact, d.request_id
from aside a join proof_difference d using (subject_id, source_record_id)
where d.dataset = '${fact.dataset}' and d.request_id is not null`;
}

/** Runs what {@link compileSetAside} compiled, within the transaction that applies the events. */
export async function setAside(connection: Queryable, text: string, events: readonly EventIncoming[]): Promise<void> {
  await connection.query(text, [
    arrayLiteral(events.map(({ subjectId }) => subjectId)),
    arrayLiteral(events.map(({ event }) => event.source_record_id)),
  ]);
}

/** Takes off the list what was asked for and has come, and has its buckets looked at again from here on. */
export async function settleWanted(
  connection: Queryable,
  outcomes: readonly EventOutcome[],
  wanted: ReadonlyMap<string, number>,
): Promise<void> {
  const came = outcomes.flatMap(({ message, outcome }) => {
    if (message.kind !== 'event' || (outcome !== 'applied' && outcome !== 'duplicate')) return [];
    const version = wanted.get(parkedKeyOf(message));
    return version !== undefined && message.event.source_version >= version ? [message] : [];
  });
  if (came.length === 0) return;
  await connection.query(
    `with gone as (
      delete from proof_difference d using unnest($1::text[], $2::smallint[], $3::text[], $4::text[], $5::bigint[])
        as c(dataset, lane, subject_id, source_record_id, kafka_offset)
      where d.dataset = c.dataset and d.lane = c.lane and d.subject_id = c.subject_id and d.source_record_id = c.source_record_id
      returning d.dataset, d.lane, d.bucket, c.kafka_offset
    )
    update proof p set recheck_from = greatest(p.recheck_from, g.kafka_offset)
    from (select dataset, lane, bucket, max(kafka_offset) as kafka_offset from gone group by 1, 2, 3) g
    where p.dataset = g.dataset and p.lane = g.lane and p.bucket = g.bucket`,
    [
      came.map(({ dataset }) => dataset),
      came.map(({ lane }) => lane),
      came.map(({ subjectId }) => subjectId),
      came.map(({ event }) => event.source_record_id),
      came.map(({ offset }) => offset),
    ].map(arrayLiteral),
  );
}
