import { describe, expect, it } from '@jest/globals';
import { remember, type LagMemory } from './lag-memory.ts';

/** Looks at seconds 0, 5, 10 and so on. */
const after = (...looks: [nextOffset: number | undefined, end: number | undefined][]): LagMemory =>
  looks.reduce<LagMemory | undefined>(
    (memory, [nextOffset, end], at) => remember(memory, { nextOffset, end, atMs: at * 5_000 }),
    undefined,
  )!;

describe('the memory of a lane', () => {
  it.each([
    ['nothing waits', [[10, 10]], undefined],
    ['records wait at the first look', [[10, 12]], 0],
    [
      'records have waited since the first look',
      [
        [10, 12],
        [10, 15],
        [10, 15],
      ],
      0,
    ],
    [
      'an idle lane gets its first record after an hour',
      [
        [10, 10],
        [10, 10],
        [10, 11],
      ],
      10_000,
    ],
    [
      'the lane moves, though records always wait',
      [
        [10, 12],
        [11, 13],
        [12, 14],
      ],
      10_000,
    ],
    [
      'the lane caught up and then stands again',
      [
        [10, 12],
        [12, 12],
        [12, 13],
      ],
      10_000,
    ],
    [
      'a lane never consumed the topic, which holds records',
      [
        [undefined, 3],
        [undefined, 3],
      ],
      0,
    ],
    [
      'the broker cannot be asked while the lane is stuck',
      [
        [10, 12],
        [10, undefined],
        [10, 12],
      ],
      0,
    ],
    [
      'the broker cannot be asked and nothing waited before',
      [
        [10, 10],
        [10, undefined],
      ],
      undefined,
    ],
  ] as [string, [number | undefined, number | undefined][], number | undefined][])('%s', (_, looks, stuckSinceMs) => {
    expect(after(...looks).stuckSinceMs).toBe(stuckSinceMs);
  });

  it('keeps the furthest offset when the lane goes back', () => {
    expect(after([100, 100], [40, 100])).toMatchObject({ nextOffset: 40, furthestOffset: 100 });
  });

  it.each<[string, readonly [number, number][], number | undefined]>([
    [
      'nobody has written more than may be read',
      [
        [10, 10],
        [10, 10],
      ],
      undefined,
    ],
    [
      'more is written, and may be read at the next look',
      [
        [10, 12],
        [12, 12],
      ],
      undefined,
    ],
    [
      'more is written all the time, and may be read a moment later',
      [
        [10, 12],
        [12, 15],
      ],
      5_000,
    ],
    [
      'a transaction is open',
      [
        [10, 12],
        [10, 40],
      ],
      0,
    ],
  ])('of what may not be read yet: %s', (_, looks, since) => {
    const memory = looks.reduce<LagMemory | undefined>(
      (before, [end, written], at) => remember(before, { nextOffset: 10, end, written, atMs: at * 5_000 }),
      undefined,
    );
    expect(memory?.blockedSinceMs).toBe(since);
  });
});
