import { HuitongError } from '@huitong/change-event';
import type { TopicAdmin } from './topic-admin.ts';

/** Where a lane goes on in one topic. */
export interface LanePosition {
  readonly next: number;
  /** When the youngest message that the lane has applied came to the broker, epoch milliseconds. */
  readonly youngestMs?: number | undefined;
  /** When it was found that the broker no longer has what comes next, epoch milliseconds; the lane then stands still. */
  readonly lostSinceMs?: number | undefined;
}

/** Positions by lane, then by topic. */
export type LanePositions = ReadonlyMap<number, Readonly<Record<string, LanePosition>>>;

/** A lane whose next events the broker no longer has. Offsets are of the topic, times epoch milliseconds. */
export interface LostEvents {
  readonly lane: number;
  readonly topic: string;
  readonly next: number;
  readonly beginning: number;
  readonly end: number;
  /** What the log still has and the lane has not applied lies at or behind this offset. */
  readonly goOnAt: number;
  readonly youngestMs: number | undefined;
  readonly sinceMs: number;
}

/** Where a lane goes on after a loss, messages so much older than the newest applied one are read again: clocks are not exact. */
const marginMs = 60_000;

/**
 * The lanes that must not go on, since the broker no longer has what comes next: the log begins behind the position, or
 * ends before it, or holds before the position what is younger than all that was applied, and is thus another log: of a
 * topic made anew, or of a broker restored from an older copy. A lane that was found lost stays so until an operator
 * decides, whatever the log has become.
 */
export async function findLost(
  admin: TopicAdmin,
  topics: readonly string[],
  positions: LanePositions,
): Promise<LostEvents[]> {
  const [ends, beginnings, younger] = await Promise.all([
    admin.endOffsets(topics),
    admin.beginningOffsets(topics),
    admin.offsetsSince(
      timesOf(positions, (position) => (position.youngestMs === undefined ? undefined : position.youngestMs + 1)),
    ),
  ]);
  const found = [...positions].flatMap(([lane, byTopic]) =>
    topics.flatMap((topic) => {
      const beginning = offsetIn(beginnings, topic, lane);
      const end = offsetIn(ends, topic, lane);
      const { next, youngestMs, lostSinceMs }: LanePosition = byTopic[topic] ?? { next: 0 };
      const other = youngestMs !== undefined && offsetIn(younger, topic, lane) < next;
      if (lostSinceMs === undefined && next >= beginning && next <= end && !other) return [];
      return [{ lane, topic, next, beginning, end, youngestMs, sinceMs: lostSinceMs ?? Date.now() }];
    }),
  );
  if (found.length === 0) return [];
  const lostKeys = new Set(found.map(({ topic, lane }) => `${topic}/${lane}`));
  const goOn = await admin.offsetsSince(
    timesOf(positions, (position, topic, lane) =>
      lostKeys.has(`${topic}/${lane}`) && position.youngestMs !== undefined
        ? position.youngestMs - marginMs
        : undefined,
    ),
  );
  return found.map((lost) => {
    const since = lost.youngestMs === undefined ? lost.beginning : offsetIn(goOn, lost.topic, lost.lane);
    return { ...lost, goOnAt: Math.max(lost.beginning, Math.min(since, lost.end)) };
  });
}

/** What the broker cannot tell now is asked again: an unknown offset must be taken neither for a loss nor for none. */
function offsetIn(offsets: ReadonlyMap<string, readonly number[]>, topic: string, lane: number): number {
  const offset = offsets.get(topic)?.[lane];
  if (offset === undefined)
    throw new HuitongError('BROKER_UNAVAILABLE', 'asking for a partition that is not there, or has no leader now', {
      context: { topic, lane },
    });
  return offset;
}

function timesOf(
  positions: LanePositions,
  timeOf: (position: LanePosition, topic: string, lane: number) => number | undefined,
): Map<string, Map<number, number>> {
  const times = new Map<string, Map<number, number>>();
  for (const [lane, byTopic] of positions)
    for (const [topic, position] of Object.entries(byTopic)) {
      const time = timeOf(position, topic, lane);
      if (time === undefined) continue;
      if (!times.has(topic)) times.set(topic, new Map());
      times.get(topic)!.set(lane, Math.max(0, time));
    }
  return times;
}
