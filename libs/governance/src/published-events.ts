import { Redis } from 'ioredis';
import { isDatasetName } from '@huitong/change-event';
import type { PublishedEvents, PublishedPlace } from './event-trace.ts';

/** `<dataset>:<partition>:<offset>:<epoch ms>`, as the gateway writes it; partition and offset may be empty. */
const pattern = /^([^:]+):(\d*):(\d*):(\d+)$/;

/** The gateway's memory of where events went, in Redis. While Redis is away nothing is remembered; it is never waited for. */
export class RedisPublishedEvents implements PublishedEvents {
  readonly #redis: Redis;

  constructor(url: string) {
    this.#redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 500 });
    // Its absence shows in less exact traces; without a listener ioredis writes to the console.
    this.#redis.on('error', () => undefined);
  }

  async find(eventId: string): Promise<PublishedPlace | undefined> {
    const text = await this.#redis.get(`huitong:published:${eventId}`).catch(() => null);
    return readPlace(text);
  }

  disconnect(): void {
    this.#redis.disconnect();
  }
}

/** Reads an entry; undefined for one that is not there or not ours. */
export function readPlace(text: string | null): PublishedPlace | undefined {
  const [, dataset, partition, offset, at] = pattern.exec(text ?? '') ?? [];
  if (dataset === undefined || !isDatasetName(dataset)) return undefined;
  const number = (digits: string | undefined) => (digits ? Number(digits) : undefined);
  return { dataset, partition: number(partition), offset: number(offset), atMs: Number(at) };
}
