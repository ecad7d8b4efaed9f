import { envelopeColumns, quoted, splitReference, type FactTable, type RecordField, type SubjectPlan } from './plan.ts';

/** How the derivation reads facts: the live tables, or what was known and true at some other time. */
export interface FactSource {
  /** A relation with the columns of the fact table. */
  relation(fact: FactTable): string;
  /** Whether the fact `f` is over, so that one in force goes before it. */
  readonly ceased: string;
}

/** The newest facts, as they stand. */
export const liveFacts: FactSource = { relation: (fact) => fact.table, ceased: `f.verb = 'CEASED'` };

/** What was known at $2 and true on $3, out of {@link knownFactsOf}; a null parameter leaves that axis at the present. */
export const factsAsOf: FactSource = {
  relation: (fact) =>
    `(select * from known_${fact.table} where $3::date is null or valid_from is null or valid_from <= $3)`,
  ceased: `(case when $3::date is null then f.verb = 'CEASED' else coalesce(f.valid_to <= $3, f.verb = 'CEASED') end)`,
};

/** Common table expressions `known_<table>`: a subject's facts of each dataset as known at $2; `ids` are all ids of the subject. */
export function knownFactsOf(subject: SubjectPlan, ids: string): string {
  return subject.factTables
    .map((fact) => {
      const envelope = [...envelopeColumns.map(({ name }) => name), 'applied_at'];
      const columns = [...envelope, ...fact.columns.map(({ name }) => quoted(name))].join(', ');
      return `known_${fact.table} as materialized (
  select ${columns} from ${fact.table} where subject_id = any(${ids}) and ($2::timestamptz is null or applied_at <= $2)
  union all
  select ${columns} from ${fact.pastTable} where subject_id = any(${ids}) and applied_at <= $2 and superseded_at > $2
)`;
    })
    .join(', ');
}

/** A derivation: for each field an expression, and the lateral joins that they speak of. */
export interface CompiledDerivation {
  readonly expressions: ReadonlyMap<string, string>;
  readonly joins: string;
  /** The alias of each dataset's leading fact, where a field reads it. */
  readonly leading: ReadonlyMap<string, string>;
  /** For each dataset that is looked up in any case, what holds where the subject has a live fact of it. */
  readonly present: ReadonlyMap<string, string>;
}

/**
 * How the joins find facts: subject by subject, as is best for one of them, and the only way where subjects have several ids; for all
 * subjects of `k` at once, by the key of each; or, where these are many and lie close together, by reading each fact table once
 * from the first to the last id of `k`.
 */
export type FactLookup = 'each' | 'keys' | 'range';

/**
 * Compiles the derivation of the given fields for a relation `k(id, members)`; `members` is null unless the subject has
 * several ids. This one text serves the live record and every as-of read, so they cannot differ. A leading
 * fact is looked up only where a field still lacks a value, unless `all` are: with thirteen sources of a name, that is most of the cost.
 * Those that are looked up in any case are, by `keys`, sorted once for all subjects: a sort for each of them, most of which have
 * nothing to sort, takes longer than finding the facts.
 */
