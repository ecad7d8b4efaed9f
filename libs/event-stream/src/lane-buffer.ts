import { setImmediate as othersTurn } from 'node:timers/promises';
import type { MessagePlace } from '@huitong/change-event';
import type { MessageHeaders } from './message-headers.ts';

/** A message as fetched. Whoever spreads one copies nothing of it: what it has may be made when it is asked for. */
export interface FetchedMessage {
  readonly offset: number;
  /** When the producer made it, epoch milliseconds. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Headers stay bytes until somebody asks. */
  readonly headers: () => MessageHeaders;
  /** Where key and value lie, for whoever reads them there: the two above are buffers made anew each time. */
  readonly place?: MessagePlace;
}

/** Consecutive messages of one topic in one lane. */
export interface LaneBatch {
  readonly topic: string;
  readonly lane: number;
  readonly messages: readonly FetchedMessage[];
}

/** A batch that waits, with its size. */
interface Waiting extends LaneBatch {
  readonly size: Amount;
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

/** Up to when messages of a topic in a lane are to be taken, epoch milliseconds. */
type Horizon = (of: { readonly topic: string; readonly lane: number }) => number;

/**
 * Fetched batches waiting to be applied. A taker gets all that waits, lane by lane, of those that nobody else has taken, up to an
 * amount: chunks are as small as the load is light, and as large as the writers are behind. What is younger than its topic's
 * horizon is taken only where there is nothing else.
 */
export class LaneBuffer {
  readonly #max: Amount;
  readonly #horizonMs: Horizon;
  #waiting: Waiting[] = [];
  #size: Amount = nothing;
  #closed = false;
  readonly #taken = new Set<number>();
  #wakeTaker: (() => void)[] = [];
  #wakeAdder: (() => void)[] = [];

  constructor(max: Amount, horizonMs: Horizon = () => Infinity) {
    this.#max = max;
    this.#horizonMs = horizonMs;
  }

  /** What waits; what is taken is not counted. */
  get size(): Amount {
    return this.#size;
  }

  add(batch: LaneBatch): void {
    const waiting = waitingOf(batch);
    this.#waiting.push(waiting);
    this.#size = sum(this.#size, waiting.size);
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
      const batches = this.#pick(max, this.#horizonMs) ?? this.#pick(max, () => Infinity);
      if (batches) {
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
      // One answer of the broker holds batches of many partitions, added one after the other; a transaction for each costs more than all.
      await othersTurn();
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

  /**
   * Those of the lanes that have waited longest. At least one message, where a free lane has any: one that is larger than
   * a chunk may be is a chunk of its own.
   */
  #pick(max: Amount, horizonMs: Horizon): LaneBatch[] | undefined {
    const byLane = Map.groupBy(this.#waiting, ({ lane }) => lane);
    const picked: LaneBatch[] = [];
    const rest: Waiting[] = [];
    // Behind all others, or the first lanes would always be the first.
    const left: Waiting[] = [];
    let room = max;
    for (const [lane, waiting] of byLane) {
      if (this.#taken.has(lane)) {
        rest.push(...waiting);
        continue;
      }
      const untilMs = latestThatFits(waiting, horizonMs, room.messages);
      if ((!untilMs || room.messages === 0) && picked.length > 0) {
        rest.push(...waiting);
        continue;
      }
      /** Topics of which something is left, so that no later batch goes before it. */
      const closed = new Set<string>();
      for (const batch of waiting) {
        const count = closed.has(batch.topic)
          ? 0
          : countThatFits(batch, {
              room,
              untilMs: (untilMs ?? horizonMs)(batch),
              isFirst: picked.length === 0,
            });
        if (count > 0) {
          const part = count === batch.messages.length ? batch : waitingOf(batch, 0, count);
          picked.push(part);
          room = { messages: room.messages - count, bytes: room.bytes - part.size.bytes };
        }
        if (count === batch.messages.length) continue;
        left.push(count > 0 ? waitingOf(batch, count) : batch);
        closed.add(batch.topic);
      }
    }
    if (picked.length === 0) return undefined;
    this.#waiting = [...rest, ...left];
    this.#size = this.#waiting.map(({ size }) => size).reduce(sum, nothing);
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

function bytesOf(message: FetchedMessage): number {
  const { place } = message;
  if (!place) return (message.key?.length ?? 0) + (message.value?.length ?? 0);
  return Math.max(0, place.keyTo - place.keyFrom) + Math.max(0, place.valueTo - place.valueFrom);
}

/** A batch, or a part of one, to wait; its bytes are added up once, since every taker asks for them. */
function waitingOf({ topic, lane, messages: all }: LaneBatch, from?: number, to?: number): Waiting {
  const messages = from === undefined ? all : all.slice(from, to);
  const bytes = messages.reduce((bytes, message) => bytes + bytesOf(message), 0);
  return { topic, lane, messages, size: { messages: messages.length, bytes } };
}

/**
 * Up to when a lane's messages are taken, cut at one time for all its topics that are behind, so that what belongs together stays so;
 * undefined where nothing would be left of them. The cut is made in the longest pause: what departments tell of a subject at one time
 * they tell within moments. What is live waits for no pause.
 */
function latestThatFits(waiting: readonly Waiting[], horizonMs: Horizon, room: number): Horizon | undefined {
  const byTopic = Map.groupBy(waiting, ({ topic }) => topic);
  if (byTopic.size === 1) return horizonMs;
  let live = 0;
  const times: number[] = [];
  let beyondMs = Infinity;
  for (const batches of byTopic.values()) {
    const untilMs = horizonMs(batches[0]!);
    // Where clocks went back, a message is as late as those that it comes behind.
    let latestMs = 0;
    for (const { messages } of batches)
      if (untilMs === Infinity) live += messages.length;
      else
        for (const { timestampMs } of messages) {
          latestMs = Math.max(latestMs, timestampMs);
          if (latestMs <= untilMs) times.push(latestMs);
          else beyondMs = Math.min(beyondMs, latestMs);
        }
  }
  times.sort((one, other) => one - other);
  const fitting = Math.max(1, room - live);
  const all = times.length <= fitting;
  if (all && beyondMs < Infinity) times.push(beyondMs);
  const cutMs = beforeLongestPause(times.slice(0, fitting + 1)) ?? (all ? Infinity : undefined);
  if (cutMs === undefined) return live > 0 ? horizonMs : undefined;
  return (of) => {
    const untilMs = horizonMs(of);
    return untilMs === Infinity ? Infinity : Math.min(untilMs, cutMs);
  };
}

/** The time before the longest pause in the later half of some times, which ascend, or before the last one; undefined where there is none. */
function beforeLongestPause(times: readonly number[]): number | undefined {
  let before: number | undefined;
  let longest = 0;
  for (let at = times.length - 1; at >= times.length / 2 || (at > 0 && longest === 0); at -= 1) {
    const pause = times[at]! - times[at - 1]!;
    if (pause > longest) [longest, before] = [pause, times[at - 1]!];
  }
  return before;
}

function countThatFits(
  { messages, size }: Waiting,
  { room, untilMs, isFirst }: { room: Amount; untilMs: number; isFirst: boolean },
): number {
  if (untilMs === Infinity && size.messages <= room.messages && size.bytes <= room.bytes) return size.messages;
  let bytes = 0;
  let count = 0;
  for (const message of messages) {
    bytes += bytesOf(message);
    if (message.timestampMs > untilMs) break;
    if (count >= room.messages || (bytes > room.bytes && !(isFirst && count === 0))) break;
    count += 1;
  }
  return count;
}
