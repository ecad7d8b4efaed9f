import type { Redis } from 'ioredis';
import type { DatasetName } from '@huitong/change-event';
import type { Published } from '@huitong/event-stream';

/** How long an event's place is remembered, in seconds. */
const rememberedSeconds = 86_400;
/** Writes under way at once; beyond it places are forgotten rather than queued, for Redis holds only what may be lost. */
const writesMax = 16;

/**
 * Remembers for a day where each published event went, for the query API's trace. `huitong:published:<eventId>` holds
 * `<dataset>:<partition>:<offset>:<epoch ms>`; partition and offset are empty where events of one request went to several
 * partitions, for Kafka's answer does not say which went where. Best effort: never waited for, and losing an entry costs
 * only a less exact trace.
 */
export class PublishedIndex {
  readonly #redis: Redis;
  #writes = 0;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  remember(dataset: DatasetName, eventIds: readonly string[], published: readonly Published[], atMs: number): void {
    if (this.#redis.status !== 'ready' || this.#writes >= writesMax) return;
    const only = published.length === 1 ? published[0] : undefined;
    const pipeline = this.#redis.pipeline();
    eventIds.forEach((eventId, index) => {
      const place = only ? `${only.partition}:${only.baseOffset + index}` : ':';
      pipeline.set(`huitong:published:${eventId}`, `${dataset}:${place}:${atMs}`, 'EX', rememberedSeconds);
    });
    this.#writes += 1;
    pipeline
      .exec()
      .catch(() => undefined)
      .finally(() => (this.#writes -= 1));
  }
}