export function compileDerivation(
  subject: SubjectPlan,
  fields: readonly RecordField[],
  {
    source,
    aliased,
    lookup = 'each',
    all = lookup === 'range',
  }: { source: FactSource; aliased: boolean; lookup?: FactLookup; all?: boolean },
): CompiledDerivation {
  const leading = collectLeading(subject, fields);
  const aggregates = new Map<string, { alias: string; columns: string[] }>();
  const aggregate = (dataset: string, expression: string): string => {
    let entry = aggregates.get(dataset);
    if (!entry) aggregates.set(dataset, (entry = { alias: `a${aggregates.size}`, columns: [] }));
    let at = entry.columns.indexOf(expression);
    if (at < 0) at = entry.columns.push(expression) - 1;
    return `${entry.alias}.v${at}`;
  };
  // Where nothing is joined, nothing is counted either.
  const zero = lookup === 'each' ? [] : ['0'];
  const expressions = new Map(fields.map((field) => [field.name, fieldExpression(field)]));

  function fieldExpression({ declaration: { derivation } }: RecordField): string {
    switch (derivation.kind) {
      case 'from':
        return coalesce(derivation.columns.map((reference) => leading.valueOf(reference)));
      case 'inForce':
        return `coalesce(not ${leading.aliases.get(derivation.dataset)}.ceased, false)`;
      case 'count':
        return coalesce([aggregate(derivation.dataset, `count(*) filter (where not ${source.ceased})`), ...zero]);
      case 'list': {
        const fact = factOf(subject, derivation.dataset);
        const column = (name: string): string => (name === fact.subjectKey ? 'f.subject_id' : `f.${quoted(name)}`);
        const item = derivation.columns.map((name) => `'${name}', ${asJson(fact, name, column(name))}`).join(', ');
        const order = [...derivation.orderBy.map(column), 'f.source_record_id', 'f.subject_id'].join(', ');
        const filter = `filter (where not ${source.ceased})`;
        return aggregate(derivation.dataset, `jsonb_agg(jsonb_build_object(${item}) order by ${order}) ${filter}`);
      }
      case 'max':
      case 'sum': {
        const [dataset, column] = splitReference(derivation.column);
        return aggregate(dataset, `${derivation.kind}(f.${quoted(column)})`);
      }
    }
  }

  const joinAggregate = lookup === 'each' ? aggregateOfEach : aggregateOfAll;
  const from = (dataset: string, how = lookup): string =>
    factsFound(source.relation(factOf(subject, dataset)), how, aliased);
  const order = `${source.ceased}, f.valid_from desc nulls last, f.recorded_at desc, f.source_record_id desc, f.subject_id desc`;
  const gateOf = (dataset: string): string => (all ? '' : leading.gateOf(dataset));
  const joins = [
    ...[...leading.aliases].map(([dataset, alias]) => {
      const columns = `${leading.columnsOf(dataset)}, ${source.ceased} as ceased`;
      const gate = gateOf(dataset);
      return lookup === 'each' || gate !== ''
        ? leadingOfEach({ columns, from: from(dataset, 'each'), order, alias, gate })
        : leadingOfAll({ columns, from: from(dataset), order, alias });
    }),
    ...[...aggregates].map(([dataset, { alias, columns }]) => {
      const values = columns.map((expression, at) => `${expression} as v${at}`).join(', ');
      return joinAggregate({ columns: values, from: from(dataset), alias });
    }),
  ].join('\n  ');
  const found = new Map([...leading.aliases].filter(([dataset]) => gateOf(dataset) === ''));
  if (lookup !== 'each')
    for (const [dataset, { alias }] of aggregates) if (!found.has(dataset)) found.set(dataset, alias);
  const present = new Map([...found].map(([dataset, alias]) => [dataset, `${alias}.subject_id is not null`]));
  return { expressions, joins, leading: leading.aliases, present };
}

/** A `from` clause: the facts `f` of the subjects `k` that are not annulled, found in one of the ways. */
function factsFound(relation: string, how: FactLookup, aliased: boolean): string {
  const match = { each: matchOf(aliased), keys: 'f.subject_id = w.id', range: inRange }[how];
  const facts = `from ${relation} f where ${match} and f.verb <> 'ANNULLED'`;
  // An offset keeps PostgreSQL from joining the table in another way than by its key.
  return how === 'keys' ? `from k w cross join lateral (select f.* ${facts} offset 0) f` : facts;
}

/** Whether the fact `f` is of an id from the first to the last one of `k`. */
const inRange = 'f.subject_id >= (select min(id) from k) and f.subject_id <= (select max(id) from k)';

interface Join {
  readonly columns: string;
  readonly from: string;
  readonly alias: string;
}

/** A gate stands outside: where it is closed, nothing is looked up, and no sort is begun either. */
const leadingOfEach = ({
  columns,
  from,
  order,
  alias,
  gate,
}: Join & { readonly order: string; readonly gate: string }): string => {
  const leading = `select ${columns}
    ${from}
    order by ${order}
    limit 1`;
  return `left join lateral (
    ${gate === '' ? leading : `select * from (${leading}) f where ${gate}`}) ${alias} on true`;
};

const leadingOfAll = ({ columns, from, order, alias }: Join & { readonly order: string }): string =>
  `left join (
    select distinct on (f.subject_id) ${columns}
    ${from}
    order by f.subject_id, ${order}) ${alias} on ${alias}.subject_id = k.id`;

const aggregateOfEach = ({ columns, from, alias }: Join): string =>
  `cross join lateral (
    select ${columns}
    ${from}) ${alias}`;

