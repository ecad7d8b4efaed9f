import { schemaIdOf, type ErrorCode, type EventCodec } from '@huitong/change-event';
import type { StoredMessage } from '@huitong/event-stream';
import { readMessages, type Incoming, type SubjectPlan } from '@huitong/subject-engine';
import { z } from 'zod';
import { fieldOf, shownTo } from './masking.ts';
import { bytesOf, fieldsOf, headersOf, instantOf, type EventField, type ShownHeader } from './event-fields.ts';
import type { TopicPlace } from './topic-places.ts';

/** What a control record says of its source, in numbers: nothing of it is about one person. */
export interface ControlSummary {
  readonly kind: 'heartbeat' | 'checkpoint' | 'inventory';
  readonly at: string | null;
  readonly register: string | null;
  readonly buckets: number | null;
  readonly records: number | null;
}

/** A message as people see it. Without the right to read there is no value in it: of a field, in bytes, headers or key. */
export interface TopicMessage {
  readonly partition: number;
  readonly offset: number;
  /** When it came to the broker, or where the topic says so, when its producer made it. */
  readonly at: string | null;
  readonly kind: 'event' | 'change' | 'control' | 'unreadable';
  /** Why a sync service would park it. */
  readonly code: ErrorCode | null;
  readonly schemaId: number | null;
  readonly eventId: string | null;
  readonly verb: string | null;
  readonly sourceVersion: number | null;
  readonly recordedAt: string | null;
  readonly control: ControlSummary | null;
  readonly fields: readonly EventField[];
  readonly headers: readonly ShownHeader[];
  /** Of what could not be decoded, hexadecimal from the first byte on. */
  readonly bytes: { readonly length: number; readonly shown: string | null };
}

/** A message, and whose it is; only for the access log. */
export interface ReadMessage {
  readonly message: TopicMessage;
  readonly key: string | null;
}

/** A header is shown so far, in characters. */
const headerMax = 200;

/**
 * Reads messages of a topic as the sync services would read them: what they would park has the same code here. Only an
 * environment fault (REGISTRY_UNAVAILABLE) throws.
 */
export async function readTopicMessages(
  place: TopicPlace,
  codec: EventCodec,
  stored: readonly StoredMessage[],
  mayRead: boolean,
): Promise<ReadMessage[]> {
  const { topic, dataset, subject } = place;
  const read = dataset && (await readMessages(codec, { dataset, topic, lane: 0, messages: stored }));
  return stored.map((raw, at) => {
    const incoming = read?.[at];
    const said = incoming && dataset ? saidByEvent(dataset, incoming) : saidByChange(subject!, raw);
    return {
      key: raw.key?.toString() ?? null,
      message: {
        ...{ sourceVersion: null, verb: null, recordedAt: null, control: null, eventId: null, code: null },
        ...said,
        fields: shownTo(mayRead, said.fields),
        partition: raw.partition,
        offset: raw.offset,
        at: instantOf(raw.timestampMs),
        schemaId: dataset && said.kind !== 'control' ? (schemaIdOf(raw.value) ?? null) : null,
        headers: headersOf(textsOf(raw), mayRead),
        bytes: {
          length: raw.value?.length ?? 0,
          shown: said.kind === 'unreadable' ? bytesOf(raw.value, mayRead) : null,
        },
      },
    };
  });
}

type Said = Pick<TopicMessage, 'kind' | 'fields'> & Partial<TopicMessage>;

function saidByEvent(dataset: NonNullable<TopicPlace['dataset']>, incoming: Incoming): Said {
  const key = incoming.key?.toString();
  if (incoming.kind === 'control') return { kind: 'control', fields: [], control: summaryOf(incoming) };
  const { event } = incoming;
  const fields = fieldsOf(dataset, key, event);
  const about = event && {
    // Whoever writes past the gateway may write there what he likes.
    eventId: eventId.safeParse(event.event_id).data ?? null,
    verb: event.verb,
    sourceVersion: event.source_version,
    recordedAt: instantOf(event.recorded_at),
  };
  return incoming.kind === 'event'
    ? { kind: 'event', fields, ...about }
    : { kind: 'unreadable', fields, code: incoming.code, ...about };
}

function summaryOf({ asOfMs, statement }: Extract<Incoming, { kind: 'control' }>): ControlSummary {
  const at = asOfMs === undefined ? null : instantOf(asOfMs);
  if (!statement) return { kind: 'heartbeat', at, register: null, buckets: null, records: null };
  const { kind, register } = statement;
  return kind === 'checkpoint'
    ? {
        ...{ kind, at, register, buckets: statement.buckets.length },
        records: statement.buckets.reduce((sum, { count }) => sum + count, 0),
      }
    : { kind, at, register, buckets: 1, records: statement.records.length };
}

const values = z.record(z.string(), z.unknown()).nullable();
const eventId = z.guid();
const changeMessage = z.object({
  data: z.object({
    change: z.enum(['created', 'changed', 'removed']),
    eventIds: z.array(eventId),
    before: values,
    after: values,
    validFrom: z.string().nullable(),
    validTo: z.string().nullable(),
    recordedAt: z.iso.datetime({ offset: true }),
  }),
});

/** A message of `subject.<name>.changed`: a CloudEvent as JSON, which needs no schema. */
function saidByChange(subject: SubjectPlan, { key, value }: StoredMessage): Said {
  const keyField = fieldOf('key', { zh: '消息键', en: 'Message key' }, key?.toString());
  const reading = changeMessage.safeParse(jsonOf(value));
  if (!reading.success) return { kind: 'unreadable', code: 'EVENT_UNREADABLE', fields: [keyField] };
  const { before, after, validFrom, validTo, change, recordedAt, eventIds } = reading.data.data;
  const titles = new Map(subject.fields.map(({ name, declaration }) => [name, declaration.title]));
  const states = [
    ['before', '前', 'before', before],
    ['after', '后', 'after', after],
  ] as const;
  return {
    kind: 'change',
    verb: change,
    eventId: eventIds[0] ?? null,
    recordedAt,
    fields: [
      keyField,
      fieldOf('validFrom', { zh: '生效日期', en: 'Valid from' }, validFrom),
      fieldOf('validTo', { zh: '失效日期', en: 'Valid to' }, validTo),
      ...states.flatMap(([state, zh, en, record]) =>
        Object.entries(record ?? {}).map(([name, one]) => {
          const title = titles.get(name) ?? { zh: name, en: name };
          return fieldOf(`${state}.${name}`, { zh: `${title.zh} (${zh})`, en: `${title.en} (${en})` }, one);
        }),
      ),
    ],
  };
}

function jsonOf(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '') as unknown;
  } catch {
    return undefined;
  }
}

const textsOf = ({ headers }: StoredMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers()).flatMap(([name, value]) =>
      [value]
        .flat()
        .filter((one) => one !== undefined)
        .map((one) => [name.slice(0, headerMax), one.toString().slice(0, headerMax)] as const),
    ),
  );
