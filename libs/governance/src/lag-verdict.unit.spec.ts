import { describe, expect, it } from '@jest/globals';
import { evaluateLag, lagSentences, lagVerdicts, worst, type LagReading, type LanePosition } from './lag-verdict.ts';
import { appliedPerSecond, trendOf } from './lag-trend.ts';

const now = Date.parse('2017-01-05T08:00:00Z');
const ago = (seconds: number) => now - seconds * 1_000;

const lane = (position: Partial<LanePosition>): LanePosition => ({
  lane: 0,
  nextOffset: 100,
  beginning: 0,
  end: 100,
  asOfMs: ago(2),
  updatedAtMs: ago(2),
  stuckSinceMs: undefined,
  furthestOffset: 100,
  ...position,
});

// This table is the proof that the evaluator is right: each row one situation, and all that is said of it.
const situations: [string, LanePosition[], Partial<LagReading>][] = [
  ['nothing waits and the source was heard 2 s ago', [lane({})], { verdict: 'OK', records: 0, seconds: 0 }],
  [
    'nothing waits and the source was heard 10 s ago, just in time',
    [lane({ asOfMs: ago(10) })],
    { verdict: 'OK', records: 0, seconds: 0 },
  ],
  [
    'nothing waits, but the source has been silent for 11 s',
    [lane({ asOfMs: ago(11) })],
    { verdict: 'SILENT', records: 0, seconds: 11 },
  ],
  [
    'one lane was heard long ago, another just now: the source is alive',
    [lane({ asOfMs: ago(600) }), lane({ lane: 1 })],
    { verdict: 'OK', records: 0, seconds: 0, asOfMs: ago(600) },
  ],
  [
    'records have just come',
    [lane({ end: 130 }), lane({ lane: 1 })],
    { verdict: 'OK', records: 30, seconds: 2, asOfMs: ago(2) },
  ],
  [
    'a heartbeat has just come, 5 s after the one before it',
    [lane({ end: 101, asOfMs: ago(5.5) }), lane({ lane: 1 })],
    { verdict: 'OK', records: 1, seconds: 5.5, asOfMs: ago(5.5) },
  ],
  [
    'records wait in a lane that is 90 s behind',
    [lane({ end: 130, asOfMs: ago(90) }), lane({ lane: 1 })],
    { verdict: 'WARN', records: 30, seconds: 90, asOfMs: ago(90) },
  ],
  [
    'the source recorded its newest event in our future',
    [lane({ end: 101, asOfMs: ago(-30) })],
    { verdict: 'OK', records: 1, seconds: 0 },
  ],
  [
    'records wait, and nobody has advanced the lane since',
    [lane({ end: 130, stuckSinceMs: ago(7), updatedAtMs: ago(40) })],
    { verdict: 'STOP', records: 30, seconds: 2 },
  ],
  [
    'records wait, and the owner advances the lane in other topics only',
    [lane({ end: 130, stuckSinceMs: ago(7), updatedAtMs: ago(1) })],
    { verdict: 'STALL', records: 30 },
  ],
  [
    'records have waited untouched for 6 s, not yet long enough',
    [lane({ end: 130, stuckSinceMs: ago(6), updatedAtMs: ago(3600) })],
    { verdict: 'OK', records: 30 },
  ],
  [
    'the lane went back, as after a restore, and works its way up again',
    [lane({ nextOffset: 40, furthestOffset: 100 })],
    { verdict: 'REWIND', records: 60 },
  ],
  [
    'retention removed what had not been applied: only what is left is counted',
    [lane({ nextOffset: 100, beginning: 150, end: 160 })],
    { verdict: 'DATA_LOST', records: 10 },
  ],
  [
    'the position lies beyond the end of a log that was asked for later: the topic was made anew',
    [lane({ nextOffset: 100, end: 3, updatedAtMs: ago(10), brokerAskedAtMs: ago(5) })],
    { verdict: 'DATA_LOST', records: 0 },
  ],
  [
    'the owner found the next events gone, however well the log has grown since',
    [lane({ end: 130, isLost: true, stuckSinceMs: ago(60), updatedAtMs: ago(1) })],
    { verdict: 'DATA_LOST', records: 30 },
  ],
  [
    'the owner found the next events gone, and the broker is away',
    [lane({ beginning: undefined, end: undefined, isLost: true })],
    { verdict: 'DATA_LOST', records: undefined },
  ],
  [
    'the position lies beyond an end that was asked for earlier: the lane has moved on since',
    [lane({ nextOffset: 100, end: 90, updatedAtMs: ago(1), brokerAskedAtMs: ago(5) })],
    { verdict: 'OK', records: 0 },
  ],
  [
    'retention removed it and nothing is left',
    [lane({ nextOffset: 100, beginning: 160, end: 160 })],
    { verdict: 'DATA_LOST', records: 0 },
  ],
  [
    'the lane never consumed the topic, which holds records',
    [lane({ nextOffset: undefined, beginning: 5, end: 30, asOfMs: undefined })],
    { verdict: 'UNKNOWN', records: 25, seconds: undefined },
  ],
  [
    'the topic never held anything',
    [lane({ nextOffset: undefined, end: 0, asOfMs: undefined })],
    { verdict: 'UNKNOWN', records: 0, seconds: undefined, everHeard: false },
  ],
  [
    'the broker cannot be asked: what is applied is known all the same',
    [lane({ beginning: undefined, end: undefined })],
    { verdict: 'UNKNOWN', records: undefined, seconds: undefined, asOfMs: ago(2), everHeard: true },
  ],
  ['there are no lanes yet', [], { verdict: 'UNKNOWN', records: undefined, asOfMs: undefined, everHeard: false }],
  [
    'the end was read before a commit that we already see: never negative',
    [lane({ nextOffset: 105, furthestOffset: 105 })],
    { verdict: 'OK', records: 0, seconds: 0 },
  ],
  [
    'another has claimed the lane, and the member that Kafka chose was refused',
    [lane({ end: 130, isFenced: true, stuckSinceMs: ago(60), updatedAtMs: ago(60) })],
    { verdict: 'FENCED', records: 30 },
  ],
  [
    'the member that Kafka chose was refused, and the broker is away',
    [lane({ beginning: undefined, end: undefined, isFenced: true })],
    { verdict: 'FENCED', records: undefined },
  ],
  [
    'all that may be read is applied, and a transaction has been open for 7 s',
    [lane({ blockedSinceMs: ago(7) })],
    { verdict: 'BLOCKED', records: 0 },
  ],
  [
    'a transaction has been open for 6 s, as a slow one may be',
    [lane({ blockedSinceMs: ago(6) })],
    { verdict: 'OK', records: 0 },
  ],
  [
    'all is applied but for events that are parked',
    [lane({ parked: 2 }), lane({ lane: 1 })],
    { verdict: 'PARKED', records: 0, seconds: 0 },
  ],
  [
    'events are parked, and nobody has advanced the lane since others came',
    [lane({ parked: 2, end: 130, stuckSinceMs: ago(9), updatedAtMs: ago(40) })],
    { verdict: 'STOP', records: 30 },
  ],
  [
    'events are parked, and the source is silent: what is parked is the worse',
    [lane({ parked: 1, asOfMs: ago(60) })],
    { verdict: 'PARKED', records: 0, seconds: 60 },
  ],
  [
    'the worst lane speaks for the dataset',
    [lane({ end: 130, asOfMs: ago(90) }), lane({ lane: 1, nextOffset: 1, beginning: 2 })],
    { verdict: 'DATA_LOST', records: 128 },
  ],
];