const aggregateOfAll = ({ columns, from, alias }: Join): string =>
  `left join (
    select f.subject_id, ${columns}
    ${from}
    group by f.subject_id) ${alias} on ${alias}.subject_id = k.id`;

const coalesce = (values: readonly string[]): string =>
  values.length > 1 ? `coalesce(${values.join(', ')})` : values[0]!;

/** The leading facts that fields read: an alias for each dataset, its columns, and when it need not be looked up. */
interface Leading {
  readonly aliases: ReadonlyMap<string, string>;
  valueOf(reference: string): string;
  columnsOf(dataset: string): string;
  gateOf(dataset: string): string;
}

function collectLeading(subject: SubjectPlan, fields: readonly RecordField[]): Leading {
  const aliases = new Map<string, string>();
  const columns = new Map<string, Set<string>>();
  const use = (dataset: string): Set<string> => {
    if (!aliases.has(dataset)) {
      aliases.set(dataset, `l${aliases.size}`);
      columns.set(dataset, new Set(['f.subject_id', 'f.event_id', 'f.recorded_at']));
    }
    return columns.get(dataset)!;
  };
  for (const { declaration } of fields) {
    const { derivation } = declaration;
    if (derivation.kind === 'inForce') use(derivation.dataset);
    if (derivation.kind !== 'from') continue;
    for (const reference of derivation.columns) {
      const [dataset, column] = splitReference(reference);
      const isKey = factOf(subject, dataset).subjectKey === column;
      use(dataset).add(isKey ? 'f.subject_id' : `f.${quoted(column)}`);
    }
  }
  const valueOf = (reference: string): string => {
    const [dataset, column] = splitReference(reference);
    const isKey = factOf(subject, dataset).subjectKey === column;
    return `${aliases.get(dataset)}.${isKey ? 'subject_id' : quoted(column)}`;
  };
  const order = [...aliases.keys()];
  const gates = new Map<string, string[] | 'open'>(order.map((dataset) => [dataset, []]));
  for (const { declaration } of fields) {
    const { derivation } = declaration;
    if (derivation.kind === 'inForce') gates.set(derivation.dataset, 'open');
    if (derivation.kind !== 'from') continue;
    derivation.columns.forEach((reference, at) => {
      const [dataset] = splitReference(reference);
      const earlier = derivation.columns.slice(0, at);
      const joined = earlier.every((other) => order.indexOf(splitReference(other)[0]) < order.indexOf(dataset));
      const gate = gates.get(dataset)!;
      if (at === 0 || !joined) gates.set(dataset, 'open');
      else if (gate !== 'open') gate.push(`${coalesce(earlier.map(valueOf))} is null`);
    });
  }
  return {
    aliases,
    valueOf,
    columnsOf: (dataset) => [...columns.get(dataset)!].join(', '),
    gateOf: (dataset) => {
      const gate = gates.get(dataset)!;
      return gate === 'open' ? '' : [...new Set(gate)].join(' or ');
    },
  };
}

function factOf(subject: SubjectPlan, dataset: string): FactTable {
  return subject.factTables.find((fact) => fact.dataset === dataset)!;
}

/** Decimal numbers are text in JSON, so that no digit is lost. */
function asJson(fact: FactTable, name: string, expression: string): string {
  return fact.columns.find((column) => column.name === name)?.type === 'numeric' ? `${expression}::text` : expression;
}

/** Compiled statements that keep one subject's records equal to the function of the facts. */
export interface RecordStatements {
  /**
   * After facts of one dataset changed, for subjects with one id. Arrays with one element for each changed id: $1 ids, $2 event ids (each
   * an array as text), $3 recorded at, $4 valid from, $5 valid to, $6 lanes, $7 datasets (names with blanks between). Recomputes the
   * fields that the dataset is a source of, writes records that differ and their history.
   */
  readonly recompute: ReadonlyMap<string, string>;
  /** After facts of any datasets changed: recomputes all fields, once a subject; the same parameters. */
  readonly recomputeWhole: { readonly single: string; readonly aliased: string };
  /** The same parameters: removes the records that have no live fact any more, or were merged into another. */
  readonly remove: string;
}

