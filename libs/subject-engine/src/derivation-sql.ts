import type { DatasetName } from '@huitong/change-event';
import { envelopeColumns, quoted, splitReference, type FactTable, type RecordField, type SubjectPlan } from './plan.ts';
import { defaultOf } from './tables-sql.ts';

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

/** What {@link compileDerivation} can be told. */
interface DerivationOptions {
  readonly source: FactSource;
  readonly aliased: boolean;
  readonly lookup?: FactLookup;
  readonly all?: boolean;
  readonly among?: ReadonlySet<DatasetName>;
}

/**
 * Compiles the derivation of a subject's fields for a relation `k(id, members)`; `members` is null unless the subject has
 * several ids. This one text serves the live record and every as-of read, so they cannot differ. A leading
 * fact is looked up only where a field still lacks a value, unless `all` are: with thirteen sources of a name, that is most of the cost.
 * Those that are looked up in any case are, by `keys`, sorted once for all subjects: a sort for each of them, most of which have
 * nothing to sort, takes longer than finding the facts. Where the subjects have facts of no dataset but those `among`, no other is looked up.
 */
export function compileDerivation(
  subject: SubjectPlan,
  { source, aliased, lookup = 'each', all = lookup !== 'each', among }: DerivationOptions,
): CompiledDerivation {
  const { fields } = subject;
  const derived = among ? fields.flatMap((field) => narrowed(field, among)) : fields;
  const leading = collectLeading(subject, derived);
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
  const expressions = new Map(fields.map((field) => [field.name, `${defaultOf(field) ?? 'null'}::${field.type}`]));
  for (const field of derived) expressions.set(field.name, fieldExpression(field));

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

  // What is found by key is found of subjects of `k` alone, where a full join and a left one are the same: a full one is hashed whatever
  // PostgreSQL expects, while of one row that it expects, and for which thousands come, it compares each with all others.
  const join = lookup === 'keys' ? 'full' : 'left';
  const joinAggregate = lookup === 'each' ? aggregateOfEach : aggregateOfAll;
  const from = (dataset: string): string => factsFound(source.relation(factOf(subject, dataset)), lookup, aliased);
  const order = `${source.ceased}, f.valid_from desc nulls last, f.recorded_at desc, f.source_record_id desc, f.subject_id desc`;
  const gateOf = (dataset: string): string => (all ? '' : leading.gateOf(dataset));
  const joins = [
    ...[...leading.aliases].map(([dataset, alias]) => {
      const columns = `${leading.columnsOf(dataset)}, ${source.ceased} as ceased`;
      return lookup === 'each'
        ? leadingOfEach({ columns, from: from(dataset), order, alias, gate: gateOf(dataset) })
        : leadingOfAll({ columns, from: from(dataset), order, alias, join });
    }),
    ...[...aggregates].map(([dataset, { alias, columns }]) => {
      const values = columns.map((expression, at) => `${expression} as v${at}`).join(', ');
      return joinAggregate({ columns: values, from: from(dataset), alias, join });
    }),
  ].join('\n  ');
  const found = new Map([...leading.aliases].filter(([dataset]) => gateOf(dataset) === ''));
  if (lookup !== 'each')
    for (const [dataset, { alias }] of aggregates) if (!found.has(dataset)) found.set(dataset, alias);
  const present = new Map([...found].map(([dataset, alias]) => [dataset, `${alias}.subject_id is not null`]));
  return { expressions, joins, leading: leading.aliases, present };
}

/** A field as these datasets alone feed it; none where none of them does, and it is what it is without facts. */
function narrowed(field: RecordField, among: ReadonlySet<DatasetName>): RecordField[] {
  if (!field.datasets.some((dataset) => among.has(dataset))) return [];
  const { derivation } = field.declaration;
  if (derivation.kind !== 'from') return [field];
  const columns = derivation.columns.filter((reference) => among.has(splitReference(reference)[0] as DatasetName));
  return [{ ...field, declaration: { ...field.declaration, derivation: { ...derivation, columns } } }];
}

/** A `from` clause: the facts `f` of the subjects `k` that are not annulled, found in one of the ways. */
function factsFound(relation: string, how: FactLookup, aliased: boolean): string {
  const match = { each: matchOf(aliased), keys: 'f.subject_id = w.id', range: inRange }[how];
  const facts = `from ${relation} f where ${match} and f.verb <> 'ANNULLED'`;
  // An offset keeps PostgreSQL from joining the table in another way than by its key.
  return how === 'keys' ? `from k w cross join lateral (select f.* ${facts} offset 0) f` : facts;
}

/** Whether the fact `f` is of an id from the first to the last one of `k`, as the relation {@link bounds} says. */
const inRange = 'f.subject_id >= (select first from bounds) and f.subject_id <= (select last from bounds)';

/** The common table expression that a derivation needs which finds facts by `range`, behind `k`. */
export const bounds = 'bounds as materialized (select min(id) as first, max(id) as last from k)';

interface Join {
  readonly columns: string;
  readonly from: string;
  readonly alias: string;
  readonly join: 'full' | 'left';
}

/**
 * A gate stands outside: where it is closed, nothing is looked up, and no sort is begun either. Without an offset PostgreSQL would make it
 * a condition of the join, and look up first.
 */
const leadingOfEach = ({
  columns,
  from,
  order,
  alias,
  gate,
}: Omit<Join, 'join'> & { readonly order: string; readonly gate: string }): string => {
  const leading = `select ${columns}
    ${from}
    order by ${order}
    limit 1`;
  return `left join lateral (
    ${gate === '' ? leading : `select * from (${leading}) f where ${gate} offset 0`}) ${alias} on true`;
};

const leadingOfAll = ({ columns, from, order, alias, join }: Join & { readonly order: string }): string =>
  `${join} join (
    select distinct on (f.subject_id) ${columns}
    ${from}
    order by f.subject_id, ${order}) ${alias} on ${alias}.subject_id = k.id`;

const aggregateOfEach = ({ columns, from, alias }: Omit<Join, 'join'>): string =>
  `cross join lateral (
    select ${columns}
    ${from}) ${alias}`;

const aggregateOfAll = ({ columns, from, alias, join }: Join): string =>
  `${join} join (
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

/** Whether the fact `f` is one of the subject `k`. */
export const matchOf = (aliased: boolean): string =>
  aliased ? 'f.subject_id = any(coalesce(k.members, array[k.id]))' : 'f.subject_id = k.id';
