import type { DatasetName } from '@huitong/change-event';
import { murmur2 } from '@huitong/change-event';
import type { Queryable } from '@huitong/postgres';
import { arrayLiteral } from './parameters.ts';
import type { SubjectPlan } from './plan.ts';

/**
 * The column of a record table that says of which datasets its subject may have facts that are not annulled: a bit for each,
 * {@link bitOf}; all of them (-1) where that is not known. Facts of no other dataset have to be looked up to derive the record.
 */
export const presentColumn = 'present_datasets';

/** Of any dataset. */
export const anyDataset = -1n;

/** The bit of a dataset, by its name alone, so that it stays when others are declared; two may share one, and are then looked up together. */
export const bitOf = (dataset: DatasetName): bigint => 1n << BigInt((murmur2(Buffer.from(dataset)) >>> 0) % 62);

/** The datasets of a subject that are among those of some bits. */
export const datasetsOf = (subject: SubjectPlan, bits: bigint): DatasetName[] =>
  subject.factTables.map(({ dataset }) => dataset).filter((dataset) => (bits & bitOf(dataset)) !== 0n);

/** A statement with the name that connections keep its plan under. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/** A statement is compiled for so many sets of datasets, each of which every connection plans and keeps; whatever comes then is looked up in all. */
const setsMax = 32;

/** Statements for subjects that have facts of no datasets but those of some bits, {@link datasetsOf}; each compiled when it is asked for. */
export function byPresent(
  subject: SubjectPlan,
  name: string,
  compile: (among: ReadonlySet<DatasetName>) => string,
): (bits: bigint) => NamedStatement {
  const named = (of: string, bits: bigint): NamedStatement => ({
    name: `${name} ${of}`,
    text: compile(new Set(datasetsOf(subject, bits))),
  });
  const all = subject.factTables.reduce((bits, { dataset }) => bits | bitOf(dataset), 0n);
  const ofAll = named('all', all);
  const known = new Map([[all, ofAll]]);
  return (anyBits) => {
    const bits = anyBits & all;
    let statement = known.get(bits);
    if (!statement && known.size < setsMax) known.set(bits, (statement = named(bits.toString(16), bits)));
    return statement ?? ofAll;
  };
}

/** The datasets that the ids from the first to the last one may have facts of. */
export async function presentBetween(
  connection: Queryable,
  { name, factTables }: SubjectPlan,
  first: string,
  last: string,
): Promise<bigint> {
  const present = factTables.map(
    ({ dataset, table }) =>
      `coalesce((select ${bitOf(dataset)}::bigint from ${table} where subject_id >= $1 and subject_id <= $2 limit 1), 0)`,
  );
  const { rows } = await connection.query<{ present: string }>({
    name: `present between ${name}`,
    text: `select (${present.join(' | ')})::text as present`,
    values: [first, last],
  });
  return BigInt(rows[0]!.present);
}

/** For each subject the datasets that the records of some ids may have facts of, all taken together; ids without a record have none. */
export async function presentOf(
  connection: Queryable,
  subjects: readonly SubjectPlan[],
  ids: readonly string[],
): Promise<ReadonlyMap<SubjectPlan, bigint>> {
  const { rows } = await connection.query<Record<string, string | null>>({
    name: 'present datasets',
    text: `select ${subjects
      .map(
        ({ table }, at) => `(select bit_or(${presentColumn})::text from ${table} where id = any($1::text[])) as s${at}`,
      )
      .join(', ')}`,
    values: [arrayLiteral(ids)],
  });
  return new Map(subjects.map((subject, at) => [subject, BigInt(rows[0]![`s${at}`] ?? 0)]));
}
