import type { DatasetName } from '@huitong/change-event';
import { inTransaction, type Connection, type Database } from '@huitong/postgres';
import { chunksOf, Generation, lockLanes } from './compare.ts';
import { compileDigest } from './digest-sql.ts';
import { relinkIdentities } from './identity.ts';
import { arrayLiteral } from './parameters.ts';
import { quoted, type DatabasePlan, type FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

interface Request {
  readonly id: number;
  readonly dataset: DatasetName;
  readonly repair: boolean;
  readonly at_most: number;
  readonly repaired: number;
  readonly expired: boolean;
}

interface Candidate {
  readonly lane: number;
  readonly bucket: number;
  readonly subject_id: string;
  readonly source_record_id: string;
  readonly kind: 'missing' | 'altered' | 'extra';
  readonly held_digest: string | null;
}

/** Differences that one transaction deals with; more are left for the next look. */
const repairsAtOnce = 500;

/**
 * Does what operators asked for with the proofs of these lanes, and closes each request that has come to an end. A repair asks
 * the source again for what is missing or altered, and takes out what nobody published; never more rows of a dataset than the
 * operator allowed, never what its source published, and not what has an open parked event. Returns the requests looked at.
 */
export async function doProofRequests(
  database: Database,
  plan: DatabasePlan,
  lanes: readonly number[],
): Promise<number> {
  const { rows } = await database.query<{ id: number; dataset: string }>(
    'select id, dataset from proof_request where done_at is null and dataset = any($1) order by id limit 100',
    [plan.factTables.map(({ dataset }) => dataset)],
  );
  for (const { id } of rows)
    await inTransaction(database, async (connection) => {
      const open = await connection.query<Request>(
        `select id, dataset, repair, at_most, repaired, expires_at < now() as expired from proof_request
         where id = $1 and done_at is null for update`,
        [id],
      );
      const request = open.rows[0];
      if (!request) return;
      const outcome = request.expired
        ? 'expired'
        : ((request.repair ? await repair(connection, plan, request, lanes) : undefined) ??
          (await conclusion(connection, request)));
      if (outcome)
        await connection.query('update proof_request set done_at = now(), outcome = $2 where id = $1', [id, outcome]);
    });
  return rows.length;
}

/** Answers `refused` where more rows would be changed than the operator allowed, over all lanes; nothing is changed then. */
async function repair(
  connection: Connection,
  plan: DatabasePlan,
  request: Request,
  lanes: readonly number[],
): Promise<string | undefined> {
  const { rows } = await connection.query<Candidate>(
    `select lane, bucket, subject_id, source_record_id, kind, held_digest from proof_difference
     where dataset = $1 and request_id is null and not parked and kind <> 'unstated'
     order by lane, bucket, subject_id, source_record_id`,
    [request.dataset],
  );
  const changing = rows.filter(({ kind }) => kind !== 'missing').length;
  if (request.repaired + changing > request.at_most) return `refused: ${request.repaired + changing}`;
  const some = rows.filter(({ lane }) => lanes.includes(lane)).slice(0, repairsAtOnce);
  if (some.length === 0) return undefined;
  const wanted = some.filter(({ kind }) => kind !== 'extra');
  await connection.query(
    `update proof_difference d set request_id = $2
     from unnest($3::smallint[], $4::text[], $5::text[]) as w(lane, subject_id, source_record_id)
     where d.dataset = $1 and d.lane = w.lane and d.subject_id = w.subject_id and d.source_record_id = w.source_record_id`,
    [request.dataset, request.id, ...keysOf(wanted)],
  );
  const extra = some.filter(({ kind }) => kind === 'extra');
  if (extra.length > 0) await takeOut(connection, plan, request, extra);
  await connection.query('update proof_request set repaired = repaired + $2 where id = $1', [
    request.id,
    some.filter(({ kind }) => kind !== 'missing').length,
  ]);
  return undefined;
}

const keysOf = (rows: readonly Candidate[]): string[] =>
  [
    rows.map(({ lane }) => lane),
    rows.map(({ subject_id }) => subject_id),
    rows.map(({ source_record_id }) => source_record_id),
  ].map(arrayLiteral);

/** Takes out rows that nobody published, if they still are what they were, and derives their subjects' records anew. */
async function takeOut(
  connection: Connection,
  plan: DatabasePlan,
  request: Request,
  extra: readonly Candidate[],
): Promise<void> {
  const fact = plan.factTables.find(({ dataset }) => dataset === request.dataset)!;
  // Links between ids may change, so all lanes; it is rare and short.
  const lanes = await lockLanes(connection);
  const alias = fact.aliasColumn ? `f.${quoted(fact.aliasColumn)}` : 'null::text';
  const { rows } = await connection.query<{ subject_id: string; old_alias: string | null }>(
    `with gone as (
      delete from ${fact.table} f using unnest($1::smallint[], $2::text[], $3::text[], $4::text[])
        as w(lane, subject_id, source_record_id, digest)
      where f.subject_id = w.subject_id and f.source_record_id = w.source_record_id and ${compileDigest(fact).hex} = w.digest
      returning w.lane, f.subject_id, f.source_record_id, ${alias} as old_alias, to_jsonb(f) as fact
    ), kept as (
      insert into repaired_fact (dataset, lane, subject_id, source_record_id, kind, fact, request_id)
      select $5, lane, subject_id, source_record_id, 'taken out', fact, $6 from gone
    )
    select subject_id, old_alias from gone`,
    [...keysOf(extra), arrayLiteral(extra.map(({ held_digest }) => held_digest)), request.dataset, request.id],
  );
  await recompute(connection, plan, fact, rows, lanes);
  await connection.query(
    `with settled as (
      delete from proof_difference d using unnest($2::smallint[], $3::text[], $4::text[]) as w(lane, subject_id, source_record_id)
      where d.dataset = $1 and d.lane = w.lane and d.subject_id = w.subject_id and d.source_record_id = w.source_record_id
      returning d.lane, d.bucket
    )
    update proof p set recheck_from = greatest(p.recheck_from, (l.next_offsets->>$5)::bigint)
    from (select distinct lane, bucket from settled) s join lane l using (lane)
    where p.dataset = $1 and p.lane = s.lane and p.bucket = s.bucket`,
    [request.dataset, ...keysOf(extra), fact.topic],
  );
}

async function recompute(
  connection: Connection,
  plan: DatabasePlan,
  fact: FactTable,
  gone: readonly { subject_id: string; old_alias: string | null }[],
  lanes: number,
): Promise<void> {
  for (const subject of plan.subjects) {
    if (!subject.factTables.includes(fact)) continue;
    // What linked two ids may be gone: as if an event had withdrawn it.
    const relinked = gone.flatMap(({ subject_id, old_alias }) =>
      old_alias === null || !subject.hasAliases
        ? []
        : [{ message: withdrawn(fact.dataset, subject_id), aliases: [old_alias] }],
    );
    const touched = relinked.length > 0 ? await relinkIdentities(connection, subject, relinked) : [];
    const ids = [...gone.map(({ subject_id }) => subject_id), ...touched.map(({ subjectId }) => subjectId)];
    const generation = new Generation(subject, subject.table);
    for await (const some of chunksOf(connection, subject, { ids })) await generation.repair(connection, some, lanes);
  }
}

/** As much of an event as links between ids are rebuilt from. */
const withdrawn = (dataset: DatasetName, subjectId: string): EventIncoming =>
  ({ kind: 'event', dataset, subjectId }) as unknown as EventIncoming;

/**
 * How a request ended: every lane was looked at since, and all is equal, or what differs has been narrowed down and nothing
 * is under way that might mend it. Undefined while it goes on.
 */
async function conclusion(connection: Connection, { id, dataset }: Request): Promise<string | undefined> {
  const { rows } = await connection.query<{ unchecked: number; differing: number; going: number; wanted: number }>(
    `select
      (select count(*) from lane l where not exists (select 1 from proof p where p.dataset = r.dataset and p.lane = l.lane
        and p.bucket = 0 and p.checked_at >= r.requested_at)) as unchecked,
      (select count(*) from proof p where p.dataset = r.dataset and not p.equal) as differing,
      (select count(*) from proof p where p.dataset = r.dataset and (p.recheck_from is not null or not p.equal and not p.narrowed)) as going,
      (select count(*) from proof_difference d where d.dataset = r.dataset and r.repair and (d.request_id is not null
        or not d.parked and d.kind <> 'unstated')) as wanted
     from proof_request r where r.id = $1 and r.dataset = $2`,
    [id, dataset],
  );
  const { unchecked, differing, going, wanted } = rows[0]!;
  if (unchecked > 0) return undefined;
  if (differing === 0) return 'equal';
  return going + wanted === 0 ? 'differs' : undefined;
}