describe('the verdict on lag', () => {
  it.each(situations)('%s', (_, positions, expected) => {
    expect(evaluateLag(positions, now)).toMatchObject(expected);
  });

  it('orders verdicts from the worst, and has a sentence for each', () => {
    expect(worst(['OK', 'SILENT', 'STALL'])).toBe('STALL');
    expect(worst([])).toBe('OK');
    expect(Object.keys(lagSentences)).toEqual([...lagVerdicts]);
  });
});

describe('the trend', () => {
  const samples = (...records: number[]) =>
    records.map((count, at) => ({ atMs: now + at * 5_000, records: count, applied: 0 }));

  it.each([
    ['too few samples', samples(100, 50), 'unknown', null],
    ['nothing waits yet', samples(0), 'unknown', 0],
    ['nothing has waited', samples(0, 0, 0), 'steady', 0],
    ['the ordinary flow', samples(3, 0, 9), 'steady', null],
    ['a backlog melts by 100 a second', samples(3_000, 2_500, 2_000), 'falling', 20],
    ['a backlog has gone', samples(3_000, 900, 0), 'falling', 0],
    ['a backlog grows', samples(100, 600, 1_100), 'growing', null],
  ] as const)('%s', (_, window, trend, clearsInSeconds) => {
    expect(trendOf(window)).toEqual({ trend, clearsInSeconds });
  });
});

describe('the rate', () => {
  const samples = (...applied: number[]) =>
    applied.map((sum, at) => ({ atMs: now + at * 5_000, records: 0, applied: sum }));

  it.each([
    ['too few samples', samples(0, 500), null],
    ['10 s, 500 messages', samples(1_000, 1_100, 1_500), 50],
    ['nothing comes', samples(7, 7, 7), 0],
    ['the lanes go back', samples(900, 1_000, 100), null],
  ] as const)('%s', (_, window, rate) => {
    expect(appliedPerSecond(window)).toBe(rate);
  });
});
