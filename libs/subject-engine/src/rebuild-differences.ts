import { HuitongError, laneOf } from '@huitong/change-event';
import type { Queryable } from '@huitong/postgres';
import { differencesSql, isDifferent } from './compare-sql.ts';
import type { DifferenceCounts, RecordDifference } from './compare.ts';
import type { SubjectPlan } from './plan.ts';
import { asHistory } from './record-sql.ts';

/** A table with records of a subject that is not the live one. */
interface Beside {
  readonly subject: SubjectPlan;
  readonly table: string;
}

const examplesMax = 1_000;

/** Holds the live table against the candidate; all of it, or the given ids. */
export async function differencesBetween(
  database: Queryable,
  { subject, table }: Beside,
  ids?: readonly string[],
): Promise<{ counts: DifferenceCounts; ids: string[] }> {
  const some = (name: string): string => (ids ? `(select * from ${name} where id = any($1::text[]))` : name);
  const { rows } = await database.query<Omit<RecordDifference, 'id'> & { ids: string[] }>(
    `select kind, fields, array_agg(id order by id) as ids
    from (${differencesSql(subject, some(table), some(subject.table))}) s group by kind, fields`,
    ids ? [ids] : [],
  );
  const counts: DifferenceCounts = { missing: 0, extra: 0, differing: 0, fields: {}, examples: [] };
  for (const { kind, fields, ids: found } of rows) {
    counts[kind] += found.length;
    for (const field of fields) counts.fields[field] = (counts.fields[field] ?? 0) + found.length;
    const room = examplesMax - counts.examples.length;
    counts.examples.push(...found.slice(0, room).map((id) => ({ id, kind, fields })));
  }
  return { counts, ids: rows.flatMap((row) => row.ids) };
}

/** Throws INTERNAL where the found differences do not explain the numbers of records: then something that differs was not looked at. */
export function assertAddsUp(
  subject: SubjectPlan,
  { live, next }: { readonly live: number; readonly next: number },
  { missing, extra }: DifferenceCounts,
): void {
  if (next - live !== missing - extra)
    throw new HuitongError('INTERNAL', 'swapping in a generation whose number of records does not add up', {
      context: { subject: subject.name, live, next, missing, extra },
    });
}

/** One history row for each record that readers will see change by the swap. */
export async function announce(
  connection: Queryable,
  { subject, table }: Beside,
  ids: readonly string[],
  lanes: number,
): Promise<void> {
  if (ids.length === 0) return;
  await connection.query(
    `insert into ${subject.historyTable} (lane, subject_id, dataset, event_ids, before, after, recorded_at)
    select x.lane, x.id, 'rebuild', '{}', case when r.id is not null then ${asHistory(subject.fields, 'r')} end,
      case when d.id is not null then ${asHistory(subject.fields, 'd')} end, now()
    from unnest($1::text[], $2::smallint[]) as x(id, lane)
    left join ${table} d on d.id = x.id left join ${subject.table} r on r.id = x.id where ${isDifferent(subject)}`,
    [ids, ids.map((id) => laneOf(id, lanes))],
  );
}

/** Readers that would not let go of the table in time. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof HuitongError && error.context['sqlState'] === '55P03';
