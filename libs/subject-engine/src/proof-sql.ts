import { bucketsPerLane } from '@huitong/change-event';
import { compileDigest } from './digest-sql.ts';
import type { FactTable } from './plan.ts';

/** Compiled statements that look at the facts of one dataset as its checkpoints do. */
export interface ProofStatements {
  /** $1 lanes: rows `lane, bucket, count, sum`; those without a lane, which nobody but a hand writes, with their subject. */
  readonly sums: string;
  /** $1 buckets as `lane * buckets a lane + bucket`: the rows of these, and those without a lane of any of them. */
  readonly rows: string;
  /** $1 event ids: how many rows carry each. */
  readonly carriers: string;
}

/** Compiles them. Both read the whole table once: an index over lanes would cost every event more than proofs gain. */
export function compileProof(fact: FactTable): ProofStatements {
  const { bucket, digest } = compileDigest(fact);
  return {
    sums: `select lane, subject_id, bucket::int, count(*) as count, sum(digest)::text as sum from (
  select f.lane, case when f.lane is null then f.subject_id end as subject_id, ${bucket} as bucket, ${digest} as digest
  from ${fact.table} f where f.lane = any($1::smallint[]) or f.lane is null
) s group by 1, 2, 3`,
    rows: `select f.lane, ${bucket}::int as bucket, f.subject_id, f.source_record_id, f.event_id, (${digest})::text as digest
  from ${fact.table} f
  where f.lane * ${bucketsPerLane} + ${bucket} = any($1::int[])
    or f.lane is null and ${bucket} = any(select b % ${bucketsPerLane} from unnest($1::int[]) b)`,
    carriers: `select event_id, count(*) as count from ${fact.table} where event_id = any($1::uuid[]) group by 1`,
  };
}

/** Writes how buckets stand. $1 dataset, then arrays: lanes, buckets, offsets, as of, stated, stated sums, held, held sums; $10 checked at. */
export const writeProofs = `insert into proof as p
  (dataset, lane, bucket, kafka_offset, as_of, stated, stated_sum, held, held_sum, checked_at, equal_as_of)
select $1, i.*, $10::timestamptz, case when stated = held and stated_sum = held_sum then as_of end
from unnest($2::smallint[], $3::smallint[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::text[], $8::bigint[], $9::text[])
  as i(lane, bucket, kafka_offset, as_of, stated, stated_sum, held, held_sum)
on conflict (dataset, lane, bucket) do update set
  kafka_offset = excluded.kafka_offset, as_of = excluded.as_of, checked_at = excluded.checked_at,
  stated = excluded.stated, stated_sum = excluded.stated_sum, held = excluded.held, held_sum = excluded.held_sum,
  equal_as_of = coalesce(excluded.equal_as_of, p.equal_as_of),
  -- The same difference as before needs no second look at its records.
  narrowed = p.narrowed and (p.stated, p.stated_sum, p.held, p.held_sum) = (excluded.stated, excluded.stated_sum, excluded.held, excluded.held_sum),
  recheck_from = case when excluded.kafka_offset < p.recheck_from then p.recheck_from end
where p.kafka_offset <= excluded.kafka_offset`;
