import kafkajs, { type Admin } from 'kafkajs';

const { AssignerProtocol } = kafkajs;

/** A consumer group as the brokers know it. */
export interface ConsumerGroup {
  readonly groupId: string;
  /** As Kafka names it: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead. */
  readonly state: string;
  readonly members: number;
  /** The topics that its members have been given, or that it has committed an offset of. */
  readonly topics: readonly string[];
  /** The next offset of each partition that it has committed, by topic. */
  readonly committed: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** All groups by name. A group that is deleted meanwhile is left out. */
export async function allGroups(admin: Admin): Promise<ConsumerGroup[]> {
  const ids = (await admin.listGroups()).groups.map(({ groupId }) => groupId).toSorted();
  const described = ids.length > 0 ? (await admin.describeGroups(ids)).groups : [];
  return Promise.all(
    described.map(async ({ groupId, state, members }) => {
      const offsets = await admin.fetchOffsets({ groupId });
      const committed = new Map(
        offsets.map(({ topic, partitions }) => {
          const known = partitions.filter(({ offset }) => Number(offset) >= 0);
          return [topic, new Map(known.map(({ partition, offset }) => [partition, Number(offset)]))];
        }),
      );
      const topics = [...new Set([...committed.keys(), ...members.flatMap(assignedTo)])];
      return { groupId, state, members: members.length, topics, committed };
    }),
  );
}

const assignedTo = ({ memberAssignment }: { memberAssignment: Buffer }): string[] =>
  Object.keys(AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {});

/** The names of the groups that read a topic. */
export async function groupsOf(admin: Admin, topic: string): Promise<string[]> {
  return (await allGroups(admin)).filter(({ topics }) => topics.includes(topic)).map(({ groupId }) => groupId);
}
