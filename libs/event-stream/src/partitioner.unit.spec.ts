import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { keepingPartitioner, type PlacedMessage } from './partitioner.ts';

const theirs = kafkajs.Partitioners.DefaultPartitioner();
const ours = keepingPartitioner();
const key = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

describe('the partitioner', () => {
  it('places every message as kafkajs does, and keeps where', () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 50 }), fc.option(fc.nat(49)), (key, count, asked) => {
        const message: PlacedMessage = { key, value: 'a', ...(asked === null ? {} : { partition: asked }) };
        const partitionMetadata = Array.from(
          { length: count },
          (_, partitionId) => ({ partitionId, leader: 1 }) as never,
        );
        const args = { topic: 'a', partitionMetadata, message };
        const placed = theirs(args);
        expect(ours(args)).toBe(placed);
        expect(message.placed).toBe(placed);
      }),
      { numRuns: 1_000 },
    );
  });

  it('spreads messages without a key', () => {
    const partitionMetadata = [0, 1, 2].map((partitionId) => ({ partitionId, leader: 1 }) as never);
    const placed = [1, 2, 3].map(() => ours({ topic: 'a', partitionMetadata, message: { value: 'a' } }));
    expect(placed.toSorted()).toEqual([0, 1, 2]);
  });
});
