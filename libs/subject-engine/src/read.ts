import type { DatasetName } from '@huitong/change-event';
import type { Queryable } from '@huitong/postgres';
import { quoted, splitReference, type FactTable, type SubjectPlan } from './plan.ts';
import { compileDerivation, factsAsOf, knownFactsOf } from './derivation-sql.ts';
import { compileCauses, compileGrounds } from './settlement-sql.ts';
import {
  provisionalFields,
  settlementOfChange,
  type ChangeCause,
  type ChangeSettlement,
  type FactStanding,
  type SettlementClock,
  type SettlementGrounds,
} from './settlement.ts';

/** Where a field's value is from: the dataset, the event that stated it, and when its source committed that. */
export interface Provenance {
  readonly dataset: string;
  readonly eventId: string;
  readonly recordedAt: string;
}

/** A subject record with the source of each field that is derived from one leading fact. */
export interface SubjectReading {
  readonly id: string;
  readonly record: Record<string, unknown>;
  readonly provenance: Record<string, Provenance>;
  /** The fields whose value an annulment could still change, and until when; null where nobody can say. */
  readonly provisional: Record<string, string | null>;
  /** The fields of which sources in force say different things: their departments have something to talk about. */
  readonly disputed: readonly string[];
}

/** Up to which time each dataset has been heard of, epoch milliseconds; what was never heard of settles nothing. */
export type HeardMs = SettlementClock['heardMs'];

/** Nothing was heard of, so everything is provisional: what a caller gets that does not say. */
const unheard: HeardMs = () => undefined;

/** One change of a subject record: only the fields that changed, old and new. */
export interface SubjectChange extends ChangeSettlement {
  readonly historyId: number;
  /** What caused it: a dataset, several with blanks between them where a chunk held events of several, or `repair` and its like. */
  readonly dataset: string;
  readonly eventIds: readonly string[];
  readonly change: 'created' | 'changed' | 'removed';
  readonly fields: Record<string, { readonly before: unknown; readonly after: unknown }>;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly recordedAt: string;
  readonly appliedAt: string;
}

/**
 * Reads a subject's record, at the present or as of any point of both time axes: what was known at `knownAt` (when we
 * applied it), of what was true on `validAt`. `id` may be any id that
 * the subject ever had, by the links between ids as they are known today. Record and provenance come
 * from one statement, so they always fit together, and so does what is provisional: on PostgreSQL's clock, or at `knownAt`.
 * Answers `undefined` where nothing is known.
 */
export async function readSubject(
  database: Queryable,
  subject: SubjectPlan,
  id: string,
  at: { knownAt?: Date; validAt?: string; heardMs?: HeardMs } = {},
): Promise<SubjectReading | undefined> {
  const stableId = subject.hasAliases ? await stableIdOf(database, id) : id;
  const { rows } = await database.query<{
    record: Record<string, unknown>;
    sources: Record<string, Provenance> | null;
    disputed: string[];
    grounds: SettlementGrounds;
    now: number;
  }>({
    name: `read ${subject.name}`,
    text: readStatement(subject),
    values: [stableId, at.knownAt ?? null, at.validAt ?? null],
  });
  const row = rows[0];
  if (!row) return undefined;
  const provenance: Record<string, Provenance> = {};
  for (const field of subject.fields) {
    const { derivation } = field.declaration;
    if (derivation.kind !== 'from') continue;
    const source = row.sources?.[field.name];
    if (source) provenance[field.name] = source;
  }
  const sources = new Map(Object.entries(provenance).map(([field, { dataset }]) => [field, dataset]));
  const clock = { nowMs: row.now, heardMs: at.heardMs ?? unheard };
  const provisional = provisionalFields(subject, sources, row.grounds, clock);
  return { id: stableId, record: row.record, provenance, provisional, disputed: row.disputed };
}

/**
 * What irreversible consequences may be drawn from: the reading without its provisional fields. A field that is left out is
 * not known yet, which is another thing than null. Nothing in it differs from the present record.
 */
