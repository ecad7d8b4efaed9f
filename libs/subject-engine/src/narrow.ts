import { bucketsPerLane, laneOf, toHex, type DatasetName, type Inventory } from '@huitong/change-event';
import { inTransaction, type Connection, type Database } from '@huitong/postgres';
import { outcomesOf } from './event-outcomes.ts';
import { arrayLiteral } from './parameters.ts';
import type { ProofStatements } from './proof-sql.ts';
import type { ProofPoint } from './prover.ts';

interface NarrowOptions {
  readonly snapshot: Connection;
  readonly database: Database;
  readonly dataset: DatasetName;
  readonly statements: ProofStatements;
  readonly points: readonly ProofPoint[];
  /** How many lanes there are. */
  readonly lanes: number;
}

/** A bucket whose records all registers have stated; `key` is its number over all lanes. */
interface StatedBucket {
  readonly key: number;
  readonly lane: number;
  readonly bucket: number;
  readonly as_of: Date;
  readonly records: Inventory['records'];
}

interface HeldRow {
  readonly lane: number | null;
  readonly bucket: number;
  readonly subject_id: string;
  readonly source_record_id: string;
  readonly event_id: string;
  readonly digest: string;
}

/** A record in which facts and source differ. */
interface Difference {
  readonly lane: number;
  readonly bucket: number;
  readonly subjectId: string;
  readonly sourceRecordId: string;
  /** `unstated`: its source published it, and does not count it. `extra`: nobody published it. */
  readonly kind: 'missing' | 'altered' | 'extra' | 'unstated';
  readonly statedVersion: number | null;
  readonly heldDigest: string | null;
}

/**
 * Narrows differing buckets to their records, by the inventories that stand at these points of the stream. A bucket that
 * some register has not answered for yet is left for later. One whose records turn out to be those that are stated is proved
 * equal by that: a register had published since its last checkpoint when another one stated its own.
 */
export async function narrow(options: NarrowOptions): Promise<void> {
  const { snapshot, database, dataset, statements, points, lanes } = options;
  const stated = await statedBuckets(snapshot, dataset, points);
  if (stated.length === 0) return;
  const { rows } = await snapshot.query<HeldRow>(statements.rows, [stated.map(({ key }) => key)]);
  const held = Map.groupBy(
    rows,
    ({ lane, bucket, subject_id }) => (lane ?? laneOf(subject_id, lanes)) * bucketsPerLane + bucket,
  );
  const found = stated.flatMap((bucket) => differencesOf(bucket, held.get(bucket.key) ?? []));
  const published = await publishedAmong(
    snapshot,
    dataset,
    statements,
    found.flatMap(({ row }) => (row ? [row] : [])),
  );
  const differences = found.map(({ row, ...difference }): Difference =>
    row && difference.kind === 'extra' && published.has(row) ? { ...difference, kind: 'unstated' } : difference,
  );
  await write(database, dataset, { stated, differences, points });
}

/** The differing buckets that are answered for: by every register that states records in them, at the point or since the proof. */
async function statedBuckets(
  snapshot: Connection,
  dataset: DatasetName,
  points: readonly ProofPoint[],
): Promise<StatedBucket[]> {
  const { rows } = await snapshot.query<Omit<StatedBucket, 'key'>>(
    `select p.lane, p.bucket, coalesce(i.records, '[]') as records, coalesce(registers.as_of, p.as_of) as as_of
     from proof p join unnest($2::smallint[], $3::bigint[]) as w(lane, first) on w.lane = p.lane
     cross join lateral (
       select count(*) filter (where i.register is null and asked.here) as open, bool_or(i.kafka_offset >= w.first) as answered,
         max(i.as_of) as as_of
       from (
         select c.register, exists (select 1 from jsonb_array_elements(c.buckets) b where (b->>'bucket')::int = p.bucket) as here
         from checkpoint c where c.dataset = p.dataset and c.lane = p.lane
       ) asked
       left join inventory i on i.dataset = p.dataset and i.lane = p.lane and i.bucket = p.bucket
         and i.register = asked.register and i.kafka_offset > p.kafka_offset
     ) registers
     left join lateral (
       select jsonb_agg(r) as records from inventory i cross join lateral jsonb_array_elements(i.records) r
       where i.dataset = p.dataset and i.lane = p.lane and i.bucket = p.bucket and i.kafka_offset > p.kafka_offset
     ) i on true
     where p.dataset = $1 and not p.equal and not p.narrowed and registers.open = 0 and registers.answered`,
    [dataset, points.map(({ lane }) => lane), points.map(({ from }) => from)],
  );
  return rows.map((row) => ({ ...row, key: row.lane * bucketsPerLane + row.bucket }));
}

function differencesOf(
  { lane, bucket, records }: StatedBucket,
  held: readonly HeldRow[],
): (Difference & { row?: HeldRow })[] {
  const keyOf = (subjectId: string, sourceRecordId: string): string => `${subjectId}\n${sourceRecordId}`;
  const rows = new Map(held.map((row) => [keyOf(row.subject_id, row.source_record_id), row]));
  const differences: (Difference & { row?: HeldRow })[] = [];
  for (const { subjectId, sourceRecordId, sourceVersion, digest } of records) {
    const key = keyOf(subjectId, sourceRecordId);
    const row = rows.get(key);
    rows.delete(key);
    const heldDigest = row ? toHex(BigInt(row.digest)) : null;
    if (heldDigest === digest) continue;
    const kind = row ? 'altered' : 'missing';
    differences.push({ lane, bucket, subjectId, sourceRecordId, kind, statedVersion: sourceVersion, heldDigest });
  }
  for (const row of rows.values())
    differences.push({
      lane,
      bucket,
      subjectId: row.subject_id,
      sourceRecordId: row.source_record_id,
      kind: 'extra',
      statedVersion: null,
      heldDigest: toHex(BigInt(row.digest)),
      row,
    });
  return differences;
}

