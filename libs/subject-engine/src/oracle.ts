import type { ChangeEvent, DatasetName } from '@huitong/change-event';
import { splitReference, type DatabasePlan, type FactTable, type RecordField, type SubjectPlan } from './plan.ts';

/** A fact as plain data: the newest version of one source record. */
export interface PlainFact {
  readonly dataset: DatasetName;
  readonly subjectId: string;
  readonly event: ChangeEvent;
}

/** Subject records as plain data: by subject name, then by subject id, then by field, as JSON shows them. */
export type PlainRecords = Map<string, Map<string, Record<string, unknown>>>;

/** Key of a source record, across datasets. */
const factKey = (fact: PlainFact): string => `${fact.dataset}\n${fact.subjectId}\n${fact.event.source_record_id}`;

/** Keeps the newest version of each source record: the plain form of what the fact tables must hold. */
export function keepNewest(facts: Map<string, PlainFact>, fact: PlainFact): void {
  const known = facts.get(factKey(fact));
  if (!known || known.event.source_version < fact.event.source_version) facts.set(factKey(fact), fact);
}

/**
 * The subject records as a pure function of the facts, written plainly and without SQL: the oracle that tests and the
 * demo city's proof hold against what the engine derived. Slow and simple on purpose.
 */
export function deriveRecords(plan: DatabasePlan, facts: Iterable<PlainFact>): PlainRecords {
  const all = [...facts].filter(({ event }) => event.verb !== 'ANNULLED');
  const result: PlainRecords = new Map();
  for (const subject of plan.subjects) {
    const mine = all.filter((fact) => subject.factTables.some(({ dataset }) => dataset === fact.dataset));
    const stable = stableIdOf(subject, mine);
    const bySubject = new Map<string, Map<string, PlainFact[]>>();
    for (const fact of mine) {
      const id = stable(fact.subjectId);
      let byDataset = bySubject.get(id);
      if (!byDataset) bySubject.set(id, (byDataset = new Map<string, PlainFact[]>()));
      const list = byDataset.get(fact.dataset);
      if (list) list.push(fact);
      else byDataset.set(fact.dataset, [fact]);
    }
    const records = new Map<string, Record<string, unknown>>();
    for (const [id, byDataset] of bySubject)
      records.set(
        id,
        Object.fromEntries(subject.fields.map((field) => [field.name, deriveField(subject, field, byDataset)])),
      );
    result.set(subject.name, records);
  }
  return result;
}

function stableIdOf(subject: SubjectPlan, facts: readonly PlainFact[]): (id: string) => string {
  const links: [string, string][] = [];
  for (const { dataset, subjectId, event } of facts) {
    const column = subject.hasAliases ? tableOf(subject, dataset).aliasColumn : undefined;
    const former = column ? (event.data as unknown as Record<string, string | null>)[column] : null;
    if (former && former !== subjectId) links.push([subjectId, former]);
  }
  const neighbours = new Map<string, Set<string>>();
  const names = new Set(links.map(([id]) => id));
  for (const [a, b] of links)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other));
  const stable = new Map<string, string>();
  for (const start of neighbours.keys()) {
    if (stable.has(start)) continue;
    const group = new Set([start]);
    for (const id of group) for (const next of neighbours.get(id) ?? []) group.add(next);
    const oldest = [...group].filter((id) => !names.has(id)).toSorted();
    const chosen = oldest[0] ?? [...group].toSorted()[0]!;
    for (const id of group) stable.set(id, chosen);
  }
  return (id) => stable.get(id) ?? id;
}

function deriveField(subject: SubjectPlan, field: RecordField, facts: ReadonlyMap<string, PlainFact[]>): unknown {
  const { derivation } = field.declaration;
  const inForce = (dataset: string): PlainFact[] =>
    (facts.get(dataset) ?? []).filter(({ event }) => event.verb !== 'CEASED');
  switch (derivation.kind) {
    case 'from': {
      for (const reference of derivation.columns) {
        const [dataset, column] = splitReference(reference);
        const leading = (facts.get(dataset) ?? []).toSorted(compareLeading)[0];
        const value = leading ? valueOf(subject, leading, column) : null;
        if (value !== null) return value;
      }
      return null;
    }
    case 'inForce':
      return inForce(derivation.dataset).length > 0;
    case 'count':
      return inForce(derivation.dataset).length;
    case 'list': {
      const rows = inForce(derivation.dataset).toSorted(
        (a, b) =>
          derivation.orderBy.reduce(
            (order, column) => order || compareNullsLast(valueOf(subject, a, column), valueOf(subject, b, column)),
            0,
          ) ||
          compareText(a.event.source_record_id, b.event.source_record_id) ||
          compareText(a.subjectId, b.subjectId),
      );
      if (rows.length === 0) return null;
      return rows.map((fact) =>
        Object.fromEntries(derivation.columns.map((column) => [column, valueOf(subject, fact, column)])),
      );
    }
    case 'max':
    case 'sum': {
      const [dataset, column] = splitReference(derivation.column);
      const values = (facts.get(dataset) ?? [])
        .map((fact) => valueOf(subject, fact, column))
        .filter((value) => value !== null);
      if (values.length === 0) return null;
      if (derivation.kind === 'sum') return addDecimals(values.map(String));
      return values.reduce((a, b) => (compareNullsLast(a, b) >= 0 ? a : b));
    }
  }
}

/** Not ceased first, then the latest valid time (none last), then the latest recorded, then the greatest record id. */
function compareLeading(a: PlainFact, b: PlainFact): number {
  return (
    Number(a.event.verb === 'CEASED') - Number(b.event.verb === 'CEASED') ||
    compareText(b.event.valid_from ?? '', a.event.valid_from ?? '') ||
    b.event.recorded_at - a.event.recorded_at ||
    compareText(b.event.source_record_id, a.event.source_record_id) ||
    compareText(b.subjectId, a.subjectId)
  );
}

function valueOf(subject: SubjectPlan, fact: PlainFact, column: string): unknown {
  const table = tableOf(subject, fact.dataset);
  if (column === table.subjectKey) return fact.subjectId;
  const value = (fact.event.data as unknown as Record<string, unknown>)[column] ?? null;
  const type = table.columns.find(({ name }) => name === column)?.type;
  return type === 'timestamptz' && value !== null ? new Date(value as number).toISOString() : value;
}

const tableOf = (subject: SubjectPlan, dataset: string): FactTable =>
  subject.factTables.find((fact) => fact.dataset === dataset)!;

/** By code point, as PostgreSQL's C.UTF-8 compares text. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareNullsLast(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return typeof a === 'string' ? compareText(a, b as string) : Number(a) - Number(b);
}

/** Adds decimal texts exactly; the sum has as many decimals as the longest of them. */
function addDecimals(texts: readonly string[]): string {
  const scale = Math.max(...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const total = texts.reduce((sum, text) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return sum + BigInt(whole + fraction.padEnd(scale, '0'));
  }, 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, '0');
  const sign = total < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
