import {
  datasets,
  type ChangeEvent,
  type DatasetDeclaration,
  type DatasetName,
  type FieldDeclaration,
} from '@huitong/change-event';

/** A field of an event: whether it says something, and what it says only to those who may read it. */
export interface EventField {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly isSet: boolean;
  readonly value: string | null;
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

/** Envelope fields that say something of a person or of what happened to one, and then those of the data. */
export function fieldsOf(dataset: DatasetName, key: string | undefined, event: ChangeEvent | undefined): EventField[] {
  const field = (
    name: string,
    titleZh: string,
    titleEn: string,
    value: unknown,
    type?: FieldDeclaration['type'],
  ): EventField => ({
    name,
    title: { zh: titleZh, en: titleEn },
    isSet: value !== null && value !== undefined,
    value: textOf(value),
    ...(type ? { type } : {}),
  });
  const keyField = field('key', '消息键', 'Message key', key);
  if (!event) return [keyField];
  const declared: DatasetDeclaration = datasets[dataset];
  const json = jsonFormOf(dataset, event, key);
  return [
    keyField,
    field('sourceRecordId', '来源记录号', 'Source record', event.source_record_id),
    field('sourceVersion', '来源版本', 'Source version', event.source_version, 'long'),
    field('reason', '变更原因', 'Reason', event.reason, 'string'),
    field('validFrom', '生效日期', 'Valid from', event.valid_from, 'date'),
    field('validTo', '失效日期', 'Valid to', event.valid_to, 'date'),
    ...Object.entries(declared.fields).map(([name, { titleZh, titleEn, type }]) =>
      field(`data.${name}`, titleZh, titleEn, json.data?.[name], type),
    ),
  ];
}

/** A value as people read it. */
export const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);

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
