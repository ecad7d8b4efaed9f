import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LaneBuffer, type FetchedMessage, type LaneBatch } from './lane-buffer.ts';

const message = (offset: number, bytes = 10, timestampMs = 0): FetchedMessage => ({
  offset,
  timestampMs,
  key: null,
  value: Buffer.alloc(bytes),
  headers: () => ({}),
});
const batch = (lane: number, topic: string, ...messages: FetchedMessage[]): LaneBatch => ({ lane, topic, messages });
const much = { messages: 1_000, bytes: 1_000_000 };
const offsetsOf = (batches: readonly LaneBatch[]): string[] =>
  batches.flatMap(({ lane, topic, messages }) => messages.map(({ offset }) => `${topic}/${lane}/${offset}`));

describe('the lane buffer', () => {
  it('hands over in one chunk what comes in one go', async () => {
    const buffer = new LaneBuffer(much);
    const taken = buffer.take(much);
    for (const lane of [0, 1, 2]) {
      await Promise.resolve();
      buffer.add(batch(lane, 'a', message(7)));
    }
    expect(offsetsOf((await taken)!.batches)).toEqual(['a/0/7', 'a/1/7', 'a/2/7']);
  });

  it('gives no lane to two takers', async () => {
    const buffer = new LaneBuffer(much);
    buffer.add(batch(0, 'a', message(0), message(1)));
    buffer.add(batch(1, 'a', message(0)));
    const first = (await buffer.take({ messages: 1, bytes: 1_000 }))!;
    expect(offsetsOf(first.batches)).toEqual(['a/0/0']);
    const second = (await buffer.take(much))!;
    expect(offsetsOf(second.batches)).toEqual(['a/1/0']);
    first.release();
    expect(offsetsOf((await buffer.take(much))!.batches)).toEqual(['a/0/1']);
  });

  it('takes a message that is larger than a chunk as a chunk of its own', async () => {
    const buffer = new LaneBuffer(much);
    buffer.add(batch(0, 'a', message(0, 500), message(1), message(2)));
    const chunk = async (): Promise<string[]> => {
      const taken = (await buffer.take({ messages: 10, bytes: 100 }))!;
      taken.release();
      return offsetsOf(taken.batches);
    };
    expect(await chunk()).toEqual(['a/0/0']);
    expect(await chunk()).toEqual(['a/0/1', 'a/0/2']);
  });

  it('has no room beyond its messages or bytes', async () => {
    const few = new LaneBuffer({ messages: 2, bytes: 1_000 });
    few.add(batch(0, 'a', message(0), message(1)));
    expect(await few.hasRoom(1)).toBe(false);
    const small = new LaneBuffer({ messages: 1_000, bytes: 100 });
    small.add(batch(0, 'a', message(0, 100)));
    expect(await small.hasRoom(1)).toBe(false);
    (await small.take(much))!.release();
    expect(await small.hasRoom(1)).toBe(true);
  });

  it('takes of the lanes that have waited longest what was made at one time, and the rest where nothing else is left', async () => {
    const horizons = new Map([
      ['a', 20],
      ['b', 20],
    ]);
    const buffer = new LaneBuffer(much, ({ topic }) => horizons.get(topic) ?? Infinity);
    buffer.add(batch(0, 'a', message(0, 10, 10), message(1, 10, 20), message(2, 10, 30)));
    buffer.add(batch(1, 'a', message(0, 10, 10), message(1, 10, 20)));
    buffer.add(batch(0, 'b', message(0, 10, 10), message(1, 10, 20), message(2, 10, 30)));
    buffer.add(batch(0, 'c', message(0, 10, 99)));
    const take = async (messages: number): Promise<string[]> => {
      const taken = (await buffer.take({ messages, bytes: 1_000 }))!;
      taken.release();
      return offsetsOf(taken.batches);
    };
    // Cut at one time where not all fit.
    expect(await take(3)).toEqual(['a/0/0', 'b/0/0', 'c/0/0']);
    expect(await take(9)).toEqual(['a/1/0', 'a/1/1', 'a/0/1', 'b/0/1']);
    expect(await take(9)).toEqual(['a/0/2', 'b/0/2']);
  });

  it('cuts a lane that is behind in the longest pause of the later half of what fits', async () => {
    const buffer = new LaneBuffer(much, () => 50);
    const times = [10, 11, 12, 31, 32, 33, 35, 51].map((time, at) => message(at, 10, time));
    buffer.add(batch(0, 'a', ...times));
    buffer.add(batch(0, 'b', message(0, 10, 13), message(1, 10, 34)));
    const take = async (messages: number): Promise<string> => {
      const taken = (await buffer.take({ messages, bytes: 1_000 }))!;
      taken.release();
      return offsetsOf(taken.batches).join(' ');
    };
    expect(await take(7)).toBe('a/0/0 a/0/1 a/0/2 b/0/0');
    // The next message lies beyond the horizon, and so does the longest pause.
    expect(await take(9)).toBe('a/0/3 a/0/4 a/0/5 a/0/6 b/0/1');
    expect(await take(9)).toBe('a/0/7');
  });

  it('takes something where the clock of a producer that is behind went back', async () => {
    const buffer = new LaneBuffer(much, () => 200);
    buffer.add(batch(0, 'a', ...[100, 1, 2, 3, 4, 5, 6].map((time, at) => message(at, 10, time))));
    buffer.add(batch(0, 'b', message(0, 10, 90)));
    buffer.add(batch(1, 'b', message(0, 10, 150)));
    const { batches } = (await buffer.take({ messages: 20, bytes: 1_000 }))!;
    expect(offsetsOf(batches)).toContain('b/0/0');
  });

  it('keeps every lane and topic in order and loses nothing, within its limits', async () => {
    const sizes = fc.array(
      fc.record({ lane: fc.nat(3), topic: fc.constantFrom('a', 'b'), bytes: fc.array(fc.nat(60)) }),
    );
    const times = fc.record({
      horizons: fc.dictionary(fc.constantFrom('a0', 'a1', 'b0', 'b1'), fc.nat(9)),
      made: fc.infiniteStream(fc.nat(12)),
    });
    const limits = fc.record({ messages: fc.integer({ min: 1, max: 9 }), bytes: fc.integer({ min: 1, max: 200 }) });
    await fc.assert(
      fc.asyncProperty(sizes, limits, times, async (added, max, { horizons, made }) => {
        const buffer = new LaneBuffer(much, ({ topic, lane }) => horizons[`${topic}${lane}`] ?? Infinity);
        const next = new Map<string, number>();
        const all: string[] = [];
        for (const { lane, topic, bytes } of added) {
          const from = next.get(`${topic}/${lane}`) ?? 0;
          next.set(`${topic}/${lane}`, from + bytes.length);
          const mine = batch(lane, topic, ...bytes.map((size, at) => message(from + at, size, made.next().value)));
          if (bytes.length > 0) buffer.add(mine);
          all.push(...offsetsOf([mine]));
        }
        const taken: string[] = [];
        while (buffer.size.messages > 0) {
          const chunk = (await buffer.take(max))!;
          const bytes = chunk.batches.flatMap(({ messages }) => messages.map(({ value }) => value!.length));
          expect(bytes.length).toBeLessThanOrEqual(max.messages);
          if (bytes.length > 1) expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(max.bytes);
          taken.push(...offsetsOf(chunk.batches));
          chunk.release();
        }
        const inOrder = (offsets: string[]): Map<string, string[]> =>
          Map.groupBy(offsets, (each) => each.slice(0, each.lastIndexOf('/')));
        expect(inOrder(taken)).toEqual(inOrder(all));
        expect(buffer.size).toEqual({ messages: 0, bytes: 0 });
      }),
    );
  });
});
