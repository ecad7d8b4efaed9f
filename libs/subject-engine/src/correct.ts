import { readJsonEvent, type DatasetName, type JsonEventReading } from '@huitong/change-event';
import { partsOf, type Incoming } from './incoming.ts';

/** A parked event as far as a correction has to fit it. */
export interface Correctable {
  readonly dataset: DatasetName;
  readonly key: Buffer | null;
  readonly event_id: string | null;
  readonly source_record_id: string | null;
}

/**
 * Reads the JSON form of a corrected event as the gateway would, and holds it against the parked event in whose place it is to
 * be applied: it is about the same subject and source record, and is the same event (SUBJECT_MISMATCH). What could not be
 * decoded at all cannot be corrected (EVENT_UNREADABLE): its author alone knows what it was to say. Problems name no value.
 */
export function readCorrected(parked: Correctable, json: unknown): JsonEventReading {
  if (parked.source_record_id === null || parked.event_id === null)
    return problem(
      'EVENT_UNREADABLE',
      '',
      '此事件无法解读，不能更正 / an event that cannot be read cannot be corrected',
    );
  const reading = readJsonEvent(parked.dataset, json, new Date());
  if (!reading.ok) return reading;
  const { event, subjectId } = reading;
  if (event.event_id !== parked.event_id)
    return problem('SUBJECT_MISMATCH', 'eventId', '更正后须仍是同一事件 / it has to stay the same event');
  if (event.source_record_id !== parked.source_record_id)
    return problem('SUBJECT_MISMATCH', 'sourceRecordId', '须仍是同一来源记录 / it has to stay the same source record');
  if (subjectId !== parked.key?.toString())
    return problem('SUBJECT_MISMATCH', 'data', '须仍是同一主体 / it has to stay about the same subject');
  return reading;
}

/** The parked message with its correction in its place. */
export function withCorrection(
  message: Incoming,
  { event, subjectId }: Extract<JsonEventReading, { ok: true }>,
): Incoming {
  return { ...partsOf(message, message), kind: 'event', event, subjectId };
}

const problem = (code: 'EVENT_UNREADABLE' | 'SUBJECT_MISMATCH', field: string, message: string): JsonEventReading => ({
  ok: false,
  problem: { code, field, message },
});
