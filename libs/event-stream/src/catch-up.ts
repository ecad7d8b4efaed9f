/** A topic in a lane. */
export interface TopicLane {
  readonly topic: string;
  readonly lane: number;
}

/** How far a topic of a lane was fetched. */
interface Reach extends TopicLane {
  /** When the last message fetched was made, epoch milliseconds. */
  readonly untilMs: number;
  /** Whether much more waits at the broker. */
  readonly isBehind: boolean;
  /** The last fetch that brought something, or before which it was not asked for. */
  fetch: number;
  isPaused: boolean;
}

/** Behind by fewer messages, a topic is as good as at its end: what is live is never held up, and holds nothing up. */
const behindMin = 100;
/** A topic that was asked for so often and brought nothing (a transaction may be open there) is waited for no longer. */
const fetchesMax = 20;

/**
 * Keeps those topics of a lane together in time that are behind, as Kafka Streams does (KIP-353): one that is ahead of another is
 * fetched no further, and what was fetched of it waits. What departments told of a subject at one time is then applied together,
 * as it would have been live, and its record is derived once, instead of once for each topic.
 */
export class CatchUp {
  readonly #lanes = new Map<number, Map<string, Reach>>();
  #fetch = 0;

  /** Messages of a topic came, the last made at `untilMs`; `left` more wait at the broker. */
  note({ topic, lane }: TopicLane, untilMs: number, left: number): void {
    let topics = this.#lanes.get(lane);
    if (!topics) this.#lanes.set(lane, (topics = new Map<string, Reach>()));
    const isPaused = topics.get(topic)?.isPaused ?? false;
    topics.set(topic, { topic, lane, untilMs, isBehind: left >= behindMin, fetch: this.#fetch, isPaused });
  }

  /** What is younger in a topic had better wait for others; Infinity where nothing has to. */
  horizonMs({ topic, lane }: TopicLane): number {
    const topics = this.#lanes.get(lane);
    return topics?.get(topic)?.isBehind ? this.#reachedMs(topics) : Infinity;
  }

  /** Before a fetch: what is to be asked for no more, and what again. */
  steer(): { readonly pause: readonly TopicLane[]; readonly resume: readonly TopicLane[] } {
    this.#fetch += 1;
    const changed: Reach[] = [];
    for (const topics of this.#lanes.values()) {
      const reachedMs = this.#reachedMs(topics);
      for (const reach of topics.values()) {
        const isAhead = reach.isBehind && reach.untilMs > reachedMs;
        if (isAhead === reach.isPaused) continue;
        reach.isPaused = isAhead;
        reach.fetch = this.#fetch;
        changed.push(reach);
      }
    }
    return {
      pause: changed.filter(({ isPaused }) => isPaused),
      resume: changed.filter(({ isPaused }) => !isPaused),
    };
  }

  /** Forgets everything; nothing is paused. */
  clear(): void {
    this.#lanes.clear();
  }

  /** Up to when all topics that are behind were fetched. */
  #reachedMs(topics: ReadonlyMap<string, Reach>): number {
    let reachedMs = Infinity;
    for (const { untilMs, isBehind, isPaused, fetch } of topics.values())
      if (untilMs < reachedMs && isBehind && (isPaused || this.#fetch - fetch <= fetchesMax)) reachedMs = untilMs;
    return reachedMs;
  }
}
