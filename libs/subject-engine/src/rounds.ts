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
 * Splits events of one dataset into rounds with at most one event a source record, since one statement may touch a row
 * once. The newest version of each record goes into the first round and older ones are superseded; an event of equal
 * version goes into the next round, so that the database alone tells a duplicate from a conflict.
 */
export function intoRounds(events: readonly EventIncoming[]): {
  rounds: EventIncoming[][];
  superseded: EventIncoming[];
} {
  const newestOf = new Map<string, Newest>();
  const superseded: EventIncoming[] = [];
  for (const message of events) {
    const { subjectId, event } = message;
    const version = event.source_version;
    // The length says where one id ends and the other begins.
    const key = `${subjectId.length} ${subjectId}${event.source_record_id}`;
    const newest = newestOf.get(key);
    if (!newest) newestOf.set(key, { first: message, more: undefined });
    else if (newest.first.event.source_version === version) (newest.more ??= []).push(message);
    else if (newest.first.event.source_version > version) superseded.push(message);
    else {
      superseded.push(newest.first, ...(newest.more ?? []));
      newest.first = message;
      newest.more = undefined;
    }
  }
  const all = [...newestOf.values()];
  const rounds: EventIncoming[][] = all.length > 0 ? [all.map(({ first }) => first)] : [];
  for (const { more } of all) more?.forEach((message, at) => (rounds[at + 1] ??= []).push(message));
  return { rounds, superseded };
}
