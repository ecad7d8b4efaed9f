import { isDeepStrictEqual } from 'node:util';
import { deriveRecords, type DatabasePlan, type PlainFact, type SubjectPlan } from '@huitong/subject-engine';

/** What the true facts of some cells say of one subject database. */
export interface Expectation {
  readonly subject: SubjectPlan;
  /** Every id that the cells ever named, annulled and former ones too: no record stands under any other id of theirs. */
  readonly ids: readonly string[];
  /** The records that there must be, by id. */
  readonly records: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** What each subject database must hold of some cells, derived from their facts without SQL. */
export function expectations(plan: DatabasePlan, facts: readonly PlainFact[]): Expectation[] {
  const records = deriveRecords(plan, facts);
  return plan.subjects.map((subject) => {
    const datasets = new Set<string>(subject.factTables.map(({ dataset }) => dataset));
    const mine = facts.filter(({ dataset }) => datasets.has(dataset));
    return { subject, ids: [...new Set(mine.map(({ subjectId }) => subjectId))], records: records.get(subject.name)! };
  });
}

/** How one record differs from the truth; `fields` names those that do. */
export interface Difference {
  readonly id: string;
  readonly kind: 'missing' | 'extra' | 'differing';
  readonly fields: readonly string[];
}

/** Compares rows as the database gives them (column `id` and one column a field) with what must be there. */
export function compare(
  { subject, records }: Expectation,
  rows: readonly Readonly<Record<string, unknown>>[],
): { equal: number; differences: Difference[] } {
  const differences: Difference[] = [];
  const found = new Set<string>();
  let equal = 0;
  for (const row of rows) {
    const id = row['id'] as string;
    found.add(id);
    const expected = records.get(id);
    if (!expected) {
      differences.push({ id, kind: 'extra', fields: [] });
      continue;
    }
    const fields = subject.fields.map(({ name }) => name).filter((name) => !sameValue(expected[name], row[name]));
    if (fields.length > 0) differences.push({ id, kind: 'differing', fields });
    else equal += 1;
  }
  for (const id of records.keys()) if (!found.has(id)) differences.push({ id, kind: 'missing', fields: [] });
  return { equal, differences };
}

/** The database gives instants as dates; everything else is already as JSON shows it. */
function sameValue(expected: unknown, actual: unknown): boolean {
  return isDeepStrictEqual(expected ?? null, actual instanceof Date ? actual.toISOString() : (actual ?? null));
}
