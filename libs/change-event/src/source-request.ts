import type { DatasetName } from './generated/datasets.ts';

/**
 * What a subject database wants of a dataset's source: a checkpoint now, the inventory of some buckets, or the newest event of
 * some records once more. The same request has the same id, so that a source may remember what it answered.
 */
export type SourceRequest = { readonly id: string; readonly database: string; readonly dataset: DatasetName } & (
  | { readonly kind: 'checkpoint' }
  | {
      readonly kind: 'inventory';
      readonly register: string;
      readonly buckets: readonly { readonly lane: number; readonly bucket: number }[];
    }
  | {
      readonly kind: 'records';
      readonly records: readonly { readonly subjectId: string; readonly sourceRecordId: string }[];
    }
);
