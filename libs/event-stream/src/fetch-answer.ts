import { createRequire } from 'node:module';
import { batchLength, magicOf, magicOfBatches, RecordBatch } from './record-batch.ts';
import { int64At } from './record-reader.ts';

/** What a broker says of one partition, as far as kafkajs asks for it; the offsets are text for its sake. */
export interface AnsweredPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly preferredReadReplica: number;
  /** Left empty, or kafkajs would look for aborted transactions again. */
  readonly abortedTransactions: readonly never[];
  /** Record batches; messages as kafkajs reads them where the log has formats older than that. */
  readonly messages: readonly unknown[];
}

/** A fetch answer in kafkajs's form. */
export interface FetchAnswer {
  /** Of the broker's throttling, which has not waited itself. */
  readonly throttleTime: 0;
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly AnsweredPartition[] }[];
}

/** The version of the answers that are read here: kafkajs's highest, which brokers know since Kafka 2.3. */
export const fetchVersion = 11;

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

// Private to kafkajs, whose version is pinned; the spec holds both readings against each other.
const kafkajs = createRequire(import.meta.url);
const KafkaDecoder = kafkajs('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const readMessageSet = kafkajs('kafkajs/src/protocol/messageSet/decoder.js') as (
  decoder: object,
  size: number,
) => Promise<unknown[]>;
const { lookupCodecByAttributes } = kafkajs('kafkajs/src/protocol/message/compression/index.js') as {
  lookupCodecByAttributes(attributes: number): Codec | null;
};

/**
 * Reads a fetch answer down to its record batches and leaves the records as they are. What is not to be seen is marked as kafkajs marks
 * control records: these, and batches of transactions that were aborted. A batch that the answer holds a part of is not there.
 */
export async function readFetchAnswer(bytes: Buffer): Promise<FetchAnswer> {
  const reader = new AnswerReader(bytes);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const topics = reader.array(() => ({
    topicName: reader.text(),
    partitions: reader.array(() => partitionOf(reader)),
  }));
  const responses = await Promise.all(
    topics.map(async ({ topicName, partitions }) => ({
      topicName,
      partitions: await Promise.all(partitions.map(withMessages)),
    })),
  );
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

interface RawPartition extends Omit<AnsweredPartition, 'messages'> {
  readonly aborted: readonly Aborted[];
  readonly records: Buffer;
}

/** A transaction that was aborted: whose, and its first offset in the partition. */
interface Aborted {
  readonly producerId: number;
  readonly firstOffset: number;
}

function partitionOf(reader: AnswerReader): RawPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = String(reader.int64());
  // Where the last stable offset and the log's first offset stand, which nobody asks for.
  reader.at += 16;
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  const preferredReadReplica = reader.int32();
  const records = reader.sized(reader.int32());
  return { partition, errorCode, highWatermark, preferredReadReplica, abortedTransactions: [], aborted, records };
}

async function withMessages({ aborted, records, ...partition }: RawPartition): Promise<AnsweredPartition> {
  const magic = magicOf(records, 0);
  if (magic !== undefined && magic !== magicOfBatches)
    return { ...partition, messages: await readMessageSet(new KafkaDecoder(records), records.length) };
  const batches = batchesOf(records);
  for (const batch of batches)
    if (batch.isCompressed) {
      const codec = lookupCodecByAttributes(batch.attributes);
      if (codec) await batch.decompress((bytes) => codec.decompress(bytes));
    }
  leaveOutAborted(batches, aborted);
  return { ...partition, messages: batches };
}

/** The whole batches of a partition, up to where the log changes its format: the next fetch begins there. */
function batchesOf(records: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0; magicOf(records, at) === magicOfBatches;) {
    const length = batchLength(records, at);
    if (length === undefined) break;
    batches.push(new RecordBatch(records, at, length));
    at += length;
  }
  return batches;
}

/** As the protocol has it: a batch is of one producer, and his transaction is aborted from its first offset up to its marker. */
function leaveOutAborted(batches: readonly RecordBatch[], aborted: readonly Aborted[]): void {
  if (aborted.length === 0) return;
  const toCome = aborted.toSorted((one, other) => one.firstOffset - other.firstOffset);
  const producers = new Set<number>();
  let next = 0;
  for (const batch of batches) {
    for (; next < toCome.length && toCome[next]!.firstOffset <= batch.lastOffset; next += 1)
      producers.add(toCome[next]!.producerId);
    if (batch.isAbortMarker()) producers.delete(batch.producerId);
    else if (batch.isTransactional && producers.has(batch.producerId)) batch.isControlRecord = true;
  }
}

/** Reads what an answer consists of, one behind the other. Throws a RangeError behind its end. */
class AnswerReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    const value = this.#bytes.readInt16BE(this.at);
    this.at += 2;
    return value;
  }

  int32(): number {
    const value = this.#bytes.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  int64(): number {
    const value = int64At(this.#bytes, this.at);
    this.at += 8;
    return value;
  }

  text(): string {
    return this.sized(this.int16()).toString();
  }

  sized(length: number): Buffer {
    const from = this.at;
    this.at += Math.max(0, length);
    return this.#bytes.subarray(from, this.at);
  }

  /** A list may be null, which is as good as empty. */
  array<Entry>(read: () => Entry): Entry[] {
    const entries: Entry[] = [];
    for (let left = this.int32(); left > 0; left -= 1) entries.push(read());
    return entries;
  }
}
