import type { DatasetName } from '@huitong/change-event';
import { quoted, type SubjectPlan } from './plan.ts';
import { anyDataset, byPresent, presentColumn, type NamedStatement } from './present-datasets.ts';
import { bounds, compileDerivation, liveFacts, matchOf, type FactLookup, type FactSource } from './derivation-sql.ts';
import { asHistory, hasAnyFact, isThere } from './record-sql.ts';

/** Which facts are read, how they are found, and the datasets of which alone there are any, where that is known. */
interface Reading {
  readonly source?: FactSource;
  readonly lookup?: FactLookup;
  readonly among?: ReadonlySet<DatasetName>;
}

/** The first CTEs of a statement over the ids of $1: `k`, those that a record may stand under, and `derived`, their records. */
function derivedFromFacts(
  subject: SubjectPlan,
  aliased: boolean,
  { source = liveFacts, lookup = 'each', among }: Reading = {},
): string {
  const derivation = compileDerivation(subject, { source, aliased, lookup, ...(among && { among }) });
  const { expressions, joins } = derivation;
  const match = matchOf(aliased);
  const facts = subject.factTables.filter(({ dataset }) => among?.has(dataset) ?? true);
  const hasFact = hasAnyFact(facts, derivation, (fact) =>
    isThere(`${source.relation(fact)} f where ${match} and f.verb <> 'ANNULLED'`),
  );
  // An id that became an alias has no record of its own.
  const keys = aliased
    ? `select x.id, (select array_agg(m.id) from identity m where m.subject_id = x.id) as members
  from unnest($1::text[]) as x(id) where not exists (select 1 from identity n where n.id = x.id and n.subject_id <> x.id)`
    : 'select x.id, null::text[] as members from unnest($1::text[]) as x(id)';
  return `with k as materialized (
  ${keys}
), ${lookup === 'range' ? `${bounds}, ` : ''}derived as (
  select k.id${subject.fields.map((field) => `, ${expressions.get(field.name)} as ${quoted(field.name)}`).join('')}
  from k
  ${joins}
  where ${hasFact}
)`;
}

const rowOf = (subject: SubjectPlan, alias: string): string =>
  `row(${subject.fields.map(({ name }) => `${alias}.${quoted(name)}`).join(', ')})`;

/** Whether `d`, what should be, and `r`, what is, are not the same; either may be absent. */
export const isDifferent = (subject: SubjectPlan): string =>
  `((d.id is null) <> (r.id is null) or ${rowOf(subject, 'd')} is distinct from ${rowOf(subject, 'r')})`;

/** Rows `id, kind, fields` wherever the relation `actual` is not what `expected` says it should be. */
export function differencesSql(subject: SubjectPlan, expected: string, actual: string): string {
  const fields = subject.fields.map(
    ({ name }) => `case when d.${quoted(name)} is distinct from r.${quoted(name)} then '${name}' end`,
  );
  return `select coalesce(d.id, r.id) as id,
    case when r.id is null then 'missing' when d.id is null then 'extra' else 'differing' end as kind,
    case when r.id is null or d.id is null then '{}' else array_remove(array[${fields.join(', ')}]::text[], null) end as fields
  from ${expected} d full join ${actual} r on r.id = d.id
  where ${isDifferent(subject)}`;
}

/** Compares the records of the ids of $1 in the relation `actual` with what `source` says they should be: rows of {@link differencesSql}. */
export const compileCompare = (subject: SubjectPlan, actual: string, aliased: boolean, source = liveFacts): string =>
  `${derivedFromFacts(subject, aliased, { source })} ${differencesSql(subject, 'derived', `(select * from ${actual} a where id = any($1::text[]))`)}`;

/** Statements over the ids of $1, compiled from the one derivation text for a record table or a generation beside it. */
export interface GenerationStatements {
  /** Answers the ids that differ, as {@link differencesSql} has them. */
  readonly compare: string;
  /** Makes the rows of these ids what the facts say. */
  readonly refresh: string;
  /** As `refresh`, with a history row for each change; $2 the ids' lanes. */
  readonly repair: string;
}

/**
 * Writes the records of the ids of $1, of subjects with one id each, that the table does not hold yet. They should lie close together;
 * the bits are of the datasets of which there are facts among them.
 */
export function compileFill(subject: SubjectPlan, table: string): (bits: bigint) => NamedStatement {
  return byPresent(
    subject,
    `fill ${table}`,
    (among) =>
      `${derivedFromFacts(subject, false, { lookup: 'range', among })} ${insertDerived(subject, table)} order by id`,
  );
}

function insertDerived(subject: SubjectPlan, table: string): string {
  const columns = ['id', ...subject.fields.map(({ name }) => quoted(name))].join(', ');
  return `insert into ${table} as r (${columns}) select ${columns} from derived`;
}

/** Compiles for subjects with one id each, or with several (`aliased`), which is right for both and half as fast. */
export function compileGeneration(subject: SubjectPlan, table: string, aliased: boolean): GenerationStatements {
  const derived = derivedFromFacts(subject, aliased);
  const names = subject.fields.map(({ name }) => quoted(name));
  const insert = insertDerived(subject, table);
  // What facts there are was not looked up here for good: an event may come between this and the swap.
  const update = `on conflict (id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}, ${presentColumn} = ${anyDataset}
  where ${rowOf(subject, 'r')} is distinct from ${rowOf(subject, 'excluded')}`;
  const gone = `delete from ${table} r where r.id = any($1::text[]) and not exists (select 1 from derived d where d.id = r.id)`;
  return {
    compare: compileCompare(subject, table, aliased),
    refresh: `${derived}, gone as (${gone}) ${insert} ${update}`,
    repair: `${derived}, written as (
  ${insert} ${update}
  returning new.id, case when old.id is not null then ${asHistory(subject.fields, 'old')} end as before, ${asHistory(subject.fields, 'new')} as after
), gone as (
  ${gone} returning r.id, ${asHistory(subject.fields, 'r')} as before, null::jsonb as after
)
insert into ${subject.historyTable} (lane, subject_id, dataset, event_ids, before, after, recorded_at)
select x.lane, c.id, 'repair', '{}', c.before, c.after, now()
from (select * from written union all select * from gone) c
join unnest($1::text[], $2::smallint[]) as x(id, lane) on x.id = c.id`,
  };
}

/** The next ids, above $1, that have a fact, a record or an identity: at most `limit`, ascending. */
export function compileNextIds(subject: SubjectPlan, limit: number): string {
  const sources = [
    ...subject.factTables.map(({ table }) => [table, 'subject_id'] as const),
    [subject.table, 'id'] as const,
    ...(subject.hasAliases ? [['identity', 'subject_id'] as const] : []),
  ].map(
    ([table, column]) =>
      `(select distinct ${column} as id from ${table} where ${column} > $1 and ($2::text is null or ${column} <= $2) order by 1 limit ${limit})`,
  );
  return `select id from (${sources.join('\n  union ')}) s order by id limit ${limit}`;
}
