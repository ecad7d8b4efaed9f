import {
  readJsonEvent,
  toMessage,
  type DatasetName,
  type ErrorCode,
  type EventCodec,
  type Message,
} from '@huitong/change-event';
import type { BodyItem } from './read-body.ts';

/** Why one event of a request was refused: its place, the code, the field and a sentence, Chinese first; no value. */
export interface Rejection {
  readonly index: number;
  readonly eventId?: string;
  readonly code: ErrorCode;
  readonly field: string;
  readonly message: string;
}

/** What a request's events came to: messages to publish, in the order given, and what was refused; flags are remarks on good ones. */
export interface CheckedEvents {
  readonly messages: Message[];
  readonly events: { readonly eventId: string; readonly subjectId: string }[];
  readonly rejected: Rejection[];
  readonly flags: string[];
}

/** Checks every event of a request by itself: one bad event spoils only itself. Nothing is published here. */
export function checkEvents(options: {
  dataset: DatasetName;
  items: readonly BodyItem[];
  codec: EventCodec;
  source: string;
  traceparent: string;
  now: Date;
}): CheckedEvents {
  const { dataset, items, codec, source, traceparent, now } = options;
  const checked: CheckedEvents = { messages: [], events: [], rejected: [], flags: [] };
  items.forEach((item, index) => {
    if ('unreadable' in item) {
      const message = '此行不是 JSON / this line is not JSON';
      checked.rejected.push({ index, code: 'EVENT_UNREADABLE', field: '', message });
      return;
    }
    const reading = readJsonEvent(dataset, item.json, now);
    if (!reading.ok) {
      checked.rejected.push({ index, ...reading.problem });
      return;
    }
    const { event, subjectId } = reading;
    checked.messages.push(toMessage({ dataset, event, subjectId, codec, source, traceparent }));
    checked.events.push({ eventId: event.event_id, subjectId });
    for (const { flag } of reading.flags) checked.flags.push(flag);
  });
  return checked;
}
