import type { Incoming } from './incoming.ts';

/** A message that holds a readable change event. */
export type EventIncoming = Extract<Incoming, { kind: 'event' }>;

/** What a change of facts says of a subject whose record is derived anew. */
export type Cause = Pick<EventIncoming, 'subjectId' | 'lane' | 'dataset' | 'event'>;

/** The newest events of one source record, all of the same version. */
interface Newest {
  first: EventIncoming;
  /** The others. */
  more: EventIncoming[] | undefined;
}

/**
 * Splits events of one dataset, those of one subject side by side, into rounds with at most one event a source record, since one
 * statement may touch a row once. The newest version of each record goes into the first round and older ones are superseded; an event
 * of equal version goes into the next round, so that the database alone tells a duplicate from a conflict.
 */
export function intoRounds(events: readonly EventIncoming[]): {
  rounds: EventIncoming[][];
  superseded: EventIncoming[];
} {
  const first: EventIncoming[] = [];
  const rounds = [first];
  const superseded: EventIncoming[] = [];
  for (let from = 0, to: number; from < events.length; from = to) {
    const { subjectId } = events[from]!;
    for (to = from + 1; events[to]?.subjectId === subjectId;) to += 1;
    // As for nearly every subject of a chunk.
    if (to - from === 1) first.push(events[from]!);
    else
      for (const newest of newestOf(events.slice(from, to), superseded)) {
        first.push(newest.first);
        newest.more?.forEach((message, at) => (rounds[at + 1] ??= []).push(message));
      }
  }
  return { rounds: events.length > 0 ? rounds : [], superseded };
}

/** The newest events of each source record of a subject; the others go to `superseded`. */
function newestOf(events: readonly EventIncoming[], superseded: EventIncoming[]): Iterable<Newest> {
  const bySourceRecord = new Map<string, Newest>();
  for (const message of events) {
    const { source_record_id: key, source_version: version } = message.event;
    const newest = bySourceRecord.get(key);
    if (!newest) bySourceRecord.set(key, { first: message, more: undefined });
    else if (newest.first.event.source_version === version) (newest.more ??= []).push(message);
    else if (newest.first.event.source_version > version) superseded.push(message);
    else {
      superseded.push(newest.first, ...(newest.more ?? []));
      newest.first = message;
      newest.more = undefined;
    }
  }
  return bySourceRecord.values();
}
