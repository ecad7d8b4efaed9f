import type { Incoming } from './incoming.ts';

/** A message that holds a readable change event. */
export type EventIncoming = Extract<Incoming, { kind: 'event' }>;

/** The newest events of one source record: all of the same version. */
interface Newest {
  first: EventIncoming;
  /** The others. */
  more: EventIncoming[] | undefined;
  /** A source record of another subject that has the same id. */
  next: Newest | undefined;
}

/**
 * Splits events of one dataset into rounds with at most one event a source record, since one statement may touch a row
 * once. The newest version of each record goes into the first round and older ones are superseded; an event of equal
 * version goes into the next round, so that the database alone tells a duplicate from a conflict.
 */
export function intoRounds(events: readonly EventIncoming[]): {
  rounds: EventIncoming[][];
  superseded: EventIncoming[];
} {
  const bySourceId = new Map<string, Newest>();
  const all: Newest[] = [];
  const superseded: EventIncoming[] = [];
  for (const message of events) {
    const { source_record_id: sourceId, source_version: version } = message.event;
    const known = bySourceId.get(sourceId);
    let newest = known;
    while (newest && newest.first.subjectId !== message.subjectId) newest = newest.next;
    if (!newest) {
      newest = { first: message, more: undefined, next: known };
      bySourceId.set(sourceId, newest);
      all.push(newest);
    } else if (newest.first.event.source_version === version) (newest.more ??= []).push(message);
    else if (newest.first.event.source_version > version) superseded.push(message);
    else {
      superseded.push(newest.first, ...(newest.more ?? []));
      newest.first = message;
      newest.more = undefined;
    }
  }
  const rounds: EventIncoming[][] = all.length > 0 ? [all.map(({ first }) => first)] : [];
  for (const { more } of all) more?.forEach((message, at) => (rounds[at + 1] ??= []).push(message));
  return { rounds, superseded };
}
