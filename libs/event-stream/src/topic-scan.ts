import type { OffsetRange, StoredMessage } from './topic-reader.ts';

/** Which way one looks through a topic. */
export type ScanOrder = 'newest' | 'oldest';

/** A partition to be looked through: what it holds, and the edge between what was looked at and what was not. */
export interface ScanPartition {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
  /** Newest first, the messages before it are next; oldest first, those from it on. */
  readonly edge: number;
}

/** Reads the messages of a range. */
export type ReadRange = (range: OffsetRange) => Promise<readonly StoredMessage[]>;

/** A range at first, and at most; between them it grows while it holds few bytes, since nobody knows how long messages are. */
const windowMin = 16;
const windowMax = 1_024;
const windowBytes = 512 << 10;

/**
 * Looks through partitions in the order of the broker's time; each is read range by range, as far as it is looked at.
 * Whoever stops finds in {@link edges} where to go on: no message is left out there, and none comes twice.
 */
export class TopicScan {
  readonly #read: ReadRange;
  readonly #isNewestFirst: boolean;
  readonly #partitions: Partition[];

  constructor(read: ReadRange, partitions: readonly ScanPartition[], order: ScanOrder) {
    this.#read = read;
    this.#isNewestFirst = order === 'newest';
    this.#partitions = partitions.map(({ partition, begin, end, edge }) => {
      const at = Math.min(Math.max(edge, begin), end);
      return {
        partition,
        until: this.#isNewestFirst ? begin : end,
        edge: at,
        fetched: at,
        ahead: [],
        window: windowMin,
      };
    });
  }

  /** Each partition's edge after what {@link next} has given so far. */
  get edges(): { readonly partition: number; readonly edge: number }[] {
    return this.#partitions.map(({ partition, edge }) => ({ partition, edge }));
  }

  /** The next message, or undefined where there is none any more. */
  async next(): Promise<StoredMessage | undefined> {
    await Promise.all(this.#partitions.map((partition) => this.#fill(partition)));
    let first: Partition | undefined;
    for (const partition of this.#partitions)
      if (partition.ahead.length > 0 && (!first || this.#comesBefore(partition, first))) first = partition;
    const message = first?.ahead.pop();
    if (first && message) first.edge = this.#isNewestFirst ? message.offset : message.offset + 1;
    return message;
  }

  #comesBefore(one: Partition, other: Partition): boolean {
    const [a, b] = [one.ahead.at(-1)!.timestampMs, other.ahead.at(-1)!.timestampMs];
    return this.#isNewestFirst ? a > b : a < b;
  }

  async #fill(partition: Partition): Promise<void> {
    while (partition.ahead.length === 0 && partition.fetched !== partition.until) {
      const { fetched, until, window } = partition;
      const reached = this.#isNewestFirst ? Math.max(until, fetched - window) : Math.min(until, fetched + window);
      const [from, before] = this.#isNewestFirst ? [reached, fetched] : [fetched, reached];
      const messages = await this.#read({ partition: partition.partition, from, before });
      partition.ahead = this.#isNewestFirst ? [...messages] : messages.toReversed();
      partition.fetched = reached;
      // What compaction took is looked at, too.
      if (messages.length === 0) partition.edge = reached;
      const bytes = messages.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
      partition.window = bytes < windowBytes ? Math.min(windowMax, window * 2) : Math.max(1, window >> 1);
    }
    // All of it was given: what lies between the last message and the end was taken by compaction.
    if (partition.ahead.length === 0) partition.edge = partition.until;
  }
}

interface Partition {
  readonly partition: number;
  /** The offset that the look ends at. */
  readonly until: number;
  edge: number;
  /** How far it is read; what is read and not given yet is {@link ahead}, the next of it last. */
  fetched: number;
  ahead: StoredMessage[];
  window: number;
}
