import {
  datasets,
  type ChangeEvent,
  type DatasetDeclaration,
  type DatasetName,
  type FieldDeclaration,
} from '@huitong/change-event';
import { fieldOf, type ShownField } from './masking.ts';

/** A field of an event. */
export interface EventField extends ShownField {
  /** What a correction may put there; none where it may not change it. */
  readonly type?: FieldDeclaration['type'];
}

/** A header; its value only where it says nothing of a person, or to those who may read it. */
export interface ShownHeader {
  readonly name: string;
  readonly value: string | null;
}

/** Bytes of a message that are shown at most; no event of ours is near that long. */
const bytesShownMax = 1_024;
/** Magic byte and schema id of Confluent's wire format, which say nothing of a person. */
const wireHeaderBytes = 5;
/** Headers that say nothing of a person. */
const plainHeaders = new Set([
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_time',
  'ce_specversion',
  'content-type',
  'traceparent',
]);

/** The headers as people read them; to those who may not see values, only what says nothing of a person. */
export const headersOf = (headers: Readonly<Record<string, string>>, mayRead: boolean): ShownHeader[] =>
  Object.entries(headers).map(([name, value]) =>
    mayRead || plainHeaders.has(name) ? { name, value } : { name: '··', value: null },
  );

/** The bytes as people read them; to those who may not see values, all but the wire format's header is masked. */
export function bytesOf(value: Buffer | null, mayRead: boolean): string {
  if (!value) return '';
  const plain = value[0] === 0 && value.length > wireHeaderBytes ? wireHeaderBytes : 0;
  return [...value.subarray(0, bytesShownMax)]
    .map((byte, at) => (mayRead || at < plain ? byte.toString(16).padStart(2, '0') : '··'))
    .join(' ');
}

/** The fields of a dataset's events that say something of a person or of what happened to one: of the envelope, then of the data. */
export function fieldHeads(dataset: DatasetName): Pick<EventField, 'name' | 'title' | 'type'>[] {
  const declared: DatasetDeclaration = datasets[dataset];
  return [
    { name: 'key', title: { zh: '消息键', en: 'Message key' } },
    { name: 'sourceRecordId', title: { zh: '来源记录号', en: 'Source record' } },
    { name: 'sourceVersion', title: { zh: '来源版本', en: 'Source version' }, type: 'long' },
    { name: 'reason', title: { zh: '变更原因', en: 'Reason' }, type: 'string' },
    { name: 'validFrom', title: { zh: '生效日期', en: 'Valid from' }, type: 'date' },
    { name: 'validTo', title: { zh: '失效日期', en: 'Valid to' }, type: 'date' },
    ...Object.entries(declared.fields).map(([name, { titleZh, titleEn, type }]) => ({
      ...{ name: `data.${name}`, title: { zh: titleZh, en: titleEn }, type },
    })),
  ];
}

/** The fields of an event with their values; only the key of what is none. */
export function fieldsOf(dataset: DatasetName, key: string | undefined, event: ChangeEvent | undefined): EventField[] {
  const json = event && jsonFormOf(dataset, event, key);
  return fieldHeads(dataset)
    .filter(({ name }) => json || name === 'key')
    .map((head) => {
      const { name } = head;
      const value = name === 'key' ? key : name.startsWith('data.') ? json!.data?.[name.slice(5)] : json![name];
      const meaning = typeof value === 'string' ? codesOf(dataset, name)?.[value] : undefined;
      return { ...head, ...fieldOf(name, head.title, value), ...(meaning === undefined ? {} : { meaning }) };
    });
}

/** The closed list that a field takes its values from, with their Chinese names. */
function codesOf(dataset: DatasetName, name: string): Readonly<Record<string, string>> | undefined {
  const { reasons, fields }: DatasetDeclaration = datasets[dataset];
  return name === 'reason' ? reasons : fields[name.replace(/^data\./, '')]?.codes;
}

interface JsonForm {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}

/** The form in which departments post an event. */
export function jsonFormOf(dataset: DatasetName, event: ChangeEvent, key: string | undefined): JsonForm {
  const declared: DatasetDeclaration = datasets[dataset];
  const data = event.data as unknown as Record<string, unknown> | null;
  return {
    eventId: event.event_id,
    verb: event.verb,
    previousEventId: event.previous_event_id,
    reason: event.reason,
    sourceRecordId: event.source_record_id,
    sourceVersion: event.source_version,
    validFrom: event.valid_from,
    validTo: event.valid_to,
    recordedAt: instantOf(event.recorded_at) ?? '',
    ...(event.verb === 'ANNULLED' ? { subjectId: key } : {}),
    data:
      data &&
      Object.fromEntries(
        Object.entries(declared.fields).map(([name, { type }]) => {
          const value = data[name] ?? null;
          return [name, type === 'timestamp' && typeof value === 'number' ? instantOf(value) : value];
        }),
      ),
  };
}

/** An instant that a hostile event states may be none that a clock can show. */
export const instantOf = (ms: number): string | null => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null);
