import type { FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

/** As PostgreSQL reads it; a time that no calendar has goes as its number, to be refused and parked like any bad value. */
const instant = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms));

type Scalar = string | number | boolean | null;

const needsEscape = /["\\]/;

/**
 * A PostgreSQL array literal for `unnest` beside others, which fills up the shorter ones with nulls: nulls at the end are
 * left out, so that a column without values costs nothing. `pg` makes literals too, but takes three times as long.
 */
export function arrayLiteral(values: readonly Scalar[]): string {
  let text = '';
  let nulls = 0;
  for (const value of values) {
    if (value === null) {
      nulls += 1;
      continue;
    }
    if (nulls > 0) {
      text += 'NULL,'.repeat(nulls);
      nulls = 0;
    }
    if (typeof value !== 'string') text += `${String(value)},`;
    else text += needsEscape.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}",` : `"${value}",`;
  }
  return `{${text.slice(0, -1)}}`;
}

/** What all statements about some events take, as array literals: made once, since a chunk's time goes into text. */
export interface EventLiterals {
  readonly subjectIds: string;
  readonly eventIds: string;
  readonly recordedAt: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly lanes: string;
}

/** The literals of events, in their order. */
export function literalsOf(events: readonly EventIncoming[]): EventLiterals {
  return {
    subjectIds: arrayLiteral(events.map(({ subjectId }) => subjectId)),
    eventIds: arrayLiteral(events.map(({ event }) => event.event_id)),
    recordedAt: arrayLiteral(events.map(({ event }) => instant(event.recorded_at))),
    validFrom: arrayLiteral(events.map(({ event }) => event.valid_from)),
    validTo: arrayLiteral(events.map(({ event }) => event.valid_to)),
    lanes: arrayLiteral(events.map(({ lane }) => lane)),
  };
}

/** The arrays that {@link FactStatements} take: one for each envelope column, then one for each data column. */
export function factParameters(
  fact: FactTable,
  round: readonly EventIncoming[],
  literals = literalsOf(round),
): string[] {
  const data = fact.columns.map(({ name, type }) =>
    round.map(({ event }): Scalar => {
      const value = (event.data as Record<string, Scalar> | null)?.[name] ?? null;
      // An annulled fact keeps its version and nothing else, so that no order of arrival leaves values behind.
      if (value === null || event.verb === 'ANNULLED') return null;
      return type === 'timestamptz' ? instant(value as number) : value;
    }),
  );
  return [
    literals.subjectIds,
    arrayLiteral(round.map(({ event }) => event.source_record_id)),
    arrayLiteral(round.map(({ event }) => event.source_version)),
    literals.eventIds,
    arrayLiteral(round.map(({ event }) => event.verb)),
    arrayLiteral(round.map(({ event }) => event.reason)),
    literals.recordedAt,
    literals.validFrom,
    literals.validTo,
    literals.lanes,
    ...data.map(arrayLiteral),
  ];
}

/** The parameters that {@link RecordStatements} take for events that changed facts of one dataset. */
export function recordParameters(literals: EventLiterals, dataset: string): string[] {
  const { subjectIds, eventIds, recordedAt, validFrom, validTo, lanes } = literals;
  return [subjectIds, eventIds, recordedAt, validFrom, validTo, lanes, dataset];
}

/** As {@link recordParameters}, for events of any datasets. */
export const wholeRecordParameters = (events: readonly EventIncoming[]): string[] =>
  recordParameters(literalsOf(events), arrayLiteral(events.map(({ dataset }) => dataset)));
