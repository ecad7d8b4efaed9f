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
