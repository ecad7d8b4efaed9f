import type { Database, Queryable } from '@huitong/postgres';
import {
  addDifferences,
  byForm,
  chunksOf,
  countRows,
  noDifferences,
  type DifferenceCounts,
  type SweepProgress,
} from './compare.ts';
import { compileCompare } from './compare-sql.ts';
import { envelopeColumns, quoted, type FactTable, type SubjectPlan } from './plan.ts';
import { presentColumn } from './present-datasets.ts';
import { liveFacts, type FactSource } from './derivation-sql.ts';
import { defaultOf } from './tables-sql.ts';

/** What a declaration would change in a subject database whose tables are of an earlier one. */
export interface Preview {
  /** Records that would come, go, or have other values; of a field that is new, those that would have a value. */
  readonly differences: DifferenceCounts;
  readonly compared: number;
  readonly newFields: readonly string[];
  /** Fields that are declared no more, with the number of records that have a value. */
  readonly removedFields: Readonly<Record<string, number>>;
  /** Datasets without a fact table: what they will say is not known yet. */
  readonly newDatasets: readonly string[];
  /** Columns of datasets, as `<dataset>.<column>`, that the stored facts lack; only a replay of the log could fill them. */
  readonly newColumns: readonly string[];
}

/** The columns of every table in `public`, by table. */
type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Says what the present declaration would change, by reading only: derives every record from the stored facts, and compares it with the
 * live one, where the live tables may lack what the declaration speaks of. Each chunk is one snapshot, so a change under way is no difference.
 */
export async function previewSubject(
  database: Database,
  subject: SubjectPlan,
  onProgress?: (progress: SweepProgress) => void,
): Promise<Preview> {
  const shape = await shapeOf(database);
  const source: FactSource = { ...liveFacts, relation: (fact) => factsOf(fact, shape) };
  const statements = {
    single: compileCompare(subject, recordsOf(subject, shape), false, source),
    aliased: compileCompare(subject, recordsOf(subject, shape), true, source),
  };
  const stored = { ...subject, factTables: subject.factTables.filter(({ table }) => shape.has(table)) };
  const total = await countRows(database, subject.table);
  const differences = noDifferences();
  let compared = 0;
  for await (const ids of chunksOf(database, stored, {})) {
    for (const [form, some] of await byForm(database, subject, ids))
      addDifferences(differences, (await database.query(statements[form], [some])).rows);
    compared += ids.length;
    onProgress?.({ done: compared, total: Math.max(compared, total) });
  }
  const columns = shape.get(subject.table) ?? new Set();
  return {
    differences,
    compared,
    newFields: subject.fields.flatMap(({ name }) => (columns.has(name) ? [] : [name])),
    removedFields: await valuesOf(database, subject, columns),
    newDatasets: subject.factTables.flatMap(({ dataset, table }) => (shape.has(table) ? [] : [dataset])),
    newColumns: stored.factTables.flatMap(({ dataset, table, columns: declared }) =>
      declared.flatMap(({ name }) => (shape.get(table)!.has(name) ? [] : [`${dataset}.${name}`])),
    ),
  };
}

async function shapeOf(database: Queryable): Promise<Shape> {
  const { rows } = await database.query<{ table: string; columns: string[] }>(
    `select table_name as table, array_agg(column_name::text) as columns from information_schema.columns
    where table_schema = 'public' group by table_name`,
  );
  return new Map(rows.map(({ table, columns }) => [table, new Set(columns)]));
}

/** A fact table as the declaration has it: what is not there yet is empty, or null. */
function factsOf(fact: FactTable, shape: Shape): string {
  const there = shape.get(fact.table);
  const lacking = fact.columns.filter(({ name }) => !there?.has(name));
  const nulls = lacking.map(({ name, type }) => `null::${type} as ${quoted(name)}`);
  if (!there) {
    const envelope = envelopeColumns.map(({ name, type }) => `null::${type} as ${name}`);
    return `(select ${[...envelope, ...nulls].join(', ')} where false)`;
  }
  return nulls.length === 0 ? fact.table : `(select t.*, ${nulls.join(', ')} from ${fact.table} t)`;
}

/** The live records as they will be when the missing columns are added: with their defaults. */
function recordsOf(subject: SubjectPlan, shape: Shape): string {
  const there = shape.get(subject.table);
  const fields = subject.fields.map((field) => {
    if (there?.has(field.name)) return quoted(field.name);
    return `(${defaultOf(field) ?? 'null'})::${field.type} as ${quoted(field.name)}`;
  });
  return `(select ${['id', ...fields].join(', ')} from ${subject.table})`;
}

async function valuesOf(
  database: Queryable,
  subject: SubjectPlan,
  columns: ReadonlySet<string>,
): Promise<Record<string, number>> {
  const declared = new Set(['id', presentColumn, ...subject.fields.map(({ name }) => name)]);
  const removed = [...columns].filter((column) => !declared.has(column)).toSorted();
  if (removed.length === 0) return {};
  const counts = removed.map((column, at) => `count(${quoted(column)}) as c${at}`).join(', ');
  const { rows } = await database.query<Record<string, number>>(`select ${counts} from ${subject.table}`);
  return Object.fromEntries(removed.map((column, at) => [column, rows[0]![`c${at}`]!]));
}
