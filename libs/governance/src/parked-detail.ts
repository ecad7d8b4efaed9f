import {
  datasets,
  HuitongError,
  readJsonEvent,
  type ChangeEvent,
  type DatasetDeclaration,
  type DatasetName,
  type EventCodec,
  type EventProblem,
  type FieldDeclaration,
} from '@huitong/change-event';
import { purposePattern, type AccessLog } from './access-log.ts';
import { fieldOf, shownTo, type ShownField } from './masking.ts';
import { rowsOf, type StewardDatabase } from './subject-database.ts';
import type { Reader } from './subject-reader.ts';

/** A field of a parked event. */
export interface ParkedField extends ShownField {
  /** What a correction may put there; none where it may not change it. */
  readonly type?: FieldDeclaration['type'];
}

/** A version of the same source record, of which an operator may know that it is there. */
export interface RecordVersion {
  readonly eventId: string | null;
  readonly verb: string | null;
  readonly sourceVersion: number | null;
  readonly recordedAt: string | null;
  /** When it was applied, or parked. */
  readonly at: string;
  readonly state: 'present' | 'past' | 'parked' | 'released' | 'discarded' | 'sent-back';
}

/** One parked event opened. Without a purpose there is no value in it: neither of a field, nor in bytes, headers or key. */
export interface ParkedDetail {
  readonly database: string;
  readonly id: number;
  readonly dataset: DatasetName;
  readonly department: string;
  readonly code: string;
  readonly schemaId: number | null;
  readonly state: string;
  readonly eventId: string | null;
  readonly topic: string;
  readonly lane: number;
  readonly offset: number;
  readonly parkedAt: string;
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  readonly settledReason: string | null;
  /** What reading it with the present schema says: null where it can be read. */
  readonly codeNow: string | null;
  /** What the gateway would refuse in it, by field. */
  readonly problem: EventProblem | null;
  readonly envelope: {
    readonly verb: string;
    readonly sourceVersion: number;
    readonly recordedAt: string | null;
  } | null;
  readonly fields: readonly ParkedField[];
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  /** `shown` is hexadecimal from the first byte on, `··` for each that is masked. */
  readonly bytes: { readonly length: number; readonly shown: string };
  readonly versions: readonly RecordVersion[];
  /** The event in its JSON form, to be corrected; only for those who may read it. */
  readonly json: object | null;
}

