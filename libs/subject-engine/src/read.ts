import type { DatasetName } from '@huitong/change-event';
import type { Queryable } from '@huitong/postgres';
import { quoted, splitReference, type SubjectPlan } from './plan.ts';
import { compileDerivation, factsAsOf } from './record-sql.ts';

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
}

/** One change of a subject record: only the fields that changed, old and new. */
export interface SubjectChange {
  readonly historyId: number;
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
 * from one statement, so they always fit together. Answers `undefined` where nothing is known.
 */
export async function readSubject(
  database: Queryable,
  subject: SubjectPlan,
  id: string,
  at: { knownAt?: Date; validAt?: string } = {},
): Promise<SubjectReading | undefined> {
  const stableId = subject.hasAliases ? await stableIdOf(database, id) : id;
  const { rows } = await database.query<{
    record: Record<string, unknown>;
    sources: Record<string, Provenance> | null;
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
  return { id: stableId, record: row.record, provenance };
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
  const source = {
    ...factsAsOf,
    relation: (fact: Parameters<typeof factsAsOf.relation>[0]) =>
      subject.hasAliases
        ? factsAsOf
            .relation(fact)
            .replaceAll('subject_id = $1', 'subject_id = any(coalesce((select members from k), array[$1]))')
        : factsAsOf.relation(fact),
  };
  const { expressions, joins, leading } = compileDerivation(subject, subject.fields, {
    source,
    aliased: subject.hasAliases,
  });
  const members = subject.hasAliases
    ? '(select array_agg(m.id) from identity m where m.subject_id = $1::text)'
    : 'null::text[]';
  const sources = subject.fields.flatMap(({ name, declaration: { derivation } }) => {
    if (derivation.kind !== 'from') return [];
    const cases = derivation.columns.map((reference) => {
      const [dataset, column] = splitReference(reference);
      const alias = leading.get(dataset)!;
      const fact = subject.factTables.find((table) => table.dataset === dataset)!;
      const value = column === fact.subjectKey ? 'subject_id' : quoted(column);
      return `when ${alias}.${value} is not null then jsonb_build_object('dataset', '${dataset}', 'eventId', ${alias}.event_id, 'recordedAt', to_char(${alias}.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
    });
    return [`jsonb_build_object('${name}', case ${cases.join(' ')} end)`];
  });
  const values = subject.fields.map(
    ({ name, type }) => `${expressions.get(name)}${type === 'numeric' ? '::text' : ''} as ${quoted(name)}`,
  );
  const known = subject.factTables
    .map((fact) => `exists (select 1 from ${source.relation(fact)} f where f.verb <> 'ANNULLED')`)
    .join('\n    or ');
  return `with k as materialized (select $1::text as id, ${members} as members)
select (select to_json(v) from (select ${values.join(', ')}) v) as record, jsonb_strip_nulls(${sources.join(' || ') || `'{}'::jsonb`}) as sources
from k
  ${joins}
where ${known}`;
}

/** A subject's changes, newest first; `before` a history id, for the next page. */
export async function readHistory(
  database: Queryable,
  subject: SubjectPlan,
  id: string,
  page: { limit: number; before?: number },
): Promise<SubjectChange[]> {
  const stableId = subject.hasAliases ? await stableIdOf(database, id) : id;
  const { rows } = await database.query<HistoryRow>({
    name: `history ${subject.name}`,
    text: `select * from ${subject.historyTable} where subject_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    values: [stableId, page.before ?? null, page.limit],
  });
  return rows.map(toChange);
}

/** A row of a history table. */
export interface HistoryRow {
  readonly id: number;
  readonly lane: number;
  readonly subject_id: string;
  readonly dataset: DatasetName;
  readonly event_ids: string[] | string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly recorded_at: Date;
  readonly applied_at: Date;
}

/** A history row as readers see it: the fields that differ, and nothing of those that do not. */
function toChange(row: HistoryRow): SubjectChange {
  const { before, after } = row;
  const fields: Record<string, { before: unknown; after: unknown }> = {};
  for (const name of Object.keys(after ?? before ?? {})) {
    const [old, now] = [before?.[name] ?? null, after?.[name] ?? null];
    if (JSON.stringify(old) !== JSON.stringify(now)) fields[name] = { before: old, after: now };
  }
  return {
    historyId: row.id,
    dataset: row.dataset,
    eventIds: typeof row.event_ids === 'string' ? row.event_ids.slice(1, -1).split(',') : row.event_ids,
    change: after === null ? 'removed' : before === null ? 'created' : 'changed',
    fields,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    recordedAt: row.recorded_at.toISOString(),
    appliedAt: row.applied_at.toISOString(),
  };
}
