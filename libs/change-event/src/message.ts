import { eventTypeOf, type ChangeEvent } from './change-event.ts';
import type { EventCodec } from './event-codec.ts';
import type { DatasetName } from './generated/datasets.ts';

/** A message as a publisher takes it; `partition` only for control records, which go to every partition. */
export interface Message {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
  readonly partition?: number;
}

/** The Kafka message of a change event: key is the subject id, headers are CloudEvents 1.0 in Kafka's binary mode. */
export function toMessage(options: {
  dataset: DatasetName;
  event: ChangeEvent;
  subjectId: string;
  codec: EventCodec;
  source: string;
  traceparent?: string;
}): Message {
  const { dataset, event, subjectId, codec, source, traceparent } = options;
  return {
    key: subjectId,
    value: codec.encode(dataset, event),
    headers: {
      ...cloudEvent(event.event_id, source, eventTypeOf(dataset), event.recorded_at),
      ce_subject: subjectId,
      'content-type': 'application/vnd.confluent.avro',
      ...(traceparent ? { traceparent } : {}),
    },
  };
}

/** A control record for one partition: JSON, told from change events by its `ce_type`, with no key. */
export function toControlMessage(options: {
  type: string;
  id: string;
  source: string;
  partition: number;
  atMs: number;
  content: object;
}): Message {
  return {
    key: null,
    value: Buffer.from(JSON.stringify(options.content)),
    headers: {
      ...cloudEvent(options.id, options.source, options.type, options.atMs),
      'content-type': 'application/json',
    },
    partition: options.partition,
  };
}

function cloudEvent(id: string, source: string, type: string, timeMs: number): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: source,
    ce_type: type,
    ce_time: new Date(timeMs).toISOString(),
  };
}
