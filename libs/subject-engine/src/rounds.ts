import type { Incoming } from './incoming.ts';

/** A message that holds a readable change event. */
export type EventIncoming = Extract<Incoming, { kind: 'event' }>;

/**
 * Splits events of one dataset into rounds with at most one event a source record, since one statement may touch a row
 * once. The newest version of each record goes into the first round and older ones are superseded; an event of equal
 * version goes into the next round, so that the database alone tells a duplicate from a conflict.
 */
export function intoRounds(events: readonly EventIncoming[]): {
  rounds: EventIncoming[][];
  superseded: EventIncoming[];
} {
  const newest = new Map<string, EventIncoming[]>();
  const superseded: EventIncoming[] = [];
  for (const message of events) {
    const key = `${message.subjectId}\n${message.event.source_record_id}`;
    const best = newest.get(key);
    const version = message.event.source_version;
    if (!best) newest.set(key, [message]);
    else if (best[0]!.event.source_version === version) best.push(message);
    else if (best[0]!.event.source_version > version) superseded.push(message);
    else {
      superseded.push(...best);
      newest.set(key, [message]);
    }
  }
  const rounds: EventIncoming[][] = [];
  for (const messages of newest.values())
    messages.forEach((message, at) => {
      const round = rounds[at];
      if (round) round.push(message);
      else rounds.push([message]);
    });
  return { rounds, superseded };
}
