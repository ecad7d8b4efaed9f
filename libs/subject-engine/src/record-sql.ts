import type { DatasetName } from '@huitong/change-event';
import { compileDerivation, liveFacts, matchOf, type CompiledDerivation } from './derivation-sql.ts';
import { quoted, type FactTable, type RecordField, type SubjectPlan } from './plan.ts';
import { anyDataset, bitOf, byPresent, presentColumn, type NamedStatement } from './present-datasets.ts';

/**
 * Compiled statements that keep one subject's records equal to the function of the facts. All take arrays with one element for each
 * changed id: $1 ids, $2 event ids (each an array as text), $3 recorded at, $4 valid from, $5 valid to, $6 lanes, $7 datasets (names with
 * blanks between).
 */
export interface RecordStatements {
  /**
   * Derives the records of subjects with one id that have facts of no datasets but those of these bits; writes those
   * that differ, and their history.
   */
  recompute(bits: bigint): NamedStatement;
  /** The same for subjects with several ids. */
  readonly recomputeAliased: NamedStatement;
  /** Removes the records that have no live fact any more, or were merged into another. */
  readonly remove: string;
}

/** Compiles a subject's record statements; those for sets of datasets when they are asked for. */
export function compileRecordStatements(subject: SubjectPlan): RecordStatements {
  const name = `recompute ${subject.name}`;
  return {
    recompute: byPresent(subject, name, (among) => compileRecompute(subject, among)),
    recomputeAliased: { name: `${name} aliased`, text: compileRecomputeAliased(subject) },
    remove: compileRemove(subject),
  };
}

/**
 * The changed subjects by stable id, `k`, with all their ids and what changed them. Where subjects have several ids, several of
 * `changed` may be of one.
 */
function keys({ aliased }: { aliased: boolean }): string {
  const changed = `unnest($1::text[], $2::text[], $3::timestamptz[], $4::date[], $5::date[], $6::smallint[], $7::text[])
    as c(subject_id, event_ids, recorded_at, valid_from, valid_to, lane, dataset)`;
  if (!aliased)
    return `with k as materialized (
  select c.subject_id as id, c.event_ids::uuid[] as event_ids, c.recorded_at, c.valid_from, c.valid_to, c.lane, c.dataset, null::text[] as members
  from ${changed}
)`;
  return `with changed as materialized (
  select * from ${changed}
), g as (
  select coalesce(n.subject_id, c.subject_id) as id, ('{' || string_agg(btrim(c.event_ids, '{}'), ',') || '}')::uuid[] as event_ids,
    max(c.recorded_at) as recorded_at, max(c.valid_from) as valid_from, max(c.valid_to) as valid_to, min(c.lane) as lane,
    string_agg(c.dataset, ' ') as datasets
  from changed c left join identity n on n.id = c.subject_id
  group by coalesce(n.subject_id, c.subject_id)
), k as materialized (
  select g.*, (select string_agg(distinct d, ' ' order by d) from string_to_table(g.datasets, ' ') d) as dataset,
    (select array_agg(m.id) from identity m where m.subject_id = g.id) as members
  from g
)`;
}

/**
 * Whether there is a row, looked up by its key. Not by `exists`, which PostgreSQL may answer by hashing the whole table: with a
 * plan that was made when the table was small and is kept while it grows, for every chunk anew.
 */
export const isThere = (rows: string): string => `(select true from ${rows} limit 1) is not null`;

function liveFactExists(fact: FactTable, aliased: boolean): string {
  return isThere(`${fact.table} f where ${matchOf(aliased)} and f.verb <> 'ANNULLED'`);
}

function compileRecompute(subject: SubjectPlan, among: ReadonlySet<DatasetName>): string {
  const derivation = compileDerivation(subject, {
    source: liveFacts,
    aliased: false,
    lookup: 'keys',
    among,
  });
  const facts = subject.factTables.filter(({ dataset }) => among.has(dataset));
  const has = facts.map((fact) => derivation.present.get(fact.dataset) ?? liveFactExists(fact, false));
  const present = facts.map(({ dataset }, at) => `case when ${has[at]} then ${bitOf(dataset)} else 0 end`);
  return compileWrite(subject, {
    derivation,
    keys: keys({ aliased: false }),
    // Seen as it is, what tells that a fact was found would let PostgreSQL make the full joins one-sided.
    hasFact: `coalesce(${has.join('\n    or ')}, false)`,
    present: `(${present.join(' | ')})::bigint`,
  });
}

