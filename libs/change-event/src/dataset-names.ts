import { datasets, type DatasetName } from './generated/datasets.ts';

/** The names of all datasets, in the order of the catalogue. */
export const datasetNames = Object.keys(datasets) as DatasetName[];

/** Whether a text names a dataset; a guard for what comes from outside. */
export function isDatasetName(text: string): text is DatasetName {
  return Object.hasOwn(datasets, text);
}
