import type { Batch } from 'kafkajs';
import { createRequire } from 'node:module';
import type { FetchedMessage, LaneBatch } from './lane-buffer.ts';
import type { MessageHeaders } from './message-headers.ts';
import { RecordBatch } from './record-batch.ts';

/** A message as kafkajs reads it, where it does. */
interface KafkaMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: MessageHeaders;
}

/** What kafkajs makes of a partition's answer: of its parts those before the fetched offset are left out, and then what is not to be seen. */
export interface FetchedBatch {
  readonly fetchedOffset: string;
  readonly rawMessages: readonly (RecordBatch | KafkaMessage)[];
  readonly messagesWithinOffset: readonly (RecordBatch | KafkaMessage)[];
  readonly messages: readonly (RecordBatch | KafkaMessage)[];
}

// Private to kafkajs, whose version is pinned.
export const FetchedBatch = createRequire(import.meta.url)('kafkajs/src/consumer/batch.js') as {
  new (topic: string, fetchedOffset: string, partition: object): FetchedBatch;
};

/** The messages of a batch from the fetched offset on, in their order. */
export function messagesOf({ fetchedOffset, messages }: FetchedBatch): FetchedMessage[] {
  const from = Number(fetchedOffset);
  const [only] = messages;
  if (messages.length === 1 && only instanceof RecordBatch) return only.read(from);
  return messages.flatMap((part): FetchedMessage | FetchedMessage[] =>
    part instanceof RecordBatch ? part.read(from) : ofKafka(part),
  );
}

const ofKafka = ({ offset, timestamp, key, value, headers = {} }: KafkaMessage): FetchedMessage => ({
  offset: Number(offset),
  timestampMs: Number(timestamp),
  key,
  value,
  headers: () => headers,
});

/** What came of a topic in a lane with one fetch. */
export interface FetchedLane extends LaneBatch {
  /**
   * Of the first record from the fetched offset on, be it one that nobody sees; what lies between this and the offset that was to come
   * next was lost, or taken by compaction.
   */
  readonly firstOffset: number;
}

/** Whether a partition's answer brought anything, be it something that nobody sees. */
export const hasRecords = (batch: Batch): boolean => (batch as unknown as FetchedBatch).rawMessages.length > 0;

/** What kafkajs hands over, in our form, where it {@link hasRecords}. */
export function fetchedLaneOf(batch: Batch): FetchedLane {
  // Its class is this one, of which it tells less.
  const whole = batch as unknown as FetchedBatch;
  const messages = messagesOf(whole);
  return { topic: batch.topic, lane: batch.partition, messages, firstOffset: firstOffsetOf(whole, messages) };
}

function firstOffsetOf(batch: FetchedBatch, messages: readonly FetchedMessage[]): number {
  const first = batch.messagesWithinOffset[0];
  if (!first) return Number(batch.fetchedOffset);
  if (!(first instanceof RecordBatch)) return Number(first.offset);
  if (first.isControlRecord) return Math.max(Number(batch.fetchedOffset), first.firstOffset);
  return messages[0]?.offset ?? first.lastOffset;
}
