import type { Batch, PartitionAssigner } from 'kafkajs';
import { createRequire } from 'node:module';

/** What kafkajs keeps of a consumer in its group, as far as whoever takes its batches needs it. */
export interface FetchingGroup {
  /** Throws when the group is rebalancing, which is to be thrown on. */
  heartbeat(options: { readonly interval: number }): Promise<void>;
  /** The next fetch goes on behind this offset. */
  resolveOffset(place: { readonly topic: string; readonly partition: number; readonly offset: string }): void;
}

/** Takes all that one fetch brought; the next fetch from that broker waits for it. */
export type TakeBatches = (batches: readonly Batch[], group: FetchingGroup) => Promise<void>;

interface ConsumerGroup extends FetchingGroup {
  readonly assigners: readonly object[];
  readonly cluster: {
    findTopicPartitionMetadata(
      topic: string,
    ): readonly { readonly partitionId: number; readonly leader: number | null }[];
  };
  readonly preferredReadReplicasPerTopicPartition: Readonly<Record<string, object>>;
  fetch(nodeId: number): Promise<Batch[]>;
  findReadReplicaForPartitions(
    topic: string,
    partitions: readonly number[],
  ): Readonly<Record<number, readonly number[]>>;
}

// Private to kafkajs, whose version is pinned.
const { prototype: group } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: ConsumerGroup;
};
const { fetch, findReadReplicaForPartitions } = group;

/** By one of its assigners, which are its own, kafkajs's part of a consumer is known. */
const takers = new WeakMap<object, TakeBatches>();

async function fetchStraight(this: ConsumerGroup, nodeId: number): Promise<Batch[]> {
  const batches = await fetch.call(this, nodeId);
  const take = this.assigners.map((assigner) => takers.get(assigner)).find((found) => found !== undefined);
  if (!take) return batches;
  await take(batches, this);
  return [];
}

/** As kafkajs has it, which copies the whole list for each partition that it adds, in every fetch. */
export function partitionsByNode(
  this: Pick<ConsumerGroup, 'cluster' | 'preferredReadReplicasPerTopicPartition'>,
  topic: string,
  partitions: readonly number[],
): Readonly<Record<number, readonly number[]>> {
  const leaderOf = new Map(
    this.cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, leader]),
  );
  const isPlain =
    partitions.every((partition) => typeof leaderOf.get(partition) === 'number') &&
    Object.keys(this.preferredReadReplicasPerTopicPartition[topic] ?? {}).length === 0;
  if (!isPlain) return findReadReplicaForPartitions.call(this as ConsumerGroup, topic, partitions);
  const byNode: Record<number, number[]> = {};
  for (const partition of partitions) (byNode[leaderOf.get(partition)!] ??= []).push(partition);
  return byNode;
}

/**
 * An assigner for a consumer whose batches all go to `take`, as they were fetched, and none to its `eachBatch`: kafkajs makes of each batch a
 * turn of a worker, a dozen promises and two heartbeats, twenty times a fetch and a hundred fetches a second.
 */
export function straightTo(take: TakeBatches, assigner: PartitionAssigner): PartitionAssigner {
  group.fetch = fetchStraight;
  group.findReadReplicaForPartitions = partitionsByNode;
  return (config) => {
    const made = assigner(config);
    takers.set(made, take);
    return made;
  };
}
