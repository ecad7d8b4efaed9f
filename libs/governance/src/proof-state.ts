import { datasets, HuitongError, type DatasetName } from '@huitong/change-event';
import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/** Where facts and source differ, in records: `unstated` ones were published by the source, which does not count them. */
export interface DifferenceCounts {
  readonly missing: number;
  readonly altered: number;
  readonly extra: number;
  readonly unstated: number;
  /** Of all these, those with an open parked event. */
  readonly parked: number;
  /** Of all these, those that the source was asked for again. */
  readonly asked: number;
}

/** How one bucket stands; `narrowed` once its source has said which records it holds. Instants are ISO 8601. */
export interface BucketState {
  readonly lane: number;
  readonly bucket: number;
  readonly equal: boolean;
  readonly equalAsOf: string | null;
  readonly asOf: string;
  readonly stated: number;
  readonly held: number;
  readonly narrowed: boolean;
  /** How many records differ, by kind. */
  readonly records: Readonly<Record<string, number>>;
}

/** How the facts of one dataset stand in one database against what their source states; `unproven` before any checkpoint. */
export interface ProofState {
  readonly dataset: DatasetName;
  readonly department: string;
  readonly database: string;
  readonly verdict: 'equal' | 'differs' | 'unproven';
  /** Every bucket was equal at its lane's checkpoint, the oldest of them stating this instant; null where some never was. */
  readonly equalAsOf: string | null;
  readonly lanes: number;
  readonly lanesProven: number;
  readonly buckets: number;
  readonly differing: number;
  readonly stated: number;
  readonly held: number;
  readonly differences: DifferenceCounts;
  readonly registers: readonly string[];
  readonly bucketStates?: readonly BucketState[];
}

type ProofRow = Omit<ProofState, 'department' | 'database' | 'verdict' | 'equalAsOf' | 'bucketStates'> & {
  readonly equalAsOf: Date | null;
};

/** The proof of each dataset in each database that holds it; with every bucket where asked for. */
export async function proofStates(
  databases: readonly SubjectDatabase[],
  options: { of: readonly DatasetName[] | undefined; withBuckets: boolean },
): Promise<ProofState[]> {
  const found = await Promise.all(
    databases.map(async (database) => {
      const names = database.plan.factTables
        .map(({ dataset }) => dataset)
        .filter((dataset) => options.of === undefined || options.of.includes(dataset));
      if (names.length === 0) return [];
      const rows = await rowsOf<ProofRow>(database.reader, { name: 'proof states', text: statesSql, values: [names] });
      const buckets = options.withBuckets ? await bucketStates(database, names) : undefined;
      return rows.map((row): ProofState => ({
        ...row,
        department: datasets[row.dataset].department,
        database: database.name,
        verdict: row.differing > 0 ? 'differs' : row.lanes > 0 && row.lanesProven === row.lanes ? 'equal' : 'unproven',
        equalAsOf: row.lanesProven === row.lanes ? (row.equalAsOf?.toISOString() ?? null) : null,
        ...(buckets ? { bucketStates: buckets.get(row.dataset) ?? [] } : {}),
      }));
    }),
  );
  return found.flat().toSorted((a, b) => (a.dataset < b.dataset ? -1 : a.dataset > b.dataset ? 1 : 0));
}

const statesSql = `select d.dataset,
  (select count(*) from lane) as lanes,
  p.lanes as "lanesProven", p.buckets, p.differing, p.stated::bigint as stated, p.held::bigint as held, p.as_of as "equalAsOf",
  x.differences, coalesce(r.registers, '{}') as registers
from unnest($1::text[]) d(dataset)
cross join lateral (
  select count(distinct lane) as lanes, count(*) as buckets, count(*) filter (where not equal) as differing,
    coalesce(sum(stated), 0) as stated, coalesce(sum(held), 0) as held,
    case when bool_and(equal_as_of is not null) then min(equal_as_of) end as as_of
  from proof where dataset = d.dataset
) p
cross join lateral (
  select jsonb_build_object('missing', count(*) filter (where kind = 'missing'), 'altered', count(*) filter (where kind = 'altered'),
    'extra', count(*) filter (where kind = 'extra'), 'unstated', count(*) filter (where kind = 'unstated'),
    'parked', count(*) filter (where parked), 'asked', count(request_id)) as differences
  from proof_difference where dataset = d.dataset
) x
cross join lateral (select array_agg(distinct register) as registers from checkpoint where dataset = d.dataset) r`;

