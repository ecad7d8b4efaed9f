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

/** The arrays that {@link FactStatements.upsert} takes: one for each envelope column, then one for each data column. */
export function factParameters(fact: FactTable, round: readonly EventIncoming[]): string[] {
  const envelope = [
    round.map(({ subjectId }) => subjectId),
    round.map(({ event }) => event.source_record_id),
    round.map(({ event }) => event.source_version),
    round.map(({ event }) => event.event_id),
    round.map(({ event }) => event.verb),
    round.map(({ event }) => event.reason),
    round.map(({ event }) => instant(event.recorded_at)),
    round.map(({ event }) => event.valid_from),
    round.map(({ event }) => event.valid_to),
    round.map(({ lane }) => lane),
  ];
  const data = fact.columns.map(({ name, type }) =>
    round.map(({ event }): Scalar => {
      const value = (event.data as Record<string, Scalar> | null)?.[name] ?? null;
      // An annulled fact keeps its version and nothing else, so that no order of arrival leaves values behind.
      if (value === null || event.verb === 'ANNULLED') return null;
      return type === 'timestamptz' ? instant(value as number) : value;
    }),
  );
  return [...envelope, ...data].map(arrayLiteral);
}

/** The parameters that {@link RecordStatements} take for events that changed facts. */
export function recordParameters(applied: readonly EventIncoming[], dataset: string): unknown[] {
  return [
    arrayLiteral(applied.map(({ subjectId }) => subjectId)),
    arrayLiteral(applied.map(({ event }) => event.event_id)),
    arrayLiteral(applied.map(({ event }) => instant(event.recorded_at))),
    arrayLiteral(applied.map(({ event }) => event.valid_from)),
    arrayLiteral(applied.map(({ event }) => event.valid_to)),
    arrayLiteral(applied.map(({ lane }) => lane)),
    dataset,
  ];
}