/** Compiles a subject's record statements, one recomputation for each dataset that it is derived from, and one for all. */
export function compileRecordStatements(subject: SubjectPlan): RecordStatements {
  return {
    recompute: new Map(subject.factTables.map((fact) => [fact.dataset, compileRecompute(subject, fact)])),
    recomputeWhole: { single: compileRecomputeWhole(subject, false), aliased: compileRecomputeWhole(subject, true) },
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

/** Whether the fact `f` is one of the subject `k`. */
export const matchOf = (aliased: boolean): string =>
  aliased ? 'f.subject_id = any(coalesce(k.members, array[k.id]))' : 'f.subject_id = k.id';

/**
 * Whether there is a row, looked up by its key. Not by `exists`, which PostgreSQL may answer by hashing the whole table: with a
 * plan that was made when the table was small and is kept while it grows, for every chunk anew.
 */
export const isThere = (rows: string): string => `(select true from ${rows} limit 1) is not null`;

function liveFactExists(fact: FactTable, aliased: boolean): string {
  return isThere(`${fact.table} f where ${matchOf(aliased)} and f.verb <> 'ANNULLED'`);
}

function compileRecompute(subject: SubjectPlan, fact: FactTable): string {
  const fields = subject.fields.filter((field) => field.datasets.includes(fact.dataset));
  const derivation = compileDerivation(subject, fields, { source: liveFacts, aliased: false, lookup: 'keys' });
  const hasFact = derivation.present.get(fact.dataset) ?? liveFactExists(fact, false);
  return compileWrite(subject, { fields, derivation, hasFact, keys: keys({ aliased: false }) });
}

function compileRecomputeWhole(subject: SubjectPlan, aliased: boolean): string {
  const { fields } = subject;
  const derivation = compileDerivation(subject, fields, {
    source: liveFacts,
    aliased,
    lookup: aliased ? 'each' : 'keys',
  });
  const hasFact = hasAnyFact(subject, derivation, (fact) => liveFactExists(fact, aliased));
  return compileWrite(subject, { fields, derivation, hasFact, keys: keys({ aliased }) });
}

/** Whether a subject has any fact; looked up already, some are asked first: for nearly every subject one of these ends the question. */
export function hasAnyFact(
  subject: SubjectPlan,
  { present }: CompiledDerivation,
  exists: (fact: FactTable) => string,
): string {
  const others = subject.factTables.filter(({ dataset }) => !present.has(dataset)).map(exists);
  return [...present.values(), ...others].join('\n    or ');
}

/** Writes the records of `k` that differ from what is derived, and their history. */
function compileWrite(
  subject: SubjectPlan,
  {
    fields,
    derivation: { expressions, joins },
    ...sql
  }: { fields: readonly RecordField[]; derivation: CompiledDerivation; hasFact: string; keys: string },
): string {
  const names = fields.map(({ name }) => quoted(name));
  const changes = names.length
    ? `do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
  where row(${names.map((name) => `r.${name}`).join(', ')}) is distinct from row(${names.map((name) => `excluded.${name}`).join(', ')})`
    : 'do nothing';
  return `${sql.keys}, derived as (
  select k.id${fields.map((field) => `, ${expressions.get(field.name)} as ${quoted(field.name)}`).join('')}
  from k
  ${joins}
  where ${sql.hasFact} or ${isThere(`${subject.table} r where r.id = k.id`)}
), written as (
  insert into ${subject.table} as r (id${names.map((name) => `, ${name}`).join('')})
  select id${names.map((name) => `, ${name}`).join('')} from derived order by id
  on conflict (id) ${changes}
  returning new.id, case when old.id is not null then ${asHistory(fields, 'old')} end as before, ${asHistory(fields, 'new')} as after
)
insert into ${subject.historyTable} (lane, subject_id, dataset, event_ids, before, after, valid_from, valid_to, recorded_at)
select k.lane, w.id, k.dataset, k.event_ids, w.before, w.after, k.valid_from, k.valid_to, k.recorded_at
from written w join k using (id)`;
}

/** Fields of a record's row as the history keeps them: those that have a value, decimal numbers as text, so that no digit is lost. */
export function asHistory(fields: readonly RecordField[], alias: string): string {
  if (fields.length === 0) return `'{}'::jsonb`;
  const values = fields.map(
    ({ name, type }) => `'${name}' value ${alias}.${quoted(name)}${type === 'numeric' ? '::text' : ''}`,
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
