import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partitionsByNode } from './straight-fetch.ts';

const kafkajs = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: { findReadReplicaForPartitions: typeof partitionsByNode };
};

/** What a broker may say of a topic's partitions, and which of them are assigned. */
const worlds = fc
  .record({
    leaders: fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { freq: 20 }), { maxLength: 14 }),
    assigned: fc.uniqueArray(fc.integer({ min: 0, max: 16 })),
    preferred: fc.dictionary(
      fc.integer({ min: 0, max: 14 }).map(String),
      fc.record({ nodeId: fc.integer({ min: 0, max: 3 }), expireAt: fc.constant(Infinity) }),
      { maxKeys: 2 },
    ),
  })
  .map(({ leaders, assigned, preferred }) => ({
    assigned,
    group: {
      cluster: {
        findTopicPartitionMetadata: () =>
          leaders.map((leader, partitionId) => ({ partitionId, leader, offlineReplicas: [] })),
      },
      preferredReadReplicasPerTopicPartition: { topic: preferred },
    },
  }));

type World = typeof worlds extends fc.Arbitrary<infer Made> ? Made : never;

function answerOf(find: typeof partitionsByNode, { group, assigned }: World): unknown {
  try {
    return find.call(group, 'topic', assigned);
  } catch (error) {
    return (error as Error).name;
  }
}

describe('the partitions that each broker is asked for', () => {
  it('are those that kafkajs would ask it for', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const expected = answerOf(kafkajs.prototype.findReadReplicaForPartitions, world);
        expect(answerOf(partitionsByNode, world)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
