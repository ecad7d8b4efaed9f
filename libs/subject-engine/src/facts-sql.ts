import { envelopeColumns, quoted, type FactTable } from './plan.ts';

/** Compiled statements of one fact table. */
export interface FactStatements {
  /**
   * Parameters: one array per envelope and data column, in their order, at most one event per source record. Writes the
   * events that are newer than what is stored, keeps what they replace in the past table, and returns a row for each
   * event that was not simply applied: `ord` (1-based), `outcome` superseded, duplicate or conflict; and for a fact table
   * with an alias column, rows `outcome` relinked for applied events whose alias is or was set.
   */
  readonly upsert: string;
}

/** Compiles a fact table's statements. The lane's lock makes the snapshot that they compare with the newest. */
export function compileFactStatements(fact: FactTable): FactStatements {
  const data = fact.columns.map(({ name }) => quoted(name));
  const columns = [...envelopeColumns.map(({ name }) => name), ...data];
  const types = [...envelopeColumns, ...fact.columns].map(({ type }) => type);
  const mutable = columns.slice(2);
  const content = ['verb', 'reason', 'recorded_at', 'valid_from', 'valid_to', 'lane', ...data];
  const row = (alias: string): string => `row(${content.map((column) => `${alias}.${column}`).join(', ')})`;
  const alias = fact.aliasColumn ? quoted(fact.aliasColumn) : undefined;
  const upsert = `with input as materialized (
  select * from unnest(${types.map((type, at) => `$${at + 1}::${type}[]`).join(', ')})
    with ordinality as i(${columns.join(', ')}, ord)
), written as (
  insert into ${fact.table} as f (${columns.join(', ')})
  select ${columns.join(', ')} from input order by subject_id, source_record_id
  on conflict (subject_id, source_record_id) do update set
    ${mutable.map((column) => `${column} = excluded.${column}`).join(', ')}, applied_at = excluded.applied_at
  where f.source_version < excluded.source_version
  returning new.subject_id, new.source_record_id${alias ? `, new.${alias} as new_alias, old.${alias} as old_alias` : ''},
    old.source_version as old_version, ${columns.map((column, at) => `old.${column} as c${at}`).join(', ')},
    old.applied_at as old_applied_at
), past as (
  insert into ${fact.pastTable} (${columns.join(', ')}, applied_at, superseded_at)
  select ${columns.map((_, at) => `c${at}`).join(', ')}, old_applied_at, now() from written where old_version is not null
)
select i.ord::int as ord,
  case when f.source_version > i.source_version then 'superseded'
       when ${row('f')} is not distinct from ${row('i')} then 'duplicate'
       else 'conflict' end as outcome${alias ? ', null::text as old_alias' : ''}
from input i
cross join lateral (
  select * from ${fact.table} f where f.subject_id = i.subject_id and f.source_record_id = i.source_record_id limit 1) f
where f.source_version >= i.source_version${
    alias
      ? `
union all
select i.ord::int, 'relinked', w.old_alias
from written w join input i using (subject_id, source_record_id)
where w.new_alias is not null or w.old_alias is not null`
      : ''
  }`;
  return { upsert };
}
