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

/**
 * Fetched batches waiting to be applied. A taker gets all that waits, over all lanes that nobody else has taken, up to a
 * number of messages: chunks are as small as the load is light, and as large as the writers are behind.
 */
export class LaneBuffer {
  readonly #messagesMax: number;
  #waiting: LaneBatch[] = [];
  #size = 0;
  #closed = false;
  readonly #taken = new Set<number>();
  #wakeTaker: (() => void)[] = [];
  #wakeAdder: (() => void)[] = [];

  constructor(messagesMax: number) {
    this.#messagesMax = messagesMax;
  }

  /** Messages waiting, those taken not counted. */
  get size(): number {
    return this.#size;
  }

  add(batch: LaneBatch): void {
    this.#waiting.push(batch);
    this.#size += batch.messages.length;
    this.#wake();
  }

  /** Resolves true when there is room, false after `waitMs` without. */
  async hasRoom(waitMs: number): Promise<boolean> {
    if (this.#size < this.#messagesMax) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wakeAdder.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.#size < this.#messagesMax;
  }

  /** Waits for batches of free lanes; `undefined` once the buffer is closed. */
  async take(messagesMax: number): Promise<TakenChunk | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const batches = this.#pick(messagesMax);
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
    }
  }

  clear(): void {
    this.#waiting = [];
    this.#size = 0;
    for (const wake of this.#wakeAdder.splice(0)) wake();
  }

  close(): void {
    this.#closed = true;
    this.clear();
    this.#wake();
  }

  #pick(messagesMax: number): LaneBatch[] {
    const picked: LaneBatch[] = [];
    const rest: LaneBatch[] = [];
    let room = messagesMax;
    for (const batch of this.#waiting) {
      if (room <= 0 || this.#taken.has(batch.lane)) {
        rest.push(batch);
        continue;
      }
      picked.push(room < batch.messages.length ? { ...batch, messages: batch.messages.slice(0, room) } : batch);
      if (room < batch.messages.length) rest.push({ ...batch, messages: batch.messages.slice(room) });
      room -= batch.messages.length;
    }
    this.#waiting = rest;
    this.#size = rest.reduce((sum, { messages }) => sum + messages.length, 0);
    return picked;
  }

  #wake(): void {
    for (const wake of this.#wakeTaker.splice(0)) wake();
  }
}
