import { describe, expect, it } from '@jest/globals';
import { judgePromise, promiseWindows, type MinuteCounts, type PromiseWindow } from './freshness-promise.ts';

const promise = { withinSeconds: 30, percent: 99 };
const all = (window: PromiseWindow, broken = 0): MinuteCounts => ({ kept: promiseWindows[window] - broken, broken });
const none: MinuteCounts = { kept: 0, broken: 0 };

type Minutes = Partial<Record<PromiseWindow, MinuteCounts>>;
const reading = (minutes: Minutes) =>
  judgePromise(promise, { m5: all('m5'), m30: all('m30'), h1: all('h1'), h6: all('h6'), d30: all('d30'), ...minutes });

// This table is the proof that the alarm about a promise is right: the broken minutes of each window, and what follows.
const situations: [string, Minutes, { fast: boolean | null; slow: boolean | null }][] = [
  ['every minute kept', {}, { fast: false, slow: false }],
  ['9 minutes of the hour, still going on', { m5: all('m5', 5), h1: all('h1', 9) }, { fast: true, slow: false }],
  ['8 minutes of the hour, just too few', { m5: all('m5', 5), h1: all('h1', 8) }, { fast: false, slow: false }],
  ['half of the hour, but over for five minutes', { h1: all('h1', 30) }, { fast: false, slow: false }],
  ['one minute of the last five alone', { m5: all('m5', 1) }, { fast: false, slow: false }],
  ['22 minutes in six hours', { m30: all('m30', 2), h6: all('h6', 22) }, { fast: false, slow: true }],
  ['21 minutes in six hours, just too few', { m30: all('m30', 2), h6: all('h6', 21) }, { fast: false, slow: false }],
  ['22 minutes in six hours, over for half an hour', { h6: all('h6', 22) }, { fast: false, slow: false }],
  [
    'all broken',
    { m5: all('m5', 5), m30: all('m30', 30), h1: all('h1', 60), h6: all('h6', 360) },
    { fast: true, slow: true },
  ],
  ['nothing known at all', { m5: none, m30: none, h1: none, h6: none, d30: none }, { fast: null, slow: null }],
  [
    'three minutes old, all broken',
    { m5: { kept: 0, broken: 3 }, m30: { kept: 0, broken: 3 }, h1: { kept: 0, broken: 3 }, h6: { kept: 0, broken: 3 } },
    { fast: null, slow: null },
  ],
  [
    'half an hour old, all broken',
    { m5: all('m5', 5), m30: all('m30', 30), h1: { kept: 0, broken: 30 }, h6: { kept: 0, broken: 30 } },
    { fast: true, slow: null },
  ],
  ['the last five minutes unknown after a bad hour', { m5: none, h1: all('h1', 30) }, { fast: null, slow: false }],
  ['the last five minutes unknown after a good hour', { m5: none }, { fast: false, slow: false }],
  ['the hour mostly unknown, the last five minutes kept', { h1: { kept: 5, broken: 2 } }, { fast: false, slow: false }],
];

describe('a promise of freshness', () => {
  it.each(situations)('%s', (_, minutes, burning) => {
    expect(reading(minutes).burning).toEqual(burning);
  });

  it('counts what is not known neither as kept nor as broken', () => {
    expect(reading({ d30: { kept: 198, broken: 2 } })).toMatchObject({ keptPercent: 99, knownMinutes: 200 });
    expect(reading({ d30: none })).toMatchObject({ keptPercent: null, knownMinutes: 0, budgetLeftMinutes: 432 });
  });

  it('says what is left of the budget, and by how much it is overspent', () => {
    expect(reading({ d30: all('d30', 400) })).toMatchObject({ budgetMinutes: 432, budgetLeftMinutes: 32 });
    expect(reading({ d30: all('d30', 500) })).toMatchObject({ budgetLeftMinutes: -68, keptPercent: 98.84 });
  });

  it('never rounds a broken minute away', () => {
    expect(reading({ d30: all('d30', 1) }).keptPercent).toBe(99.99);
    expect(reading({}).keptPercent).toBe(100);
  });

  it('measures a burn rate by what the promise allows', () => {
    expect(reading({ h1: all('h1', 6) }).burn).toEqual({ m5: 0, m30: 0, h1: 10, h6: 0 });
    const strict = judgePromise(
      { ...promise, percent: 99.9 },
      { m5: none, m30: none, h1: all('h1', 6), h6: none, d30: none },
    );
    expect(strict.burn.h1).toBe(100);
  });
});
