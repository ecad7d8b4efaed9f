import { z } from 'zod';
import { controlTypes } from './change-event.ts';
import { bucketOf, bucketsPerLane } from './record-digest.ts';

/** One message on one partition states at most this many records of a bucket: some half a megabyte. */
export const inventoryRecordsMax = 5_000;

const isPlain = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();
const id = z.string().min(1).max(200).refine(isPlain, 'text without NUL is needed');
const bucket = z
  .int()
  .min(0)
  .max(bucketsPerLane - 1);
const digest = z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits are needed');
const at = z.iso.datetime({ offset: true }).describe('the register is complete up to this instant');

/** The name of a register; a department that publishes a dataset from several systems gives each one a name. */
export const registerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of small letters, digits and hyphens is needed');

/** A lane's buckets, those without a record left out: how many records, and the sum of their digests modulo 2^64. */
export const laneBuckets = z
  .array(z.strictObject({ bucket, count: z.int().min(1), sum: digest }))
  .max(bucketsPerLane)
  .refine((all) => new Set(all.map((one) => one.bucket)).size === all.length, 'each bucket may be stated once');

/** The records of one bucket of a register, each by its newest event. */
export const bucketRecords = z
  .array(z.strictObject({ subjectId: id, sourceRecordId: id, sourceVersion: z.int().min(0), digest }))
  .max(inventoryRecordsMax);

const checkpoint = z.strictObject({ at, register: registerName, buckets: laneBuckets });
const inventory = z
  .strictObject({ at, register: registerName, bucket, records: bucketRecords })
  .refine(
    (all) => all.records.every((one) => bucketOf(one.subjectId, one.sourceRecordId) === all.bucket),
    'a record of another bucket',
  );

/** What a register holds in one lane, counted and summed by bucket, at the point of the partition where this stands. */
export type Checkpoint = z.output<typeof checkpoint>;

/** The records of one bucket that a register holds, at the point of the partition where this stands. */
export type Inventory = z.output<typeof inventory>;

/** What a control record says of its source's register; nothing where it is a heartbeat. */
export type Statement = ({ readonly kind: 'checkpoint' } & Checkpoint) | ({ readonly kind: 'inventory' } & Inventory);

/** A control record read: up to when the source has told all, and what it states. */
export interface ControlRecord {
  readonly asOfMs: number | undefined;
  readonly statement: Statement | undefined;
}

const heartbeat = z.object({ at: z.iso.datetime({ offset: true }) });

/** Reads a control record's content; undefined where a checkpoint or inventory is not what it should be. */
export function readControlRecord(type: string, content: string): ControlRecord | undefined {
  const json = parsed(content);
  if (type === controlTypes.heartbeat) {
    const beat = heartbeat.safeParse(json);
    return { asOfMs: beat.success ? Date.parse(beat.data.at) : undefined, statement: undefined };
  }
  const kind = type === controlTypes.checkpoint ? 'checkpoint' : 'inventory';
  const reading = (kind === 'checkpoint' ? checkpoint : inventory).safeParse(json);
  if (!reading.success) return undefined;
  return { asOfMs: Date.parse(reading.data.at), statement: { kind, ...reading.data } as Statement };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}
