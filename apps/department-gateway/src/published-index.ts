import type { Redis } from 'ioredis';
import { defaultPartitions, laneOf, type DatasetName } from '@huitong/change-event';
import type { Published } from '@huitong/event-stream';

/** How long an event's place is remembered, in seconds. */
const rememberedSeconds = 86_400;
/** Writes under way at once; beyond it places are forgotten rather than queued, for Redis holds only what may be lost. */
const writesMax = 16;

/** One command for a request's events: a command each, and a promise and a timer with it, cost as much as checking the event. */
const rememberAll = `for at = 1, #KEYS do redis.call('set', KEYS[at], ARGV[at + 1], 'EX', ARGV[1]) end`;

/**
 * Remembers for a day where each published event went, for the query API's trace. `huitong:published:<eventId>` holds
 * `<dataset>:<partition>:<offset>:<epoch ms>`: Kafka's answer gives each partition's first offset, and its partitioner
 * says which events went there, in their order. Best effort: never waited for, and losing an entry costs only a less
 * exact trace.
 */
export class PublishedIndex {
  readonly #redis: Redis;
  #writes = 0;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  remember(
    dataset: DatasetName,
    events: readonly { readonly eventId: string; readonly subjectId: string }[],
    published: readonly Published[],
    atMs: number,
  ): void {
    if (this.#redis.status !== 'ready' || this.#writes >= writesMax) return;
    const next = new Map(published.map(({ partition, baseOffset }) => [partition, baseOffset]));
    const places = events.map(({ subjectId }) => {
      const partition = laneOf(subjectId, defaultPartitions);
      const offset = next.get(partition);
      if (offset !== undefined) next.set(partition, offset + 1);
      return `${dataset}:${partition}:${offset ?? ''}:${atMs}`;
    });
    const keys = events.map(({ eventId }) => `huitong:published:${eventId}`);
    this.#writes += 1;
    this.#redis
      .eval(rememberAll, keys.length, ...keys, rememberedSeconds, ...places)
      .catch(() => undefined)
      .finally(() => (this.#writes -= 1));
  }
}