async function bucketStates(
  database: SubjectDatabase,
  names: readonly DatasetName[],
): Promise<Map<DatasetName, BucketState[]>> {
  type Row = Omit<BucketState, 'asOf' | 'equalAsOf'> & { dataset: DatasetName; asOf: Date; equalAsOf: Date | null };
  const rows = await rowsOf<Row>(database.reader, {
    text: `select dataset, lane, bucket, equal, equal_as_of as "equalAsOf", as_of as "asOf", stated, held, narrowed,
        coalesce(case when not equal then (select jsonb_object_agg(kind, count) from (
          select kind, count(*) as count from proof_difference d
          where d.dataset = p.dataset and d.lane = p.lane and d.bucket = p.bucket group by kind) k) end, '{}') as records
      from proof p where dataset = any($1) order by dataset, lane, bucket`,
    values: [names],
  });
  const states = new Map<DatasetName, BucketState[]>();
  for (const { dataset, asOf, equalAsOf, ...rest } of rows) {
    const state = { ...rest, asOf: asOf.toISOString(), equalAsOf: equalAsOf?.toISOString() ?? null };
    states.set(dataset, [...(states.get(dataset) ?? []), state]);
  }
  return states;
}

/** What an operator asked for with a dataset's proof; `outcome` is null while the sync service is at it. */
export interface ProofRequest {
  readonly database: string;
  readonly id: number;
  readonly outcome: string | null;
  readonly repaired: number;
}

/**
 * Asks for a proof now, and perhaps a repair of at most so many rows, of every database that holds the dataset. The row is for
 * the sync service, which owns the lanes; the source hears of it when it next asks what is wanted of it.
 */
export async function requestProof(
  databases: readonly SubjectDatabase[],
  request: { dataset: DatasetName; repair: boolean; atMost: number; by: string; reason: string | undefined },
): Promise<ProofRequest[]> {
  const { dataset, repair, atMost, by, reason } = request;
  return Promise.all(
    databases
      .filter(({ plan }) => plan.factTables.some((fact) => fact.dataset === dataset))
      .map(async (database) => {
        const [row] = await rowsOf<{ id: number }>(database.operator, {
          text: `insert into proof_request (dataset, repair, at_most, requested_by, reason) values ($1, $2, $3, $4, $5) returning id`,
          values: [dataset, repair, atMost, by, reason ?? null],
        });
        return { database: database.name, id: row!.id, outcome: null, repaired: 0 };
      }),
  );
}

/** What became of a request; NOT_FOUND where there is none of that number. */
export async function proofRequest(database: SubjectDatabase, id: number): Promise<ProofRequest> {
  const [row] = await rowsOf<{ outcome: string | null; repaired: number }>(database.reader, {
    name: 'proof request',
    text: 'select outcome, repaired from proof_request where id = $1',
    values: [id],
  });
  if (!row) throw new HuitongError('NOT_FOUND', '没有这个核对请求 / there is no such request');
  return { database: database.name, id, ...row };
}

/** A request for a proof with who asked, why, and how far it is; instants are ISO 8601. */
export interface AskedProof extends ProofRequest {
  readonly dataset: DatasetName;
  readonly repair: boolean;
  readonly atMost: number;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
  readonly doneAt: string | null;
}

/** The newest requests for proofs and repairs, those of all databases together. */
export async function listProofRequests(databases: readonly SubjectDatabase[], limit: number): Promise<AskedProof[]> {
  type Row = Omit<AskedProof, 'database' | 'at' | 'doneAt'> & { at: Date; doneAt: Date | null };
  const found = await Promise.all(
    databases.map(async (database) => {
      const rows = await rowsOf<Row>(database.reader, {
        name: 'proof requests',
        text: `select id, dataset, repair, at_most as "atMost", repaired, requested_by as by, reason, requested_at as at,
          done_at as "doneAt", outcome from proof_request order by id desc limit $1`,
        values: [limit],
      });
      return rows.map(({ at, doneAt, ...row }): AskedProof => ({
        database: database.name,
        ...row,
        at: at.toISOString(),
        doneAt: doneAt?.toISOString() ?? null,
      }));
    }),
  );
  return found
    .flat()
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, limit);
}
