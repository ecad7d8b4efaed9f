import { describe, expect, it } from '@jest/globals';
import { laneOf, murmur2 } from './lane-of.ts';

describe('the lane of a subject', () => {
  // From Kafka's own UtilsTest.testMurmur2; the last ones cover each length modulo four.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
    ['', 275646681],
  ])('hashes %j as Java does', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('is the positive hash modulo the lanes', () => {
    expect(laneOf('340204199001011234', 12)).toBe(1347985108 % 12);
    expect(laneOf('foobar', 12)).toBe((-790332482 & 0x7fffffff) % 12);
  });
});
