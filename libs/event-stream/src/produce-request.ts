import type { Message } from 'kafkajs';
import { createRequire } from 'node:module';
import { crc32c } from './crc32c.ts';
import { magicOfBatches } from './record-batch.ts';
import { lengthOf, RecordWriter, sizeOfVarInt, type Written } from './record-writer.ts';

/** What kafkajs asks a broker to take. */
export interface ProduceRequest {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null | undefined;
  readonly producerId?: string | number | undefined;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number | undefined;
      readonly messages: readonly Message[];
    }[];
  }[];
}

/** A message with its headers one by one. */
interface PlainRecord {
  readonly key: Written | null;
  readonly value: Written | null;
  readonly headers: readonly (readonly [string, Written])[];
  /** Of all that stands behind its length. */
  readonly size: number;
}

/** The bytes of a request of version 3 to 7, as kafkajs would make them at this time; undefined where there is more to it than is made here. */
export function bytesOfProduce(request: ProduceRequest, nowMs: number): Buffer | undefined {
  if (request.compression) return undefined;
  const topics: { topic: string; partitions: Batch[] }[] = [];
  const { transactionalId = null } = request;
  let length = 2 + (transactionalId === null ? 0 : lengthOf(transactionalId)) + 2 + 4 + 4;
  for (const { topic, partitions } of request.topicData) {
    const batches: Batch[] = [];
    length += 2 + lengthOf(topic) + 4;
    for (const { partition, firstSequence = 0, messages } of partitions) {
      const batch = batchOf(partition, firstSequence, messages);
      if (!batch) return undefined;
      batches.push(batch);
      length += 4 + 4 + batch.size;
    }
    topics.push({ topic, partitions: batches });
  }
  const writer = new RecordWriter(length);
  shortText(writer, transactionalId);
  writer.int16(request.acks);
  writer.int32(request.timeout);
  writer.int32(topics.length);
  for (const { topic, partitions } of topics) {
    shortText(writer, topic);
    writer.int32(partitions.length);
    for (const batch of partitions) writeBatch(writer, batch, request, nowMs);
  }
  return writer.bytes;
}

/** Bytes of a batch before its records. */
const batchHeader = 61;
const transactional = 0x10;

interface Batch {
  readonly partition: number;
  readonly firstSequence: number;
  readonly records: readonly PlainRecord[];
  readonly size: number;
}

function batchOf(partition: number, firstSequence: number, messages: readonly Message[]): Batch | undefined {
  const records: PlainRecord[] = [];
  let size = batchHeader;
  for (let at = 0; at < messages.length; at += 1) {
    const record = recordOf(messages[at]!, at);
    if (!record) return undefined;
    records.push(record);
    size += sizeOfVarInt(record.size) + record.size;
  }
  return { partition, firstSequence, records, size };
}

function recordOf({ key = null, value, timestamp, headers }: Message, offset: number): PlainRecord | undefined {
  if (timestamp !== undefined || !isWritten(key) || !isWritten(value)) return undefined;
  const all: (readonly [string, Written])[] = [];
  // Attributes, and a time that is the batch's.
  let size = 2 + sizeOfVarInt(offset) + sizeOfSized(key) + sizeOfSized(value);
  for (const name in headers) {
    const given = headers[name];
    for (const one of Array.isArray(given) ? given : [given]) {
      if (one === undefined || !isWritten(one)) return undefined;
      all.push([name, one]);
      size += sizeOfSized(name) + sizeOfSized(one);
    }
  }
  return { key, value, headers: all, size: size + sizeOfVarInt(all.length) };
}

const isWritten = (data: unknown): data is Written | null =>
  data === null || typeof data === 'string' || Buffer.isBuffer(data);

function sizeOfSized(data: Written | null): number {
  if (data === null) return 1;
  const length = lengthOf(data);
  return sizeOfVarInt(length) + length;
}

function writeBatch(writer: RecordWriter, batch: Batch, request: ProduceRequest, nowMs: number): void {
  writer.int32(batch.partition);
  writer.int32(batch.size);
  const from = writer.at;
  // The broker gives the first offset; the length counts what is behind it.
  writer.int64(0n);
  writer.int32(batch.size - 12);
  writer.int32(0);
  writer.int8(magicOfBatches);
  const checksumAt = writer.at;
  writer.int32(0);
  const checkedFrom = writer.at;
  writer.int16(request.transactionalId ? transactional : 0);
  writer.int32(batch.records.length - 1);
  writer.int64(BigInt(nowMs));
  writer.int64(BigInt(nowMs));
  writer.int64(BigInt(request.producerId ?? -1));
  writer.int16(request.producerEpoch ?? 0);
  writer.int32(batch.firstSequence);
  writer.int32(batch.records.length);
  batch.records.forEach((record, offset) => writeRecord(writer, record, offset));
  writer.bytes.writeUInt32BE(crc32c(writer.bytes, checkedFrom, from + batch.size), checksumAt);
}

function writeRecord(writer: RecordWriter, { key, value, headers, size }: PlainRecord, offset: number): void {
  writer.varInt(size);
  writer.int8(0);
  writer.varInt(0);
  writer.varInt(offset);
  writer.sized(key);
  writer.sized(value);
  writer.varInt(headers.length);
  for (const [name, one] of headers) {
    writer.sized(name);
    writer.sized(one);
  }
}

function shortText(writer: RecordWriter, text: string | null): void {
  if (text === null) return writer.int16(-1);
  const length = lengthOf(text);
  writer.int16(length);
  writer.data(text, length);
}

/** A request as kafkajs sends it; `encode` answers with bytes in the form of its encoder. */
interface Exchange {
  readonly request: { readonly apiVersion: number; readonly encode: () => Promise<object> };
}
type Produce = (request: ProduceRequest) => Exchange;

// Private to kafkajs, whose version is pinned; the spec holds both encodings against each other.
const { requests } = createRequire(import.meta.url)('kafkajs/src/protocol/requests/index.js') as {
  requests: { Produce: { protocol(of: { version: number }): Produce } };
};
const { protocol } = requests.Produce;

/**
 * Lets all producers of this process encode their requests here. kafkajs makes an encoder with half a kilobyte of zeros for each record and for each
 * of its headers, and a buffer for each number of variable length: 50 µs a message.
 */
export function encodeRequests(): void {
  requests.Produce.protocol = (of) => (asked) => {
    const exchange = protocol(of)(asked);
    if (exchange.request.apiVersion < 3) return exchange;
    const encode = (): Promise<object> => {
      const buffer = bytesOfProduce(asked, Date.now());
      return buffer ? Promise.resolve({ buf: buffer, buffer }) : exchange.request.encode();
    };
    return { ...exchange, request: { ...exchange.request, encode } };
  };
}
