import { datasets, HuitongError, type DatasetDeclaration, type DatasetName } from '@huitong/change-event';
import type { FieldDeclaration, SubjectDeclaration } from './declaration.ts';

/** A column of a fact table or a subject record, with its PostgreSQL type. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** A dataset as the engine stores it: the newest version of every source record, and the versions that it replaced. */
export interface FactTable {
  readonly dataset: DatasetName;
  readonly topic: string;
  readonly subjectKey: string;
  readonly table: string;
  readonly pastTable: string;
  readonly columns: readonly Column[];
  /** The column that states a former id of the subject, where the dataset has one. */
  readonly aliasColumn: string | undefined;
}

/** A field of a subject record, resolved. */
export interface RecordField extends Column {
  readonly declaration: FieldDeclaration;
  /** The datasets that the field is derived from. */
  readonly datasets: readonly DatasetName[];
}

/** A subject database, resolved against the datasets' schemas. */
export interface SubjectPlan {
  readonly name: string;
  readonly declaration: SubjectDeclaration;
  readonly table: string;
  readonly historyTable: string;
  readonly fields: readonly RecordField[];
  readonly factTables: readonly FactTable[];
  readonly hasAliases: boolean;
  /** How the subject's ids are checked and brought into the form under which they are kept. */
  readonly subjectCheck: DatasetDeclaration['subjectCheck'];
}

/** One PostgreSQL database: the facts it holds and the subject databases derived from them. */
export interface DatabasePlan {
  readonly database: string;
  readonly factTables: readonly FactTable[];
  readonly subjects: readonly SubjectPlan[];
}

/** Columns that every fact table has before those of its dataset. */
export const envelopeColumns: readonly Column[] = [
  { name: 'subject_id', type: 'text' },
  { name: 'source_record_id', type: 'text' },
  { name: 'source_version', type: 'bigint' },
  { name: 'event_id', type: 'uuid' },
  { name: 'verb', type: 'text' },
  { name: 'reason', type: 'text' },
  { name: 'recorded_at', type: 'timestamptz' },
  { name: 'valid_from', type: 'date' },
  { name: 'valid_to', type: 'date' },
  // Of the event: checkpoints speak of one lane. Last and nullable, since nothing is derived from it.
  { name: 'lane', type: 'smallint' },
];

const postgresTypes = {
  string: 'text',
  int: 'integer',
  long: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
} as const;

/**
 * Resolves the subjects of one database against the datasets' schemas. Throws CONFIG_INVALID, naming the reference, when
 * a declaration speaks of a dataset or column that does not exist or mixes kinds of ids, so that a wrong declaration never
 * starts a service.
 */
export function planDatabase(subjects: readonly SubjectDeclaration[]): DatabasePlan {
  const database = subjects[0]?.database ?? refuse('a database without subjects', '');
  if (subjects.filter((subject) => (subject.aliases ?? []).length > 0).length > 1)
    refuse('two subjects with aliases in one database, which has one table of identities', database);
  const aliases = new Set(subjects.flatMap((subject) => subject.aliases ?? []));
  const names = [...new Set(subjects.flatMap((subject) => subject.datasets))].sort();
  const factTables = names.map((name) => planFactTable(name, aliases));
  return { database, factTables, subjects: subjects.map((subject) => planSubject(subject, factTables)) };
}

function planFactTable(dataset: string, aliases: ReadonlySet<string>): FactTable {
  const declaration = declarationOf(dataset);
  const suffix = dataset.replaceAll(/[.-]/g, '_');
  const aliasColumn = Object.keys(declaration.fields).find((field) => aliases.has(`${dataset}.${field}`));
  return {
    dataset: dataset as DatasetName,
    topic: declaration.topic,
    subjectKey: declaration.subjectKey,
    table: `fact_${suffix}`,
    pastTable: `past_${suffix}`,
    columns: Object.keys(declaration.fields)
      .filter((field) => field !== declaration.subjectKey)
      .map((field) => ({ name: field, type: columnType(dataset, field) })),
    aliasColumn,
  };
}

function planSubject(declaration: SubjectDeclaration, factTables: readonly FactTable[]): SubjectPlan {
  const table = declaration.name.replaceAll('-', '_');
  for (const name of Object.values(declaration.searched ?? {}).flat())
    if (!Object.hasOwn(declaration.fields, name)) refuse('a search of a field that the subject has not', name);
  return {
    name: declaration.name,
    declaration,
    table,
    historyTable: `${table}_history`,
    fields: Object.entries(declaration.fields).map(([name, field]) => planField(name, field)),
    factTables: factTables.filter((fact) => declaration.datasets.includes(fact.dataset)),
    hasAliases: (declaration.aliases ?? []).length > 0,
    subjectCheck: subjectCheckOf(declaration),
  };
}

/** One id, read by one check, takes one lane, whichever dataset it is from. */
function subjectCheckOf({ name, datasets: names }: SubjectDeclaration): DatasetDeclaration['subjectCheck'] {
  const checks = [...new Set(names.map((dataset) => declarationOf(dataset).subjectCheck))];
  if (checks.length !== 1) refuse('a subject whose datasets check its id in other than one way', name);
  return checks[0]!;
}

function planField(name: string, declaration: FieldDeclaration): RecordField {
  const { derivation } = declaration;
  const of = (dataset: string, type: string): RecordField => {
    declarationOf(dataset);
    return { name, type, declaration, datasets: [dataset as DatasetName] };
  };
  switch (derivation.kind) {
    case 'from': {
      const columns = derivation.columns.map(splitReference);
      const types = new Set(columns.map(([dataset, field]) => columnType(dataset, field)));
      if (types.size > 1) refuse('a field whose sources differ in type', name);
      const sources = [...new Set(columns.map(([dataset]) => dataset as DatasetName))];
      return { name, type: [...types][0]!, declaration, datasets: sources };
    }
    case 'inForce':
      return of(derivation.dataset, 'boolean');
    case 'count':
      return of(derivation.dataset, 'bigint');
    case 'list':
      for (const column of [...derivation.columns, ...derivation.orderBy]) columnType(derivation.dataset, column);
      return of(derivation.dataset, 'jsonb');
    case 'max':
    case 'sum': {
      const [dataset, column] = splitReference(derivation.column);
      const type = columnType(dataset, column);
      return of(dataset, derivation.kind === 'sum' && type !== 'double precision' ? 'numeric' : type);
    }
  }
}

/** Splits `<department>.<dataset>.<field>` into dataset and field. */
export function splitReference(reference: string): [dataset: string, field: string] {
  const at = reference.lastIndexOf('.');
  return [reference.slice(0, at), reference.slice(at + 1)];
}

function declarationOf(dataset: string): DatasetDeclaration {
  if (!Object.hasOwn(datasets, dataset)) refuse('a dataset that has no schema', dataset);
  return datasets[dataset as DatasetName];
}

function columnType(dataset: string, field: string): string {
  const declaration =
    declarationOf(dataset).fields[field] ?? refuse('a column that the dataset has not', `${dataset}.${field}`);
  return declaration.numeric ? 'numeric' : postgresTypes[declaration.type];
}

function refuse(what: string, name: string): never {
  throw new HuitongError('CONFIG_INVALID', `declaring ${what}`, { context: { name } });
}

/** A name as PostgreSQL reads it, letter for letter. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
