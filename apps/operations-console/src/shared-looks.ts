import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Subject } from 'rxjs';
import type { Changed, Live } from './contract.ts';

const looksChannel = 'huitong:console:looks';
const changesChannel = 'huitong:console:changes';
const leaderKey = 'huitong:console:leader';
/** A leader renews its lease with every look, which takes at most 9 s to come; after this another console leads. */
const leaseMs = 12_000;

/** Looks come every 2.5 s, and may take some seconds; so long without one is a silence. */
const silenceMs = 10_000;

const lease = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;
const release = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`;

/** Whose look the pages of this console are shown: its own, which the others are shown too; another's; or its own alone. */
export type Part = 'lead' | 'follow' | 'alone';

/**
 * What several consoles share through Redis: the looks of the one that leads, and word of what people have changed. Without Redis
 * each goes on by itself. Nothing here is kept, and nothing of it names a record.
 */
export class SharedLooks {
  /** What other consoles tell. */
  readonly looks = new Subject<Live>();
  readonly changes = new Subject<Changed>();
  readonly #id = randomUUID();
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  #heardMs = 0;

  constructor(url: string) {
    this.#redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 500 });
    this.#subscriber = new Redis(url, { maxRetriesPerRequest: null });
    // Their absence shows in that every console looks for itself; without a listener ioredis writes to the console.
    for (const redis of [this.#redis, this.#subscriber]) redis.on('error', () => undefined);
    this.#subscriber.on('message', (channel, text) => {
      const { from, told } = JSON.parse(text) as { from: string; told: unknown };
      if (from === this.#id) return;
      if (channel === looksChannel) {
        this.#heardMs = Date.now();
        this.looks.next(told as Live);
      } else this.changes.next(told as Changed);
    });
    this.#subscriber.subscribe(looksChannel, changesChannel).catch(() => undefined);
  }

  /** Asked before each look; who leads stays so as long as it goes on asking. */
  async part(): Promise<Part> {
    if (this.#subscriber.status !== 'ready') return 'alone';
    const leads = await this.#redis.eval(lease, 1, leaderKey, this.#id, leaseMs).catch(() => undefined);
    if (leads === 1) return 'lead';
    // Who leads may have been killed, or be cut off: until its lease ends nobody waits for it.
    return leads === 0 && Date.now() - this.#heardMs < silenceMs ? 'follow' : 'alone';
  }

  tellLook(live: Live): void {
    this.#tell(looksChannel, live);
  }

  tellChange(changed: Changed): void {
    this.#tell(changesChannel, changed);
  }

  /** Leaves the lead to another at once. */
  async end(): Promise<void> {
    await this.#redis.eval(release, 1, leaderKey, this.#id).catch(() => undefined);
    this.#redis.disconnect();
    this.#subscriber.disconnect();
  }

  #tell(channel: string, told: unknown): void {
    this.#redis.publish(channel, JSON.stringify({ from: this.#id, told })).catch(() => undefined);
  }
}
