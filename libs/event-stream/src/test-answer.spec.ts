import { createRequire } from 'node:module';

interface Encoder {
  readonly buffer: Buffer;
}
const kafkajs = createRequire(import.meta.url);
const records = 'kafkajs/src/protocol/recordBatch';
const encodeRecord = kafkajs(`${records}/record/v0/index.js`) as (record: object) => Encoder;
const { RecordBatch: encodeBatch } = kafkajs(`${records}/v0/index.js`) as {
  RecordBatch(batch: object): Promise<Encoder>;
};

/** A record that a spec lets a broker have. */
export interface SpecRecord {
  readonly delta: number;
  readonly afterMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** A batch that a spec lets a broker have; what is left out is plain. */
export interface SpecBatch {
  readonly firstOffset: number;
  /** Where its last record stood before compaction, counted from the first. */
  readonly lastDelta?: number;
  readonly firstMs?: number;
  readonly maxMs?: number;
  readonly isAppendTime?: boolean;
  readonly isControl?: boolean;
  readonly isTransactional?: boolean;
  readonly producerId?: number;
  readonly gzip?: boolean;
  readonly records: readonly SpecRecord[];
}

/** Its time is the plain one of {@link bytesOfBatch}. */
export const record = (delta: number, value: string | null, more: Partial<SpecRecord> = {}): SpecRecord => ({
  ...{ delta, afterMs: delta, key: Buffer.from(`k${delta}`), value: value === null ? null : Buffer.from(value) },
  headers: {},
  ...more,
});

/** The marker with which a transaction ends. */
export const marker = (firstOffset: number, producerId: number, type: 'abort' | 'commit'): SpecBatch => ({
  ...{ firstOffset, producerId, isControl: true, isTransactional: true },
  records: [record(0, 'marker', { key: Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]) })],
});

/** The bytes of a batch, as kafkajs would produce it, with the marks that only brokers set. */
export async function bytesOfBatch(batch: SpecBatch): Promise<Buffer> {
  const { firstMs = 1_700_000_000_000, maxMs = firstMs, producerId = -1, records } = batch;
  const { buffer } = await encodeBatch({
    compression: batch.gzip ? 1 : 0,
    firstOffset: batch.firstOffset,
    firstTimestamp: firstMs,
    maxTimestamp: maxMs,
    producerId,
    transactional: batch.isTransactional ?? false,
    lastOffsetDelta: batch.lastDelta ?? Math.max(0, ...records.map(({ delta }) => delta)),
    records: records.map(({ delta, afterMs, ...rest }) =>
      encodeRecord({ offsetDelta: delta, timestampDelta: afterMs, ...rest }),
    ),
  });
  const bytes = Buffer.from(buffer);
  bytes[22]! |= (batch.isAppendTime ? 0x08 : 0) | (batch.isControl ? 0x20 : 0);
  return bytes;
}

/** What a partition is answered with. */
export interface SpecPartition {
  readonly partition: number;
  readonly records: Buffer;
  readonly aborted?: readonly { readonly producerId: number; readonly firstOffset: number }[];
  readonly errorCode?: number;
}

/** A fetch answer of one topic, in version 11. */
export function bytesOfAnswer(topic: string, partitions: readonly SpecPartition[]): Buffer {
  const int16 = (value: number): Buffer => numberOf(2, (bytes) => bytes.writeInt16BE(value));
  const int32 = (value: number): Buffer => numberOf(4, (bytes) => bytes.writeInt32BE(value));
  const int64 = (value: number): Buffer => numberOf(8, (bytes) => bytes.writeBigInt64BE(BigInt(value)));
  const of = ({ partition, records, aborted, errorCode = 0 }: SpecPartition): Buffer[] => [
    ...[int32(partition), int16(errorCode), int64(1_000), int64(1_000), int64(0), int32(aborted ? aborted.length : -1)],
    ...(aborted ?? []).flatMap(({ producerId, firstOffset }) => [int64(producerId), int64(firstOffset)]),
    ...[int32(-1), int32(records.length), records],
  ];
  return Buffer.concat([
    ...[int32(3), int16(0), int32(77), int32(1), int16(topic.length), Buffer.from(topic), int32(partitions.length)],
    ...partitions.flatMap(of),
  ]);
}

function numberOf(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
}
