import type { ConsumerGroup, TopicAdmin, TopicReader } from '@huitong/event-stream';
import { remember, type LagMemory } from './lag-memory.ts';
import { evaluateLag, lagVerdicts, type LagVerdict, type LanePosition } from './lag-verdict.ts';
import { instantOf, secondsOf } from './lag-watch.ts';

/** What a {@link GroupWatch} asks the brokers. */
export interface GroupBrokers {
  readonly admin: Pick<TopicAdmin, 'groups' | 'edges' | 'highWatermarks'>;
  readonly reader: Pick<TopicReader, 'read'>;
}

/** How a consumer group of anybody's stands in one topic, by what it has committed to Kafka; null is not known. */
export interface GroupRow {
  readonly groupId: string;
  readonly topic: string;
  /** As Kafka names it. */
  readonly state: string;
  readonly members: number;
  readonly records: number | null;
  /** The age of the oldest message that waits, by the broker's clock; 0 where none does. */
  readonly seconds: number | null;
  readonly asOf: string | null;
  readonly verdict: LagVerdict;
}

/** All who ask within this time share one look, in milliseconds. */
const freshMs = 1_000;

/**
 * Watches every consumer group on the brokers, whoever runs it, by the rules that the lanes are judged by. What a group has
 * committed is what it says of itself: for our own sync services PostgreSQL is the truth, and this a courtesy.
 */
export class GroupWatch {
  readonly #brokers: GroupBrokers;
  #memory: ReadonlyMap<string, LagMemory> = new Map();
  #latest: { readonly atMs: number; readonly rows: Promise<GroupRow[]> } | undefined;

  constructor(brokers: GroupBrokers) {
    this.#brokers = brokers;
  }

  /** A row for each group and topic that it reads, worst first. Throws BROKER_UNAVAILABLE. */
  report(): Promise<GroupRow[]> {
    if (!this.#latest || Date.now() - this.#latest.atMs > freshMs)
      this.#latest = { atMs: Date.now(), rows: this.#look() };
    return this.#latest.rows;
  }

  async #look(): Promise<GroupRow[]> {
    const { admin } = this.#brokers;
    // Committed offsets first, ends second, or lag would come out negative.
    const groups = await admin.groups();
    const topics = [...new Set(groups.flatMap((group) => group.topics))];
    const { ends, beginnings } = await admin.edges(topics);
    const written = await admin.highWatermarks([...ends.keys()]);
    const look = { ends, beginnings, written, nowMs: Date.now(), memory: new Map<string, LagMemory>() };
    const rows = await Promise.all(
      groups.flatMap((group) => group.topics.map((topic) => this.#rowOf(group, topic, look))),
    );
    this.#memory = look.memory;
    return rows.toSorted((a, b) => lagVerdicts.indexOf(a.verdict) - lagVerdicts.indexOf(b.verdict));
  }

  async #rowOf(group: ConsumerGroup, topic: string, look: Look): Promise<GroupRow> {
    const { groupId, state, members } = group;
    const partitions = look.ends.get(topic) ?? [];
    const positions = await Promise.all(
      partitions.map((_, partition) => this.#positionOf(group, { topic, partition }, look)),
    );
    const reading = evaluateLag(positions, look.nowMs);
    return {
      ...{ groupId, topic, state, members },
      verdict: reading.verdict,
      records: reading.records ?? null,
      seconds: secondsOf(reading),
      asOf: instantOf(reading.asOfMs),
    };
  }

  async #positionOf(
    { groupId, members, committed }: ConsumerGroup,
    { topic, partition }: { topic: string; partition: number },
    { ends, beginnings, written, nowMs, memory }: Look,
  ): Promise<LanePosition> {
    const nextOffset = committed.get(topic)?.get(partition);
    const [end, beginning] = [ends.get(topic)![partition]!, beginnings.get(topic)?.[partition] ?? 0];
    const key = JSON.stringify([groupId, topic, partition]);
    const seen = { nextOffset, end, written: written.get(topic)?.[partition], atMs: nowMs };
    const remembered = remember(this.#memory.get(key), seen);
    memory.set(key, remembered);
    const from = Math.max(nextOffset ?? 0, beginning);
    const range = { partition, from, before: from + 1 };
    const oldest = end > from ? (await this.#brokers.reader.read(topic, range))[0] : undefined;
    return {
      ...{ lane: partition, nextOffset, beginning, end },
      asOfMs: end > from ? oldest?.timestampMs : nowMs,
      // Members that are there work on something; without any, nobody does.
      updatedAtMs: members > 0 ? nowMs : 0,
      stuckSinceMs: remembered.stuckSinceMs,
      furthestOffset: remembered.furthestOffset,
      blockedSinceMs: remembered.blockedSinceMs,
    };
  }
}

/** What the brokers hold at one moment, and what is remembered of it. */
interface Look {
  readonly ends: ReadonlyMap<string, readonly number[]>;
  readonly beginnings: ReadonlyMap<string, readonly number[]>;
  readonly written: ReadonlyMap<string, readonly number[]>;
  readonly nowMs: number;
  readonly memory: Map<string, LagMemory>;
}
