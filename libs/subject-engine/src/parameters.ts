import type { DatasetName } from '@huitong/change-event';
import type { Cause } from './rounds.ts';

/** As PostgreSQL reads it; a time that no calendar has goes as its number, to be refused and parked like any bad value. */
const instant = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms));

type Scalar = string | number | boolean | null;

/**
 * A PostgreSQL array literal for `unnest` beside others, which fills up the shorter ones with nulls: nulls at the end are
 * left out, so that a column without values costs nothing. Written as JSON, which V8 does in one go, where that is the same;
 * `pg` makes literals too, but takes many times as long.
 */
export function arrayLiteral(values: readonly Scalar[]): string {
  let count = values.length;
  while (count > 0 && values[count - 1] === null) count -= 1;
  if (count === 0) return '{}';
  const some = count === values.length ? values : values.slice(0, count);
  const json = JSON.stringify(some);
  // JSON has escapes of its own, and says null of a number that is none.
  const isSame = !json.includes('\\') && some.every((value) => typeof value !== 'number' || Number.isFinite(value));
  return isSame ? `{${json.slice(1, -1)}}` : `{${some.map(elementOf).join(',')}}`;
}

function elementOf(value: Scalar): string {
  if (value === null) return 'null';
  return typeof value === 'string' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : String(value);
}

/** What a chunk's events say of one subject together, as its history keeps it. */
interface SubjectCause {
  readonly subjectId: string;
  eventIds: string;
  recordedAtMs: number;
  validFrom: string | null;
  validTo: string | null;
  readonly lane: number;
  /** Their names, with blanks between. */
  datasets: string;
}

const later = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && other > one) ? other : one;

/** Adds a dataset to some names with blanks between; there are few such sets, and thousands of subjects in a chunk that have them. */
function datasetAdder(): (names: string, dataset: DatasetName) => string {
  const known = new Map<string, Map<DatasetName, string>>();
  return (names, dataset) => {
    let added = known.get(names);
    if (!added) known.set(names, (added = new Map<DatasetName, string>()));
    let all = added.get(dataset);
    if (!all) added.set(dataset, (all = [...new Set([...names.split(' '), dataset])].sort().join(' ')));
    return all;
  };
}

/** The parameters that {@link RecordStatements} take for events that changed facts: one element a subject, in the order of ids. */
export function recordParameters(events: readonly Cause[]): string[] {
  const causes = new Map<string, SubjectCause>();
  const together = datasetAdder();
  for (const { subjectId, lane, dataset, event } of events) {
    const known = causes.get(subjectId);
    if (!known) {
      const { event_id: eventIds, recorded_at: recordedAtMs, valid_from: validFrom, valid_to: validTo } = event;
      causes.set(subjectId, { subjectId, eventIds, recordedAtMs, validFrom, validTo, lane, datasets: dataset });
      continue;
    }
    known.eventIds += `,${event.event_id}`;
    known.recordedAtMs = Math.max(known.recordedAtMs, event.recorded_at);
    known.validFrom = later(known.validFrom, event.valid_from);
    known.validTo = later(known.validTo, event.valid_to);
    if (known.datasets !== dataset) known.datasets = together(known.datasets, dataset);
  }
  // Everyone who writes several records does it in this order, as PostgreSQL sorts texts by their bytes.
  const sorted = [...causes.values()].sort((one, other) => (one.subjectId < other.subjectId ? -1 : 1));
  return [
    sorted.map(({ subjectId }) => subjectId),
    sorted.map(({ eventIds }) => `{${eventIds}}`),
    sorted.map(({ recordedAtMs }) => instant(recordedAtMs)),
    sorted.map(({ validFrom }) => validFrom),
    sorted.map(({ validTo }) => validTo),
    sorted.map(({ lane }) => lane),
    sorted.map(({ datasets }) => datasets),
  ].map(arrayLiteral);
}
