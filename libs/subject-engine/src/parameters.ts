import type { FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

const instant = (ms: number): string => new Date(ms).toISOString();

/** The arrays that {@link FactStatements.upsert} takes: one for each envelope column, then one for each data column. */
export function factParameters(fact: FactTable, round: readonly EventIncoming[]): unknown[][] {
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
  ];
  const data = fact.columns.map(({ name, type }) =>
    round.map(({ event }) => {
      const value = (event.data as Record<string, unknown> | null)?.[name] ?? null;
      // An annulled fact keeps its version and nothing else, so that no order of arrival leaves values behind.
      if (value === null || event.verb === 'ANNULLED') return null;
      return type === 'timestamptz' ? instant(value as number) : value;
    }),
  );
  return [...envelope, ...data];
}

/** The parameters that {@link RecordStatements} take for events that changed facts. */
export function recordParameters(applied: readonly EventIncoming[], dataset: string): unknown[] {
  return [
    applied.map(({ subjectId }) => subjectId),
    applied.map(({ event }) => event.event_id),
    applied.map(({ event }) => instant(event.recorded_at)),
    applied.map(({ event }) => event.valid_from),
    applied.map(({ event }) => event.valid_to),
    applied.map(({ lane }) => lane),
    dataset,
  ];
}