export function settledPart(reading: SubjectReading): SubjectReading {
  const settled = <Value>(values: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).filter(([field]) => !Object.hasOwn(reading.provisional, field)));
  const disputed = reading.disputed.filter((field) => !Object.hasOwn(reading.provisional, field));
  return { ...reading, record: settled(reading.record), provenance: settled(reading.provenance), disputed };
}

async function stableIdOf(database: Queryable, id: string): Promise<string> {
  const { rows } = await database.query<{ subject_id: string }>({
    name: 'stable id',
    text: 'select subject_id from identity where id = $1',
    values: [id],
  });
  return rows[0]?.subject_id ?? id;
}

const readStatements = new WeakMap<SubjectPlan, string>();

/** $1 stable id, $2 known at, $3 valid at; both null for the present. */
function readStatement(subject: SubjectPlan): string {
  let text = readStatements.get(subject);
  if (!text) readStatements.set(subject, (text = compileRead(subject)));
  return text;
}

function compileRead(subject: SubjectPlan): string {
  const { expressions, joins, leading } = compileDerivation(subject, {
    source: factsAsOf,
    aliased: subject.hasAliases,
    all: true,
  });
  const members = subject.hasAliases
    ? '(select array_agg(m.id) from identity m where m.subject_id = $1::text)'
    : 'null::text[]';
  const ids = subject.hasAliases ? 'coalesce((select members from k), array[$1::text])' : 'array[$1::text]';
  const grounds = compileGrounds(subject, { ids, relation: (fact) => `known_${fact.table}` });
  const stated = (reference: string): { dataset: string; alias: string; value: string } => {
    const [dataset, column] = splitReference(reference);
    const fact = subject.factTables.find((table) => table.dataset === dataset)!;
    return {
      ...{ dataset, alias: leading.get(dataset)! },
      value: column === fact.subjectKey ? 'subject_id' : quoted(column),
    };
  };
  const disputes = subject.fields.flatMap(({ name, declaration: { derivation } }) => {
    if (derivation.kind !== 'from' || derivation.columns.length === 1) return [];
    const said = derivation.columns.map((reference) => {
      const { alias, value } = stated(reference);
      return `(case when not ${alias}.ceased then ${alias}.${value}::text end)`;
    });
    return [
      `case when (select count(distinct s.said) > 1 from (values ${said.join(', ')}) s(said)) then '${name}' end`,
    ];
  });
  const sources = subject.fields.flatMap(({ name, declaration: { derivation } }) => {
    if (derivation.kind !== 'from') return [];
    const cases = derivation.columns.map((reference) => {
      const { dataset, alias, value } = stated(reference);
      return `when ${alias}.${value} is not null then jsonb_build_object('dataset', '${dataset}', 'eventId', ${alias}.event_id, 'recordedAt', to_char(${alias}.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
    });
    return [`jsonb_build_object('${name}', case ${cases.join(' ')} end)`];
  });
  const values = subject.fields.map(
    ({ name, type }) => `${expressions.get(name)}${type === 'numeric' ? '::text' : ''} as ${quoted(name)}`,
  );
  const known = subject.factTables
    .map((fact) => `exists (select 1 from ${factsAsOf.relation(fact)} f where f.verb <> 'ANNULLED')`)
    .join('\n    or ');
  return `with k as materialized (select $1::text as id, ${members} as members), ${knownFactsOf(subject, ids)}
select (select to_json(v) from (select ${values.join(', ')}) v) as record, jsonb_strip_nulls(${sources.join(' || ') || `'{}'::jsonb`}) as sources,
  array_remove(array[${disputes.join(', ')}]::text[], null) as disputed,
  json_build_object('facts', ${grounds.facts}, 'links', ${grounds.links}, 'parked', ${grounds.parked}) as grounds,
  floor(extract(epoch from coalesce($2::timestamptz, now())) * 1000)::bigint as now
from k
  ${joins}
where ${known}`;
}

/** A subject's changes, newest first, each with how far it may be relied on now; `before` a history id, for the next page. */
export async function readHistory(
  database: Queryable,
  subject: SubjectPlan,
  id: string,
  page: { limit: number; before?: number; heardMs?: HeardMs },
): Promise<SubjectChange[]> {
  const ids = subject.hasAliases ? await membersOf(database, id) : { stable: id, members: [id] };
  const { rows } = await database.query<HistoryRow>({
    name: `history ${subject.name}`,
    text: `select * from ${subject.historyTable} where subject_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    values: [ids.stable, page.before ?? null, page.limit],
  });
  if (rows.length === 0) return [];
  // Facts as they are behind the changes: whatever caused one is surely among them.
  const events = rows.flatMap(eventIdsOf);
  const causes = await database.query<{ event_id: string; cause: ChangeCause }>({
    name: `causes ${subject.name}`,
    text: compileCauses(subject),
    values: [ids.members, events],
  });
  const grounds = await readGrounds(database, subject, ids.members);
  const byEvent = new Map(causes.rows.map(({ event_id, cause }) => [event_id, cause]));
  const clock = { nowMs: grounds.now, heardMs: page.heardMs ?? unheard };
  return rows.map((row) => {
    const change = {
      sinceMs: Math.max(row.recorded_at.getTime(), row.applied_at.getTime()),
      causes: eventIdsOf(row).map((event) => byEvent.get(event)),
    };
    return { ...toChange(row), ...settlementOfChange(subject, change, grounds, clock) };
  });
}

async function membersOf(database: Queryable, id: string): Promise<{ stable: string; members: string[] }> {
  const { rows } = await database.query<{ id: string; subject_id: string }>({
    name: 'members',
    text: `select id, subject_id from identity where subject_id = (select n.subject_id from identity n where n.id = $1)`,
    values: [id],
  });
  return rows.length > 0
    ? { stable: rows[0]!.subject_id, members: rows.map((row) => row.id) }
    : { stable: id, members: [id] };
}

async function readGrounds(
  database: Queryable,
  subject: SubjectPlan,
  ids: readonly string[],
): Promise<{ facts: FactStanding[]; parked: DatasetName[]; now: number }> {
  const relation = ({ table }: FactTable): string => `(select * from ${table} where subject_id = any($1::text[]))`;
  const { facts, parked } = compileGrounds(subject, { ids: '$1::text[]', relation });
  const { rows } = await database.query<{ facts: FactStanding[]; parked: DatasetName[]; now: number }>({
    name: `grounds ${subject.name}`,
    text: `select ${facts} as facts, ${parked} as parked, floor(extract(epoch from now()) * 1000)::bigint as now`,
    values: [ids],
  });
  return rows[0]!;
}

/** A row of a history table. */
export interface HistoryRow {
  readonly id: number;
  readonly lane: number;
  readonly subject_id: string;
  readonly dataset: string;
  readonly event_ids: string[] | string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly recorded_at: Date;
  readonly applied_at: Date;
}

/** A history row as readers see it: the fields that differ, and nothing of those that do not. */
function toChange(row: HistoryRow): Omit<SubjectChange, keyof ChangeSettlement> {
  const { before, after } = row;
  const fields: Record<string, { before: unknown; after: unknown }> = {};
  for (const name of Object.keys({ ...before, ...after })) {
    const [old, now] = [before?.[name] ?? null, after?.[name] ?? null];
    if (JSON.stringify(old) !== JSON.stringify(now)) fields[name] = { before: old, after: now };
  }
  return {
    historyId: row.id,
    dataset: row.dataset,
    eventIds: eventIdsOf(row),
    change: after === null ? 'removed' : before === null ? 'created' : 'changed',
    fields,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    recordedAt: row.recorded_at.toISOString(),
    appliedAt: row.applied_at.toISOString(),
  };
}

const eventIdsOf = ({ event_ids }: HistoryRow): readonly string[] =>
  typeof event_ids === 'string' ? event_ids.slice(1, -1).split(',').filter(Boolean) : event_ids;
