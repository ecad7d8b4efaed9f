import type { DatasetData, DatasetName } from './generated/datasets.ts';

/** What a change event says of a fact: stated, put right (was wrong), withdrawn (never was) or ended (was right, is over). */
export const verbs = ['CREATED', 'CORRECTED', 'ANNULLED', 'CEASED'] as const;

/** One of {@link verbs}. */
export type Verb = (typeof verbs)[number];

/**
 * One fact created, corrected, annulled or ceased in one dataset, exactly as its Avro record: snake-case envelope, then
 * `data`. Dates are ISO 8601 `YYYY-MM-DD`; `recorded_at` is epoch milliseconds, when the source committed it. `data` is
 * null only for ANNULLED: every other version is complete in itself, so that facts do not depend on the order of arrival.
 */
export interface ChangeEvent<Dataset extends DatasetName = DatasetName> {
  readonly event_id: string;
  readonly verb: Verb;
  readonly previous_event_id: string | null;
  readonly reason: string;
  readonly source_record_id: string;
  readonly source_version: number;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly recorded_at: number;
  readonly data: DatasetData[Dataset] | null;
}

/** CloudEvents 1.0 types of the control records that travel beside the data they speak of. */
export const controlTypes = {
  heartbeat: 'cn.huitong.heartbeat.v1',
  checkpoint: 'cn.huitong.checkpoint.v1',
  inventory: 'cn.huitong.inventory.v1',
} as const;

/** The CloudEvents type of a dataset's change events. */
export const eventTypeOf = (dataset: DatasetName): string => `cn.huitong.${dataset}.v1`;

/** The topic on which a subject database's changes are published. */
export const changedTopicOf = (subject: string): string => `subject.${subject}.changed`;

/** A source's clock may run this far ahead of ours before its time stamps are refused, in milliseconds. */
export const sourceClockSkewMs = 300_000;

/** The partitions of every dataset topic unless configured otherwise; lanes need the same number everywhere. */
export const defaultPartitions = 12;
