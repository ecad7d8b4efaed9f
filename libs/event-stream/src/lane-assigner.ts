import kafkajs, { type PartitionAssigner } from 'kafkajs';

const { AssignerProtocol } = kafkajs;

/** The name under which members of a consumer group agree on {@link laneAssigner}. */
const laneAssignerName = 'HuitongLanes';

/**
 * Gives partition p of every topic to the same member, since p is a lane and a lane has one writer. Members are taken in
 * order of their ids and lanes dealt out in turn, so that any leader comes to the same plan.
 */
export const laneAssigner: PartitionAssigner = ({ cluster }) => ({
  name: laneAssignerName,
  version: 1,
  async assign({ members, topics }) {
    const memberIds = members.map(({ memberId }) => memberId).toSorted();
    const plan = new Map(memberIds.map((memberId): [string, Record<string, number[]>] => [memberId, {}]));
    for (const topic of topics)
      for (const { partitionId } of cluster.findTopicPartitionMetadata(topic)) {
        const assignment = plan.get(memberIds[partitionId % memberIds.length]!)!;
        (assignment[topic] ??= []).push(partitionId);
      }
    return [...plan].map(([memberId, assignment]) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment,
        userData: Buffer.alloc(0),
      }),
    }));
  },
  protocol: ({ topics }) => ({
    name: laneAssignerName,
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
});
