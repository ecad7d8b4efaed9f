import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredMessage } from './topic-reader.ts';
import { TopicScan, type ScanOrder, type ScanPartition } from './topic-scan.ts';

/** What a partition still holds: each offset is there or was taken, and the broker's time never goes back. */
interface Log {
  readonly begin: number;
  readonly steps: readonly { readonly isThere: boolean; readonly laterMs: number; readonly bytes: number }[];
}

const log: fc.Arbitrary<Log> = fc.record({
  begin: fc.nat(50),
  steps: fc.array(
    fc.record({
      isThere: fc.boolean(),
      laterMs: fc.nat(3),
      bytes: fc.constantFrom(10, 10, 10, 10, 400_000),
    }),
    { maxLength: 60 },
  ),
});

function messagesOf(partition: number, { begin, steps }: Log): StoredMessage[] {
  let timestampMs = 0;
  return steps.flatMap(({ isThere, laterMs, bytes }, at) => {
    timestampMs += laterMs;
    const value = { length: bytes } as Buffer;
    return isThere ? [{ partition, offset: begin + at, timestampMs, key: null, value, headers: () => ({}) }] : [];
  });
}

const places = (messages: readonly StoredMessage[]): string[] =>
  messages.map(({ partition, offset }) => `${partition}/${offset}`);

describe('a scan of a topic', () => {
  it('gives every message once, in the order of time, however often one stops and goes on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(log, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<ScanOrder>('newest', 'oldest'),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }),
        async (logs, order, pages) => {
          const all = logs.flatMap((one, partition) => messagesOf(partition, one));
          const read = ({ partition, from, before }: { partition: number; from: number; before: number }) =>
            Promise.resolve(
              all.filter((one) => one.partition === partition && one.offset >= from && one.offset < before),
            );
          let edges: ScanPartition[] = logs.map(({ begin, steps }, partition) => {
            const end = begin + steps.length;
            return { partition, begin, end, edge: order === 'newest' ? end : begin };
          });
          const given: StoredMessage[] = [];
          for (const page of [...pages, Infinity]) {
            const scan = new TopicScan(read, edges, order);
            for (let left = page; left > 0; left -= 1) {
              const message = await scan.next();
              if (!message) break;
              given.push(message);
            }
            edges = edges.map((one, at) => ({ ...one, ...scan.edges[at]! }));
          }
          const sign = order === 'newest' ? -1 : 1;
          const times = given.map(({ timestampMs }) => timestampMs);
          expect(times).toEqual(times.toSorted((a, b) => sign * (a - b)));
          expect(places(given).toSorted()).toEqual(places(all).toSorted());
          for (const partition of logs.keys()) {
            const offsets = given.filter((one) => one.partition === partition).map(({ offset }) => offset);
            expect(offsets).toEqual(offsets.toSorted((a, b) => sign * (a - b)));
          }
          expect(edges.map(({ edge }) => edge)).toEqual(edges.map((one) => (order === 'newest' ? one.begin : one.end)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads no further than it is looked at, and less at a time where messages are long', async () => {
    const ranges: string[] = [];
    const read = ({ partition, from, before }: { partition: number; from: number; before: number }) => {
      ranges.push(`${from}-${before}`);
      return Promise.resolve(
        Array.from({ length: before - from }, (_, at) => ({
          ...{ partition, offset: from + at, timestampMs: from + at, key: null, headers: () => ({}) },
          value: { length: 40_000 } as Buffer,
        })),
      );
    };
    const scan = new TopicScan(read, [{ partition: 0, begin: 0, end: 10_000, edge: 10_000 }], 'newest');
    for (let given = 0; given < 40; given += 1) await scan.next();
    expect(ranges).toEqual(['9984-10000', '9976-9984', '9960-9976']);
    expect(scan.edges).toEqual([{ partition: 0, edge: 9_960 }]);
  });
});
