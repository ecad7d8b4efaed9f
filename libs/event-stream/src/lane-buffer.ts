import { setTimeout as sleep } from 'node:timers/promises';

/** A message as fetched; headers stay as the broker gave them until somebody asks. */
export interface FetchedMessage {
  readonly offset: number;
  /** When the producer made it, epoch milliseconds. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/** Consecutive messages of one topic in one lane. */
export interface LaneBatch {
  readonly topic: string;
  readonly lane: number;
  readonly messages: readonly FetchedMessage[];
}

/** Batches taken from the buffer; their lanes stay closed to other takers until `release`. */
export interface TakenChunk {
  readonly batches: readonly LaneBatch[];
  release(): void;
}

/** An amount of messages; whichever of the two is reached first counts. */
export interface Amount {
  readonly messages: number;
  /** Of keys and values. */
  readonly bytes: number;
}

/**
 * A taker that found nothing goes on waiting for so long after the first batch came, in milliseconds: one answer of the
 * broker holds batches of many partitions, handed over one after the other, and a transaction for each costs more than all.
 */
const gatherMs = 2;

/**
 * Fetched batches waiting to be applied. A taker gets all that waits, over all lanes that nobody else has taken, up to an
 * amount: chunks are as small as the load is light, and as large as the writers are behind.
 */
export class LaneBuffer {
  readonly #max: Amount;
  #waiting: LaneBatch[] = [];
  #size: Amount = nothing;
  #closed = false;
  readonly #taken = new Set<number>();
  #wakeTaker: (() => void)[] = [];
  #wakeAdder: (() => void)[] = [];

  constructor(max: Amount) {
    this.#max = max;
  }

  /** What waits; what is taken is not counted. */
  get size(): Amount {
    return this.#size;
  }

  add(batch: LaneBatch): void {
    this.#waiting.push(batch);
    this.#size = sum(this.#size, sizeOf(batch));
    this.#wake();
  }

  /** Resolves true when there is room, false after `waitMs` without. */
  async hasRoom(waitMs: number): Promise<boolean> {
    if (this.#hasRoom()) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wakeAdder.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.#hasRoom();
  }

  #hasRoom(): boolean {
    return this.#size.messages < this.#max.messages && this.#size.bytes < this.#max.bytes;
  }

  /** Waits for batches of free lanes; `undefined` once the buffer is closed. */
  async take(max: Amount): Promise<TakenChunk | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const batches = this.#pick(max);
      if (batches.length > 0) {
        const lanes = new Set(batches.map(({ lane }) => lane));
        for (const lane of lanes) this.#taken.add(lane);
        for (const wake of this.#wakeAdder.splice(0)) wake();
        return {
          batches,
          release: () => {
            for (const lane of lanes) this.#taken.delete(lane);
            this.#wake();
          },
        };
      }
      await new Promise<void>((resolve) => this.#wakeTaker.push(resolve));
      await sleep(gatherMs);
    }
  }

  clear(): void {
    this.#waiting = [];
    this.#size = nothing;
    for (const wake of this.#wakeAdder.splice(0)) wake();
  }

  close(): void {
    this.#closed = true;
    this.clear();
    this.#wake();
  }

  /** At least one message, where a free lane has any: one that is larger than a chunk may be is a chunk of its own. */
  #pick(max: Amount): LaneBatch[] {
    const picked: LaneBatch[] = [];
    const rest: LaneBatch[] = [];
    let room = max;
    for (const batch of this.#waiting) {
      const count = this.#taken.has(batch.lane) ? 0 : countThatFits(batch, room, picked.length === 0);
      if (count > 0) {
        const part = count === batch.messages.length ? batch : { ...batch, messages: batch.messages.slice(0, count) };
        picked.push(part);
        const { messages, bytes } = sizeOf(part);
        room = { messages: room.messages - messages, bytes: room.bytes - bytes };
      }
      // Whatever is left over closes the chunk, so that no later batch of this lane and topic goes before it.
      if (count < batch.messages.length) {
        rest.push(count > 0 ? { ...batch, messages: batch.messages.slice(count) } : batch);
        if (!this.#taken.has(batch.lane)) room = nothing;
      }
    }
    this.#waiting = rest;
    this.#size = rest.map(sizeOf).reduce(sum, nothing);
    return picked;
  }

  #wake(): void {
    for (const wake of this.#wakeTaker.splice(0)) wake();
  }
}

const nothing: Amount = { messages: 0, bytes: 0 };

const sum = (one: Amount, other: Amount): Amount => ({
  messages: one.messages + other.messages,
  bytes: one.bytes + other.bytes,
});

const bytesOf = ({ key, value }: FetchedMessage): number => (key?.length ?? 0) + (value?.length ?? 0);

const sizeOf = ({ messages }: LaneBatch): Amount => ({
  messages: messages.length,
  bytes: messages.reduce((bytes, message) => bytes + bytesOf(message), 0),
});

function countThatFits({ messages }: LaneBatch, room: Amount, isFirst: boolean): number {
  let bytes = 0;
  let count = 0;
  for (const message of messages) {
    bytes += bytesOf(message);
    if (count >= room.messages || (bytes > room.bytes && !(isFirst && count === 0))) break;
    count += 1;
  }
  return count;
}
