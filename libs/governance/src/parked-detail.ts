import {
  datasets,
  HuitongError,
  readJsonEvent,
  type DatasetName,
  type EventCodec,
  type EventProblem,
} from '@huitong/change-event';
import { checkPurpose, type AccessLog } from './access-log.ts';
import {
  bytesOf,
  fieldsOf,
  headersOf,
  instantOf,
  jsonFormOf,
  type EventField,
  type ShownHeader,
} from './event-fields.ts';
import { shownTo } from './masking.ts';
import { rowsOf, type StewardDatabase } from './subject-database.ts';
import type { Reader } from './subject-reader.ts';

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
  readonly fields: readonly EventField[];
  readonly headers: readonly ShownHeader[];
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

/**
 * Opens one parked event. Values are shown only to a reader with a purpose, and only once that is in the access log
 * (PURPOSE_REQUIRED, DATABASE_UNAVAILABLE); who may be one is for the caller to say. NOT_FOUND for an id that was never parked.
 */
export async function openParked(
  { database, codec, log }: { database: StewardDatabase; codec: EventCodec; log: AccessLog },
  id: number,
  reader?: Reader,
): Promise<ParkedDetail> {
  if (reader) checkPurpose(reader.purpose);
  const [row] = await rowsOf<Row>(database.steward, { text: 'select * from parked where id = $1', values: [id] });
  if (!row) throw new HuitongError('NOT_FOUND', '没有这条待处理事件 / there is no such parked event');
  const [decoded] = await codec.read(row.dataset, [row.value]);
  const event = decoded!.ok ? decoded!.event : undefined;
  const json = event ? jsonFormOf(row.dataset, event, row.key?.toString()) : undefined;
  const fields = fieldsOf(row.dataset, row.key?.toString(), event);
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
    headers: headersOf(row.headers, mayRead),
    bytes: { length: row.value?.length ?? 0, shown: bytesOf(row.value, mayRead) },
    versions: await versionsOf(database, row),
    json: mayRead && row.source_record_id !== null && json ? json : null,
  };
}

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
