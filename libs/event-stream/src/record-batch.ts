import type { MessagePlace } from '@huitong/change-event';
import kafkajs from 'kafkajs';
import type { FetchedMessage } from './lane-buffer.ts';
import { readHeaders, type MessageHeaders } from './message-headers.ts';
import { int64At, RecordReader } from './record-reader.ts';

// Where the parts of a record batch of magic 2 stand in it.
const lengthAt = 8;
const magicAt = 16;
const attributesAt = 21;
const lastOffsetDeltaAt = 23;
const firstTimestampAt = 27;
const maxTimestampAt = 35;
const producerIdAt = 43;
const countAt = 57;
const recordsAt = 61;
/** The length of a batch counts what is behind it. */
const behindLength = 12;

const compressionMask = 0x07;
const logAppendTime = 0x08;
const transactional = 0x10;
const control = 0x20;

/** The format of record batches since Kafka 0.11; those before have messages instead. */
export const magicOfBatches = 2;

/** The format of what stands at a place; undefined where not so much is there. */
export const magicOf = (bytes: Buffer, at: number): number | undefined => bytes[at + magicAt];

/** How long the batch at a place is, all in all; undefined where it is not there as a whole. */
export function batchLength(bytes: Buffer, at: number): number | undefined {
  if (bytes.length - at < recordsAt) return undefined;
  const length = behindLength + bytes.readInt32BE(at + lengthAt);
  if (length < recordsAt) throw broken();
  return at + length <= bytes.length ? length : undefined;
}

/**
 * A record batch of a fetch answer with its records unread. kafkajs is given it in the place of one message, and asks of a
 * message what stands first here.
 */
export class RecordBatch {
  /** Of its last record, or where that stood before compaction took it. */
  readonly offset: string;
  /** kafkajs counts it as read and hands it to nobody: its records are control records, or none, or of an aborted transaction. */
  isControlRecord: boolean;

  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly firstTimestampMs: number;
  readonly producerId: number;
  readonly attributes: number;
  /** All that the records are among; `from` is where they begin, `to` where they end. */
  bytes: Buffer;
  #from: number;
  #to: number;
  readonly #count: number;
  readonly #appendedAfterMs: number | undefined;

  /** The batch at a place of an answer, where it is as a whole. */
  constructor(bytes: Buffer, at: number, length: number) {
    this.attributes = bytes.readInt16BE(at + attributesAt);
    this.firstOffset = int64At(bytes, at);
    this.lastOffset = this.firstOffset + bytes.readInt32BE(at + lastOffsetDeltaAt);
    this.offset = String(this.lastOffset);
    this.firstTimestampMs = int64At(bytes, at + firstTimestampAt);
    this.producerId = int64At(bytes, at + producerIdAt);
    this.#appendedAfterMs =
      this.attributes & logAppendTime ? int64At(bytes, at + maxTimestampAt) - this.firstTimestampMs : undefined;
    this.#count = bytes.readInt32BE(at + countAt);
    this.isControlRecord = this.isControl || this.#count <= 0;
    this.bytes = bytes;
    this.#from = at + recordsAt;
    this.#to = at + length;
  }

  get isControl(): boolean {
    return (this.attributes & control) !== 0;
  }

  get isTransactional(): boolean {
    return (this.attributes & transactional) !== 0;
  }

  get isCompressed(): boolean {
    return (this.attributes & compressionMask) !== 0;
  }

  /** Puts the records, decompressed, in the place of those that are compressed. */
  async decompress(decompress: (bytes: Buffer) => Promise<Buffer>): Promise<void> {
    if (this.#count <= 0) return;
    this.bytes = await decompress(this.bytes.subarray(this.#from, this.#to));
    this.#from = 0;
    this.#to = this.bytes.length;
  }

  /** Whether it says that its producer's transaction was aborted, and where it ends. */
  isAbortMarker(): boolean {
    if (!this.isControl || this.#count <= 0) return false;
    const key = this.read(0)[0]?.key;
    // A version and a type, of which 0 is abort and 1 commit.
    return key !== undefined && key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
  }

  /** Its records with an offset of `from` or more. Throws a KafkaJSError where the bytes contradict themselves: nothing is made up of them. */
  read(from: number): RecordMessage[] {
    const messages: RecordMessage[] = [];
    const reader = new RecordReader(this.bytes, this.#from);
    for (let left = this.#count; left > 0; left -= 1) {
      const length = reader.varInt();
      const end = reader.at + length;
      if (length <= 0 || end > this.#to) throw broken();
      const message = new RecordMessage(this, reader, end);
      if (message.offset >= from) messages.push(message);
      reader.at = end;
    }
    return messages;
  }

  /** How long after the first record's time the broker appended them all, where it is the broker's time that counts. */
  get appendedAfterMs(): number | undefined {
    return this.#appendedAfterMs;
  }
}

/**
 * One record: where it stands in the bytes of its batch, and nothing else, since thousands wait to be applied. Key, value and headers
 * are made each time they are asked for, and, as getters, are not copied by spreading.
 */
export class RecordMessage implements FetchedMessage, MessagePlace {
  readonly #batch: RecordBatch;
  readonly #delta: number;
  readonly #afterMs: number;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly valueFrom: number;
  readonly valueTo: number;
  readonly #end: number;

  /** Reads on behind the record's length, up to its headers. */
  constructor(batch: RecordBatch, reader: RecordReader, end: number) {
    this.#batch = batch;
    // No attribute of a record has a meaning yet.
    reader.at += 1;
    const afterMs = reader.varLong();
    this.#afterMs = batch.appendedAfterMs ?? afterMs;
    this.#delta = reader.varInt();
    const keyLength = reader.varInt();
    this.keyFrom = reader.at;
    this.keyTo = keyLength < 0 ? -1 : (reader.at += keyLength);
    const valueLength = reader.varInt();
    this.valueFrom = reader.at;
    this.valueTo = valueLength < 0 ? -1 : (reader.at += valueLength);
    this.#end = end;
    if (reader.at > end) throw broken();
  }

  get offset(): number {
    return this.#batch.firstOffset + this.#delta;
  }

  get timestampMs(): number {
    return this.#batch.firstTimestampMs + this.#afterMs;
  }

  get key(): Buffer | null {
    return this.keyTo < 0 ? null : this.bytes.subarray(this.keyFrom, this.keyTo);
  }

  get value(): Buffer | null {
    return this.valueTo < 0 ? null : this.bytes.subarray(this.valueFrom, this.valueTo);
  }

  get headers(): () => MessageHeaders {
    return () => readHeaders(this.bytes, Math.max(this.valueFrom, this.valueTo), this.#end);
  }

  get bytes(): Buffer {
    return this.#batch.bytes;
  }

  get place(): MessagePlace {
    return this;
  }
}

const broken = (): Error => new kafkajs.KafkaJSError('a record batch contradicts itself');
