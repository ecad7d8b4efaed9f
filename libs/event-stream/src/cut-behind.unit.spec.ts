import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutBehind } from './cut-behind.ts';
import type { FetchedMessage, LaneBatch } from './lane-buffer.ts';

const isMark = ({ key }: FetchedMessage): boolean => key === null;

/** Batches of three topic lanes whose messages are marks where true, numbered on through all batches of a topic lane. */
function batchesOf(shape: readonly { at: number; marks: readonly boolean[] }[]): LaneBatch[] {
  const next = [0, 0, 0];
  return shape.map(({ at, marks }) => ({
    topic: at === 2 ? 'b' : 'a',
    lane: at % 2,
    messages: marks.map((mark) => ({
      offset: next[at]!++,
      timestampMs: 0,
      key: mark ? null : Buffer.from('x'),
      value: null,
      headers: () => ({}),
    })),
  }));
}

const flat = (batches: readonly LaneBatch[]): string[] =>
  batches.flatMap(({ topic, lane, messages }) => messages.map(({ offset }) => `${topic}/${lane}/${offset}`));

describe('a chunk that is cut behind its marks', () => {
  it('stops each lane of a topic behind its first marks and leaves the others whole', () => {
    const batches = batchesOf([
      { at: 0, marks: [false, true, true, false] },
      { at: 1, marks: [false, false] },
      { at: 0, marks: [false] },
    ]);
    const { now, rest, marks } = cutBehind(batches, isMark);
    expect(flat(now)).toEqual(['a/0/0', 'a/0/1', 'a/0/2', 'a/1/0', 'a/1/1']);
    expect(flat(rest)).toEqual(['a/0/3', 'a/0/4']);
    expect(marks).toEqual([{ topic: 'a', lane: 0, from: 1, offset: 2 }]);
  });

  it('loses, doubles and reorders nothing, and stands right behind every mark once, whatever the batches', () => {
    const shape = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 2 }), marks: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(shape, (some) => {
        const batches = batchesOf(some);
        const order = new Map<string, number>();
        const standing: string[] = [];
        for (let left = batches; left.length > 0;) {
          const { now, rest, marks } = cutBehind(left, isMark);
          expect(now.length).toBeGreaterThan(0);
          for (const { topic, lane, messages } of now)
            for (const { offset } of messages) {
              expect(offset).toBe(order.get(`${topic}/${lane}`) ?? 0);
              order.set(`${topic}/${lane}`, offset + 1);
            }
          for (const { topic, lane, from, offset } of marks) {
            expect(order.get(`${topic}/${lane}`)).toBe(offset + 1);
            for (let at = from; at <= offset; at += 1) standing.push(`${topic}/${lane}/${at}`);
          }
          left = rest;
        }
        const all = batches.flatMap(({ topic, lane, messages }) =>
          messages.filter(isMark).map(({ offset }) => `${topic}/${lane}/${offset}`),
        );
        expect(standing.sort()).toEqual(all.sort());
        expect([...order.values()].reduce((sum, count) => sum + count, 0)).toBe(flat(batches).length);
      }),
    );
  });
});
