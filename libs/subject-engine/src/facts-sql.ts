import { envelopeColumns, quoted, type FactTable } from './plan.ts';

/**
 * Compiled statements of one fact table. Within a chunk's transaction, whose lanes are locked, they are used in this order: what
 * stands is looked up, then what is newer is written, by statements that answer nothing.
 */
export interface FactStatements {
  /**
   * $1 subject ids, $2 source record ids. One row: `standing`, a text `<ord>:<version>:<place>;…` of the keys that have a fact, ord from
   * 1, with the row's place in the table; and for a fact table with an alias column `aliases`, JSON of those that state one, by ord.
   * Where there is a generation to be replaced, $3 event ids, and in the row `known`, a text of the times at which that applied these
   * facts, or else of now, as PostgreSQL counts them: microseconds from 2000-01-01, with blanks between.
   */
  readonly lookUp: string;
  /**
   * Parameters of {@link factParameters}: a row for each event, `ord`, `differs` where its content is not that of the fact at its key,
   * and `same_event` where that fact is of the event itself.
   */
  readonly differing: string;
  /** The same parameters: writes facts at keys that have none. */
  readonly insert: string;
  /** Does the same with {@link factRows}, the times `known` among them where these were looked up. */
  readonly copy: string;
  /** Whether {@link lookUp} takes event ids, and answers what is `known`. */
  readonly looksBack: boolean;
  /**
   * The same parameters, and behind them the places at which what stands was found: writes facts that are newer than those, which go to
   * the past table. Fails with 23502 and writes none where one of those is no longer there, or no longer older.
   */
  readonly replace: string;
}

/**
 * Compiles a fact table's statements. The lane's lock makes the snapshot that they compare with the newest. Where `liveSchema` is given,
 * facts that stand there already keep the time at which they were applied there.
 */
export function compileFactStatements(fact: FactTable, liveSchema?: string): FactStatements {
  const data = fact.columns.map(({ name }) => quoted(name));
  const columns = [...envelopeColumns.map(({ name }) => name), ...data];
  const types = [...envelopeColumns, ...fact.columns].map(({ type }) => type);
  const mutable = columns.slice(2);
  const content = ['verb', 'reason', 'recorded_at', 'valid_from', 'valid_to', 'lane', ...data];
  const row = (alias: string): string => `row(${content.map((column) => `${alias}.${column}`).join(', ')})`;
  const alias = fact.aliasColumn ? quoted(fact.aliasColumn) : undefined;
  const appliedAt = liveSchema
    ? `coalesce((
    select l.applied_at from ${liveSchema}.${fact.table} l where l.subject_id = i.subject_id
      and l.source_record_id = i.source_record_id and l.event_id = i.event_id), now())`
    : 'now()';
  const copied = liveSchema ? [...columns, 'applied_at'] : columns;
  const arrays = types.map((type, at) => `$${at + 1}::${type}[]`);
  const input = `unnest(${arrays.join(', ')})`;
  const places = `$${types.length + 1}::tid[]`;
  // Not joined, which may be planned as reading the whole table: with a plan that was made when the table was small.
  const at = (wanted: string, join: 'inner' | 'left' = 'inner'): string =>
    `${join} join lateral (
  select ${wanted} from ${fact.table} f where f.subject_id = i.subject_id and f.source_record_id = i.source_record_id limit 1) f on true`;
  const known = `, string_agg(((date_part('epoch', ${appliedAt}) - date_part('epoch', timestamptz '2000-01-01Z')) * 1e6)::bigint::text, ' ' order by i.ord) as known`;
  const back = liveSchema
    ? { arrays: ', $3::uuid[]', columns: ', event_id', join: 'left' as const, known }
    : { arrays: '', columns: '', join: 'inner' as const, known: '' };
  return {
    lookUp: `select string_agg(i.ord || ':' || f.source_version || ':' || f.place, ';') as standing${
      alias ? ', json_object_agg(i.ord, f.alias) filter (where f.alias is not null) as aliases' : ''
    }${back.known}
from unnest($1::text[], $2::text[]${back.arrays}) with ordinality as i(subject_id, source_record_id${back.columns}, ord)
${at(`f.source_version, f.ctid as place${alias ? `, f.${alias} as alias` : ''}`, back.join)}`,
    differing: `select i.ord::int as ord, ${row('f')} is distinct from ${row('i')} as differs, f.event_id = i.event_id as same_event
from ${input} with ordinality as i(${columns.join(', ')}, ord)
${at('*')}`,
    insert: `insert into ${fact.table} (${columns.join(', ')}, applied_at)
select ${columns.join(', ')}, ${appliedAt} from ${input} as i(${columns.join(', ')})`,
    copy: `copy ${fact.table} (${copied.join(', ')}) from stdin (format binary)`,
    looksBack: liveSchema !== undefined,
    // By their places, which saves a second look at the index, and the lock that an upsert takes of each row before it writes. The keys
    // are compared in a way that no index serves.
    replace: `with written as (
  update ${fact.table} f set ${mutable.map((column) => `${column} = i.${column}`).join(', ')}, applied_at = ${appliedAt}
  from unnest(${[...arrays, places].join(', ')}) as i(${columns.join(', ')}, place)
  where f.ctid = i.place and row(f.subject_id, f.source_record_id) is not distinct from row(i.subject_id, i.source_record_id)
    and f.source_version < i.source_version
  returning ${columns.map((column, place) => `old.${column} as c${place}`).join(', ')}, old.applied_at as old_applied_at
)
insert into ${fact.pastTable} (${columns.join(', ')}, applied_at, superseded_at)
select ${columns.map((_, place) => `c${place}`).join(', ')}, old_applied_at, now() from written
union all
select ${types.map((type) => `null::${type}`).join(', ')}, null, now() where (select count(*) from written) < cardinality(${places})`,
  };
}
