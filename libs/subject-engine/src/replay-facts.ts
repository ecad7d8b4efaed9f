import type { DatasetName } from '@huitong/change-event';
import type { Queryable } from '@huitong/postgres';
import { envelopeColumns, quoted, type DatabasePlan, type FactTable } from './plan.ts';
import { filling } from './replay-schema.ts';

/** A fact that the replayed generation and the live one do not agree on. */
export interface FactDifference {
  readonly subject_id: string;
  readonly source_record_id: string;
  /** `missing` in the live one, `extra` there, or `differing`. */
  readonly kind: 'missing' | 'extra' | 'differing';
}

/** Differences by dataset. */
export type FactDifferences = ReadonlyMap<DatasetName, readonly FactDifference[]>;

const columnsOf = (fact: FactTable): string[] => [
  ...envelopeColumns.map(({ name }) => name),
  ...fact.columns.map(({ name }) => quoted(name)),
];

/**
 * Holds the facts of both generations against each other; all of them, or those of the given ids. When a fact was applied is
 * not part of it.
 */
export async function factDifferences(
  database: Queryable,
  plan: DatabasePlan,
  ids?: ReadonlyMap<DatasetName, ReadonlySet<string>>,
): Promise<Map<DatasetName, FactDifference[]>> {
  const found = new Map<DatasetName, FactDifference[]>();
  for (const fact of plan.factTables) {
    const some = ids ? [...(ids.get(fact.dataset) ?? [])] : undefined;
    if (some?.length === 0) continue;
    const from = (schema: string): string =>
      some ? `(select * from ${schema}.${fact.table} where subject_id = any($1::text[]))` : `${schema}.${fact.table}`;
    const row = (alias: string): string =>
      `row(${columnsOf(fact)
        .map((column) => `${alias}.${column}`)
        .join(', ')})`;
    const { rows } = await database.query<FactDifference>(
      `select coalesce(n.subject_id, l.subject_id) as subject_id, coalesce(n.source_record_id, l.source_record_id) as source_record_id,
        case when l.subject_id is null then 'missing' when n.subject_id is null then 'extra' else 'differing' end as kind
      from ${from(filling)} n full join ${from('public')} l
        on n.subject_id = l.subject_id and n.source_record_id = l.source_record_id
      where ${row('n')} is distinct from ${row('l')}`,
      some ? [some] : [],
    );
    if (rows.length > 0) found.set(fact.dataset, rows);
  }
  return found;
}

/**
 * Lets the facts that both generations hold keep the time at which they were first applied, for reads as of then. Most have it since they
 * were written: not those that either generation wrote while the replay, begun at `begunAt`, was under way.
 */
export async function keepAppliedAt(
  database: Queryable,
  { plan, begunAt }: { readonly plan: DatabasePlan; readonly begunAt: string },
  ids?: ReadonlyMap<DatasetName, ReadonlySet<string>>,
): Promise<void> {
  for (const { dataset, table } of plan.factTables) {
    const some = ids ? [...(ids.get(dataset) ?? [])] : undefined;
    if (some?.length === 0) continue;
    // Found first, and kept: they are few, of which PostgreSQL knows nothing.
    await database.query(
      `with late as materialized (${[filling, 'public']
        .map(
          (schema) => `
        select subject_id, source_record_id from ${schema}.${table}
        where applied_at >= $1${some ? ' and subject_id = any($2::text[])' : ''}`,
        )
        .join(' union')}
      ), known as (
        select l.* from late cross join lateral (
          select l.subject_id, l.source_record_id, l.event_id, l.applied_at from public.${table} l
          where l.subject_id = late.subject_id and l.source_record_id = late.source_record_id offset 0) l
      ) update ${filling}.${table} n set applied_at = known.applied_at from known
      where n.subject_id = known.subject_id and n.source_record_id = known.source_record_id
        and n.event_id = known.event_id and n.applied_at <> known.applied_at`,
      some ? [begunAt, some] : [begunAt],
    );
  }
}

/** Live facts that give way become past versions, known until now; those that take their places are known from now on. */
export async function supersede(database: Queryable, plan: DatabasePlan, differences: FactDifferences): Promise<void> {
  for (const fact of plan.factTables) {
    const found = differences.get(fact.dataset) ?? [];
    if (found.length === 0) continue;
    const keys = [found.map((each) => each.subject_id), found.map((each) => each.source_record_id)];
    const columns = columnsOf(fact).join(', ');
    const isOne = '(subject_id, source_record_id) in (select * from unnest($1::text[], $2::text[]))';
    await database.query(
      `insert into public.${fact.pastTable} (${columns}, applied_at, superseded_at)
      select ${columns}, applied_at, now() from public.${fact.table} where ${isOne}`,
      keys,
    );
    await database.query(`update ${filling}.${fact.table} set applied_at = now() where ${isOne}`, keys);
  }
}