function compileRecomputeAliased(subject: SubjectPlan): string {
  const derivation = compileDerivation(subject, { source: liveFacts, aliased: true });
  return compileWrite(subject, {
    derivation,
    keys: keys({ aliased: true }),
    hasFact: hasAnyFact(subject.factTables, derivation, (fact) => liveFactExists(fact, true)),
    present: `${anyDataset}::bigint`,
  });
}

/** Whether a subject has any of these facts; looked up already, some are asked first: for nearly every subject one of these ends the question. */
export function hasAnyFact(
  facts: readonly FactTable[],
  { present }: CompiledDerivation,
  exists: (fact: FactTable) => string,
): string {
  const others = facts.filter(({ dataset }) => !present.has(dataset)).map(exists);
  return [...present.values(), ...others].join('\n    or ') || 'false';
}

/** Writes the records of `k` that differ from what is derived, and their history: of a record that changes, the fields that do. */
function compileWrite(
  subject: SubjectPlan,
  {
    derivation: { expressions, joins },
    ...sql
  }: { derivation: CompiledDerivation; keys: string; hasFact: string; present: string },
): string {
  const names = subject.fields.map(({ name }) => quoted(name));
  const columns = [presentColumn, ...names];
  const changed = (of: string, other: string): string =>
    asHistory(
      subject.fields,
      (name) => `case when ${of}.${name} is distinct from ${other}.${name} then ${of}.${name} end`,
    );
  return `${sql.keys}, derived as (
  select k.id, ${sql.present} as ${presentColumn}${subject.fields.map((field) => `, ${expressions.get(field.name)} as ${quoted(field.name)}`).join('')}
  from k
  ${joins}
  where ${sql.hasFact}
), written as (
  insert into ${subject.table} as r (id, ${columns.join(', ')})
  select id, ${columns.join(', ')} from derived order by id
  on conflict (id) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}
  where row(${columns.map((name) => `r.${name}`).join(', ')}) is distinct from row(${columns.map((name) => `excluded.${name}`).join(', ')})
  returning new.id, case when old.id is not null then ${changed('old', 'new')} end as before, ${changed('new', 'old')} as after
)
insert into ${subject.historyTable} (lane, subject_id, dataset, event_ids, before, after, valid_from, valid_to, recorded_at)
select k.lane, w.id, k.dataset, k.event_ids, w.before, w.after, k.valid_from, k.valid_to, k.recorded_at
from written w full join k using (id) where w.before is distinct from w.after`;
}

/** Fields of a record's row as the history keeps them: those that have a value, decimal numbers as text, so that no digit is lost. */
export function asHistory(fields: readonly RecordField[], of: string | ((name: string) => string)): string {
  if (fields.length === 0) return `'{}'::jsonb`;
  const valueOf = typeof of === 'string' ? (name: string) => `${of}.${name}` : (name: string) => `(${of(name)})`;
  const values = fields.map(
    ({ name, type }) => `'${name}' value ${valueOf(quoted(name))}${type === 'numeric' ? '::text' : ''}`,
  );
  return `json_object(${values.join(', ')} absent on null returning jsonb)`;
}

function compileRemove(subject: SubjectPlan): string {
  const noFact = subject.factTables.map((fact) => `not (${liveFactExists(fact, subject.hasAliases)})`).join(' and ');
  // A changed id that is not its subject's stable id may still have a record from before it became an alias.
  const merged = `
  union all
  select r.id, k.event_ids, k.recorded_at, k.valid_from, k.valid_to, k.lane, k.dataset from changed c
  join k on c.subject_id = any(k.members) and k.id <> c.subject_id join ${subject.table} r on r.id = c.subject_id`;
  return `${keys({ aliased: subject.hasAliases })}, candidate as (
  select r.id, k.event_ids, k.recorded_at, k.valid_from, k.valid_to, k.lane, k.dataset from k join ${subject.table} r using (id)
  where ${noFact}${subject.hasAliases ? merged : ''}
), gone as (
  delete from ${subject.table} r using (select distinct on (id) * from candidate) c where r.id = c.id
  returning r.id, ${asHistory(subject.fields, 'r')} as before, c.event_ids, c.recorded_at, c.valid_from, c.valid_to, c.lane, c.dataset
)
insert into ${subject.historyTable} (lane, subject_id, dataset, event_ids, before, after, valid_from, valid_to, recorded_at)
select lane, id, dataset, event_ids, before, null::jsonb, valid_from, valid_to, recorded_at from gone`;
}
