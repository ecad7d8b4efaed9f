import type { Redis } from 'ioredis';
import { defaultPartitions, laneOf, type DatasetName } from '@huitong/change-event';
import type { Published } from '@huitong/event-stream';

/** How long an event's place is remembered, in seconds. */
const rememberedSeconds = 86_400;
/** Writes under way at once; beyond it places are forgotten rather than queued, for Redis holds only what may be lost. */
const writesMax = 16;

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
    const pipeline = this.#redis.pipeline();
    for (const { eventId, subjectId } of events) {
      const partition = laneOf(subjectId, defaultPartitions);
      const offset = next.get(partition);
      if (offset !== undefined) next.set(partition, offset + 1);
      const place = `${partition}:${offset ?? ''}`;
      pipeline.set(`huitong:published:${eventId}`, `${dataset}:${place}:${atMs}`, 'EX', rememberedSeconds);
    }
    this.#writes += 1;
    pipeline
      .exec()
      .catch(() => undefined)
      .finally(() => (this.#writes -= 1));
  }
}