/** Rows that an event of their subject led to, and no other row claims: these a source published, whatever it states. */
async function publishedAmong(
  snapshot: Connection,
  dataset: DatasetName,
  { carriers }: ProofStatements,
  rows: readonly HeldRow[],
): Promise<Set<HeldRow>> {
  if (rows.length === 0) return new Set();
  const ids = [rows.map(({ event_id }) => event_id)];
  const alone = await snapshot.query<{ event_id: string; count: number }>(carriers, ids);
  const logged = await snapshot.query<{ event_id: string; subject_id: string }>(
    `select event_id, subject_id from ${outcomesOf('$1::uuid[]')} o where dataset = $2`,
    [...ids, dataset],
  );
  const once = new Set(alone.rows.filter(({ count }) => count === 1).map(({ event_id }) => event_id));
  const subjects = new Map(logged.rows.map(({ event_id, subject_id }) => [event_id, subject_id]));
  return new Set(rows.filter((row) => once.has(row.event_id) && subjects.get(row.event_id) === row.subject_id));
}

async function write(
  database: Database,
  dataset: DatasetName,
  found: { stated: readonly StatedBucket[]; differences: readonly Difference[]; points: readonly ProofPoint[] },
): Promise<void> {
  const { stated, differences, points } = found;
  const offsets = new Map(points.map(({ lane, offset }) => [lane, offset]));
  await inTransaction(database, async (connection) => {
    const { rows } = await connection.query<{ lane: number; bucket: number }>(
      `update proof p set narrowed = true
       from unnest($2::smallint[], $3::smallint[], $4::bigint[]) as w(lane, bucket, kafka_offset)
       where p.dataset = $1 and p.lane = w.lane and p.bucket = w.bucket and not p.equal and p.kafka_offset <= w.kafka_offset
       returning p.lane, p.bucket`,
      [
        dataset,
        ...[
          stated.map(({ lane }) => lane),
          stated.map(({ bucket }) => bucket),
          stated.map(({ lane }) => offsets.get(lane)!),
        ].map(arrayLiteral),
      ],
    );
    const done = new Set(rows.map(({ lane, bucket }) => lane * bucketsPerLane + bucket));
    const keys = [rows.map(({ lane }) => lane), rows.map(({ bucket }) => bucket)].map(arrayLiteral);
    for (const table of ['proof_difference', 'inventory'])
      await connection.query(
        `delete from ${table} d using unnest($2::smallint[], $3::smallint[]) as w(lane, bucket)
         where d.dataset = $1 and d.lane = w.lane and d.bucket = w.bucket`,
        [dataset, ...keys],
      );
    const some = differences.filter(({ lane, bucket }) => done.has(lane * bucketsPerLane + bucket));
    const differing = new Set(some.map(({ lane, bucket }) => lane * bucketsPerLane + bucket));
    const equal = stated.filter(({ key }) => done.has(key) && !differing.has(key));
    await writeEqual(connection, dataset, equal, offsets);
    await connection.query(
      `insert into proof_difference
         (dataset, lane, bucket, subject_id, source_record_id, kind, stated_version, held_digest, parked)
       select $1, d.*, exists (select 1 from parked p where p.state = 'parked' and p.dataset = $1
         and p.subject_id = d.subject_id and p.source_record_id = d.source_record_id)
       from unnest($2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[])
         as d(lane, bucket, subject_id, source_record_id, kind, stated_version, held_digest)`,
      [
        dataset,
        ...[
          some.map(({ lane }) => lane),
          some.map(({ bucket }) => bucket),
          some.map(({ subjectId }) => subjectId),
          some.map(({ sourceRecordId }) => sourceRecordId),
          some.map(({ kind }) => kind),
          some.map(({ statedVersion }) => statedVersion),
          some.map(({ heldDigest }) => heldDigest),
        ].map(arrayLiteral),
      ],
    );
  });
}

/** Writes down that the facts of these buckets are what was stated of them. */
async function writeEqual(
  connection: Connection,
  dataset: DatasetName,
  equal: readonly StatedBucket[],
  offsets: ReadonlyMap<number, number>,
): Promise<void> {
  if (equal.length === 0) return;
  const sumOf = ({ records }: StatedBucket): string =>
    toHex(records.reduce((sum, { digest }) => BigInt.asUintN(64, sum + BigInt(`0x${digest}`)), 0n));
  await connection.query(
    `update proof p set narrowed = false, kafka_offset = w.kafka_offset, as_of = w.as_of, equal_as_of = w.as_of,
       stated = w.count, held = w.count, stated_sum = w.sum, held_sum = w.sum,
       recheck_from = case when w.kafka_offset < p.recheck_from then p.recheck_from end
     from unnest($2::smallint[], $3::smallint[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::text[])
       as w(lane, bucket, kafka_offset, as_of, count, sum)
     where p.dataset = $1 and p.lane = w.lane and p.bucket = w.bucket`,
    [
      dataset,
      ...[
        equal.map(({ lane }) => lane),
        equal.map(({ bucket }) => bucket),
        equal.map(({ lane }) => offsets.get(lane)!),
        equal.map(({ as_of }) => as_of.toISOString()),
        equal.map(({ records }) => records.length),
        equal.map(sumOf),
      ].map(arrayLiteral),
    ],
  );
}
