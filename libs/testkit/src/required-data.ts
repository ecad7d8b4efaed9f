import { datasets, type DatasetName, type FieldDeclaration } from '@huitong/change-event';

const plain = { string: '', int: 0, long: 0, double: 0, boolean: false, date: '2026-01-01', timestamp: 0 };

/** What the data of an event must have by the dataset's schema, plain, for specs whose events say nothing of it. */
export function requiredData(dataset: DatasetName): Record<string, unknown> {
  const fields = Object.entries<FieldDeclaration>(datasets[dataset].fields).filter(([, { nullable }]) => !nullable);
  return Object.fromEntries(fields.map(([name, { type, numeric }]) => [name, numeric ? '0.00' : plain[type]]));
}
