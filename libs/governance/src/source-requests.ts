import { HuitongError, type DatasetName, type SourceRequest } from '@huitong/change-event';
import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/** Buckets and records in one request at most; what is left comes with the next. */
const bucketsAtOnce = 64;
const recordsAtOnce = 1_000;

/**
 * All that is wanted of the sources of these datasets, derived from how their proofs stand: a request ends by itself when its
 * answer has arrived, and nothing is lost when an answer is. For the providing departments only: records are named by id.
 */
export async function sourceRequests(
  databases: readonly SubjectDatabase[],
  of: readonly DatasetName[],
): Promise<SourceRequest[]> {
  const found = await Promise.all(
    databases.map(async (database) => {
      const names = database.plan.factTables.map(({ dataset }) => dataset).filter((dataset) => of.includes(dataset));
      if (names.length === 0) return [];
      const rows = await rowsOf<{
        dataset: DatasetName;
        kind: string;
        mark: string;
        register: string;
        wanted: unknown;
      }>(database.reader, { name: 'source requests', text: requestsSql, values: [names] });
      return rows.map(({ dataset, kind, mark, register, wanted }): SourceRequest => {
        const base = { id: `${database.name}/${kind}/${mark}`, database: database.name, dataset };
        switch (kind) {
          case 'checkpoint':
            return { ...base, kind };
          case 'inventory':
            return { ...base, kind, register, buckets: wanted as [] };
          case 'records':
            return { ...base, kind, records: wanted as [] };
          default:
            throw new HuitongError('INTERNAL', 'reading a request to a source of an unknown kind');
        }
      });
    }),
  );
  return found.flat();
}

const requestsSql = `select r.dataset, 'checkpoint' as kind, '' as register, max(r.id)::text
  || coalesce('-' || (select max(p.recheck_from) from proof p where p.dataset = r.dataset)::text, '') as mark, null::jsonb as wanted
from proof_request r
where r.dataset = any($1) and r.done_at is null and r.expires_at > now() and (
  exists (select 1 from lane l left join proof p on p.dataset = r.dataset and p.lane = l.lane and p.bucket = 0
    where p.checked_at is null or p.checked_at < r.requested_at)
  or exists (select 1 from proof p where p.dataset = r.dataset and p.recheck_from is not null)
    and not exists (select 1 from proof_difference d where d.dataset = r.dataset and d.request_id is not null))
group by r.dataset
union all
select dataset, 'inventory', register, min(dataset) || '-' || min(register) || '-' || max(kafka_offset) || '-' || count(*) || '-' || min(key),
  jsonb_agg(jsonb_build_object('lane', lane, 'bucket', bucket) order by lane, bucket)
from (
  select p.dataset, p.lane, p.bucket, p.lane * 1000 + p.bucket as key, p.kafka_offset, c.register,
    row_number() over (partition by p.dataset, c.register order by p.lane, p.bucket) as number
  from proof p join checkpoint c using (dataset, lane)
  where p.dataset = any($1) and not p.equal and not p.narrowed
    and (exists (select 1 from jsonb_array_elements(c.buckets) b where (b->>'bucket')::int = p.bucket)
      or not exists (select 1 from checkpoint o, jsonb_array_elements(o.buckets) b
        where o.dataset = p.dataset and o.lane = p.lane and (b->>'bucket')::int = p.bucket))
    and not exists (select 1 from inventory i where i.dataset = p.dataset and i.lane = p.lane and i.bucket = p.bucket
      and i.register = c.register and i.kafka_offset > p.kafka_offset)
) wanted where number <= ${bucketsAtOnce} group by dataset, register
union all
select dataset, 'records', '', min(dataset) || '-' || max(request_id) || '-' || count(*) || '-' || md5(string_agg(subject_id || source_record_id, ',' order by subject_id, source_record_id)),
  jsonb_agg(jsonb_build_object('subjectId', subject_id, 'sourceRecordId', source_record_id))
from (
  select *, row_number() over (partition by dataset order by lane, subject_id, source_record_id) as number
  from proof_difference where dataset = any($1) and request_id is not null
) wanted where number <= ${recordsAtOnce} group by dataset`;