interface Row {
  readonly dataset: DatasetName;
  readonly code: string;
  readonly schema_id: number | null;
  readonly state: string;
  readonly event_id: string | null;
  readonly subject_id: string | null;
  readonly source_record_id: string | null;
  readonly topic: string;
  readonly lane: number;
  readonly kafka_offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
  readonly parked_at: Date;
  readonly settled_at: Date | null;
  readonly settled_by: string | null;
  readonly settled_reason: string | null;
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

/**
 * Opens one parked event. Values are shown only to a reader with a purpose, and only once that is in the access log
 * (PURPOSE_REQUIRED, DATABASE_UNAVAILABLE); who may be one is for the caller to say. NOT_FOUND for an id that was never parked.
 */
export async function openParked(
  { database, codec, log }: { database: StewardDatabase; codec: EventCodec; log: AccessLog },
  id: number,
  reader?: Reader,
): Promise<ParkedDetail> {
  if (reader && !purposePattern.test(reader.purpose))
    throw new HuitongError(
      'PURPOSE_REQUIRED',
      '请说明查看目的, 2 至 200 字 / say what the read is for, in 2 to 200 characters',
      { context: { field: 'purpose' } },
    );
  const [row] = await rowsOf<Row>(database.steward, { text: 'select * from parked where id = $1', values: [id] });
  if (!row) throw new HuitongError('NOT_FOUND', '没有这条待处理事件 / there is no such parked event');
  const [decoded] = await codec.decode(row.dataset, [row.value]);
  const event = decoded!.ok ? decoded!.event : undefined;
  const json = event ? jsonFormOf(row.dataset, event, row.key?.toString()) : undefined;
  const fields = fieldsOf(row, event);
  const mayRead = reader !== undefined;
  if (reader)
    await log.write({
      ...reader,
      subject: database.plan.subjects.find(({ factTables }) =>
        factTables.some(({ dataset }) => dataset === row.dataset),
      )!.name,
      subjectId: row.key?.toString() ?? null,
      fields: fields.map(({ name }) => name),
      validAt: null,
      knownAt: null,
      outcome: 'answered',
    });
  return {
    database: database.name,
    id,
    dataset: row.dataset,
    department: datasets[row.dataset].department,
    code: row.code,
    schemaId: row.schema_id,
    state: row.state,
    eventId: row.event_id,
    topic: row.topic,
    lane: row.lane,
    offset: row.kafka_offset,
    parkedAt: row.parked_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
    settledBy: row.settled_by,
    settledReason: row.settled_reason,
    codeNow: decoded!.ok ? null : decoded!.code,
    problem: problemOf(row.dataset, json),
    envelope: event
      ? { verb: event.verb, sourceVersion: event.source_version, recordedAt: instantOf(event.recorded_at) }
      : null,
    fields: shownTo(mayRead, fields),
    headers: Object.entries(row.headers).map(([name, value]) => ({
      name: mayRead || plainHeaders.has(name) ? name : '··',
      value: mayRead || plainHeaders.has(name) ? value : null,
    })),
    bytes: { length: row.value?.length ?? 0, shown: bytesOf(row.value, mayRead) },
    versions: await versionsOf(database, row),
    json: mayRead && row.source_record_id !== null && json ? json : null,
  };
}

/** The bytes as people read them; to those who may not see values, all but the wire format's header is masked. */
export function bytesOf(value: Buffer | null, mayRead: boolean): string {
  if (!value) return '';
  const plain = value[0] === 0 && value.length > wireHeaderBytes ? wireHeaderBytes : 0;
  return [...value.subarray(0, bytesShownMax)]
    .map((byte, at) => (mayRead || at < plain ? byte.toString(16).padStart(2, '0') : '··'))
    .join(' ');
}

/** Envelope fields that say something of a person or of what happened to one, and then those of the data. */
function fieldsOf(row: Row, event: ChangeEvent | undefined): ParkedField[] {
  const field = (
    name: string,
    titleZh: string,
    titleEn: string,
    value: unknown,
    type?: FieldDeclaration['type'],
  ): ParkedField => ({
    ...fieldOf(name, { zh: titleZh, en: titleEn }, value),
    ...(type ? { type } : {}),
  });
  const key = field('key', '消息键', 'Message key', row.key?.toString());
  if (!event) return [key];
  const declared: DatasetDeclaration = datasets[row.dataset];
  const json = jsonFormOf(row.dataset, event, row.key?.toString());
  return [
    key,
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
const instantOf = (ms: number): string | null => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null);

function problemOf(dataset: DatasetName, json: object | undefined): EventProblem | null {
  if (!json) return null;
  const reading = readJsonEvent(dataset, json, new Date());
  return reading.ok ? null : reading.problem;
}

async function versionsOf(database: StewardDatabase, row: Row): Promise<RecordVersion[]> {
  if (row.subject_id === null || row.source_record_id === null) return [];
  const fact = database.plan.factTables.find(({ dataset }) => dataset === row.dataset)!;
  const version =
    'event_id as "eventId", verb, source_version as "sourceVersion", recorded_at as "recordedAt", applied_at as at';
  const key = [row.subject_id, row.source_record_id];
  type Found = Omit<RecordVersion, 'recordedAt' | 'at'> & { recordedAt: Date | null; at: Date };
  const [applied, parked] = await Promise.all([
    rowsOf<Found>(database.reader, {
      text: `select ${version}, 'present' as state from ${fact.table} where subject_id = $1 and source_record_id = $2
        union all select ${version}, 'past' from ${fact.pastTable} where subject_id = $1 and source_record_id = $2`,
      values: key,
    }),
    rowsOf<Found>(database.steward, {
      text: `select event_id as "eventId", null as verb, null as "sourceVersion", null as "recordedAt", parked_at as at, state
        from parked where lane = $3 and dataset = $4 and subject_id = $1 and source_record_id = $2 and state <> 'released'`,
      values: [...key, row.lane, row.dataset],
    }),
  ]);
  return [...applied, ...parked]
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, 50)
    .map((found) => ({ ...found, recordedAt: found.recordedAt?.toISOString() ?? null, at: found.at.toISOString() }));
}
