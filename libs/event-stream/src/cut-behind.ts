import type { FetchedMessage, LaneBatch } from './lane-buffer.ts';

/** Marked messages that stand one behind the other in a lane of a topic, by their first and last offset. */
export interface Mark {
  readonly topic: string;
  readonly lane: number;
  readonly from: number;
  readonly offset: number;
}

/**
 * Splits a chunk behind marked messages: `now` holds each topic's messages of a lane up to its first marks, or all where
 * there are none, and `rest` what follows, in order. Whoever applies `now` stands at each of the marks, with nothing of what
 * comes behind them.
 */
export function cutBehind(
  batches: readonly LaneBatch[],
  isMark: (message: FetchedMessage) => boolean,
): { now: LaneBatch[]; rest: LaneBatch[]; marks: Mark[] } {
  const now: LaneBatch[] = [];
  const rest: LaneBatch[] = [];
  const marks: Mark[] = [];
  const closed = new Set<string>();
  for (const batch of batches) {
    const { topic, lane, messages } = batch;
    const key = `${topic}/${lane}`;
    const first = closed.has(key) ? -1 : messages.findIndex(isMark);
    if (first < 0) {
      (closed.has(key) ? rest : now).push(batch);
      continue;
    }
    let last = first;
    while (messages[last + 1] && isMark(messages[last + 1]!)) last += 1;
    closed.add(key);
    marks.push({ topic, lane, from: messages[first]!.offset, offset: messages[last]!.offset });
    now.push({ ...batch, messages: messages.slice(0, last + 1) });
    if (last + 1 < messages.length) rest.push({ ...batch, messages: messages.slice(last + 1) });
  }
  return { now, rest, marks };
}
