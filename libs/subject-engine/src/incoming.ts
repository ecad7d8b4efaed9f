import {
  controlTypes,
  envelopePlaces,
  EventLayout,
  readControlRecord,
  sourceClockSkewMs,
  type ChangeEvent,
  type DatasetName,
  type ErrorCode,
  type EventBytes,
  type EventCodec,
  type MessagePlace,
  type Statement,
} from '@huitong/change-event';

/** A message as the broker gave it. */
export interface RawMessage {
  readonly offset: number;
  /** When its producer made it, epoch milliseconds; 0 where nobody knows. */
  readonly timestampMs?: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: () => Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
  /** Where key and value lie, of a message that makes buffers of them each time that it is asked. */
  readonly place?: MessagePlace;
}

/** A header as text, or `undefined`; headers stay bytes until somebody asks, since most are never looked at. */
export function headerText(message: RawMessage, name: string): string | undefined {
  return textOfHeader(message.headers()[name]);
}

/** The first value of a header, as text. */
export function textOfHeader(value: Buffer | string | (Buffer | string)[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : first?.toString();
}

/** One message read: an event to apply, a control record to note, or something to park under a code. */
export type Incoming = RawMessage & { readonly lane: number; readonly dataset: DatasetName; readonly topic: string } & (
    | { readonly kind: 'event'; readonly event: ChangeEvent; readonly subjectId: string }
    | { readonly kind: 'control'; readonly asOfMs: number | undefined; readonly statement: Statement | undefined }
    | {
        readonly kind: 'unreadable';
        readonly code: ErrorCode;
        readonly schemaId: number | undefined;
        readonly event?: ChangeEvent | undefined;
      }
  );

const controlTypeSet = new Set<string>(Object.values(controlTypes));
/** Ids are index keys, so longer ones are parked without them; the gateway refuses such events too. */
export const idLengthMax = 200;
/** No register of persons or firms that is kept in a computer was recorded before 1900. */
const earliestMs = Date.UTC(1900, 0, 1);
/** What PostgreSQL's uuid takes of an event's id. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads a lane's messages of one dataset, in order. Whatever cannot become a fact comes back with the code under which it
 * is parked; only an environment fault (REGISTRY_UNAVAILABLE) throws.
 */
export async function readMessages(
  codec: EventCodec,
  options: { dataset: DatasetName; topic: string; lane: number; messages: readonly RawMessage[] },
): Promise<Incoming[]> {
  const { dataset, messages } = options;
  const controls = messages.map(isControl);
  const decoded = await codec.read(
    dataset,
    messages.map((message, at) => (controls[at] ? null : (message.place ?? message.value))),
  );
  return messages.map((message, at): Incoming => {
    const result = decoded[at]!;
    if (result.ok) {
      const { event } = result;
      const subjectId = keyTextOf(message);
      const code = problemOf(dataset, message, subjectId, event);
      if (!code) return new EventMessage(message, options, event, subjectId);
      return { ...partsOf(message, options), kind: 'unreadable', code, schemaId: undefined, event };
    }
    const read = partsOf(message, options);
    if (!controls[at]) return { ...read, kind: 'unreadable', code: result.code, schemaId: result.schemaId };
    const control = readControlRecord(headerText(message, 'ce_type')!, message.value?.toString() ?? '');
    return control
      ? { ...read, kind: 'control', ...control }
      : { ...read, kind: 'unreadable', code: 'EVENT_UNREADABLE', schemaId: undefined };
  });
}

/** A readable event, as nearly every message is one, in little room: what is not its own is asked for where it is. */
class EventMessage {
  readonly event: EventBytes;
  readonly subjectId: string;
  readonly #raw: RawMessage;
  readonly #where: Where;

  constructor(raw: RawMessage, where: Where, event: EventBytes, subjectId: string) {
    this.#raw = raw;
    this.#where = where;
    this.event = event;
    this.subjectId = subjectId;
  }

  get kind(): 'event' {
    return 'event';
  }

  get offset(): number {
    return this.#raw.offset;
  }

  get timestampMs(): number {
    return this.#raw.timestampMs ?? 0;
  }

  get lane(): number {
    return this.#where.lane;
  }

  get dataset(): DatasetName {
    return this.#where.dataset;
  }

  get topic(): string {
    return this.#where.topic;
  }

  get key(): Buffer | null {
    return this.#raw.key;
  }

  get value(): Buffer | null {
    return this.#raw.value;
  }

  get headers(): RawMessage['headers'] {
    return this.#raw.headers;
  }
}

/** Where a message was read. */
type Where = Pick<Incoming, 'lane' | 'dataset' | 'topic'>;

/** What all messages have, by name: what one makes when it is asked for is not copied by spreading. */
export function partsOf(
  message: RawMessage,
  { lane, dataset, topic }: Where,
): Required<Omit<RawMessage, 'place'>> & Where {
  const { offset, timestampMs = 0, key, value, headers } = message;
  return { offset, timestampMs, key, value, headers, lane, dataset, topic };
}

/** The id of the subject that a message is about, as its key says it; empty where it has none. */
export const subjectIdOf = (message: Incoming): string =>
  message.kind === 'event' ? message.subjectId : (message.key?.toString() ?? '');

const hasKey = (message: RawMessage): boolean => (message.place ? message.place.keyTo >= 0 : message.key !== null);

function keyTextOf(message: RawMessage): string {
  const { place } = message;
  if (!place) return message.key?.toString() ?? '';
  return place.keyTo < 0 ? '' : place.bytes.toString('utf8', place.keyFrom, place.keyTo);
}

const isControl = (message: RawMessage): boolean =>
  !hasKey(message) && controlTypeSet.has(headerText(message, 'ce_type') ?? '');

/** Whether a message states what its source's register holds, so that the facts can be compared at this very point. */
export const isStatement = (message: RawMessage): boolean =>
  isControl(message) && headerText(message, 'ce_type') !== controlTypes.heartbeat;

/** Departments may write to Kafka without the gateway, so what the engine relies on is checked again here. */
function problemOf(dataset: DatasetName, message: RawMessage, keyId: string, event: EventBytes): ErrorCode | undefined {
  const { source_record_id: recordId, recorded_at: recordedMs } = event;
  if (!event.hasUuid || recordId === '') return 'EVENT_INVALID';
  if (recordId.length > idLengthMax || keyId.length > idLengthMax) return 'EVENT_INVALID';
  if (!(recordedMs >= earliestMs && recordedMs <= Date.now() + sourceClockSkewMs)) return 'EVENT_INVALID';
  const hasData = event.start(envelopePlaces.data) >= 0;
  if (!hasData && event.verb !== 'ANNULLED') return 'EVENT_INVALID';
  // What is not UTF-8 reads as replacement characters, and so would be another id.
  if (keyId === '' || keyId.includes('\ufffd')) return 'SUBJECT_MISMATCH';
  if (!hasData) return undefined;
  const { subjectPlace } = EventLayout.of(dataset);
  const { bytes, keyFrom, keyTo } = message.place ?? { bytes: message.key!, keyFrom: 0, keyTo: message.key!.length };
  const isSubject = event.isText(subjectPlace, bytes, keyFrom, keyTo);
  return isSubject ? undefined : 'SUBJECT_MISMATCH';
}
