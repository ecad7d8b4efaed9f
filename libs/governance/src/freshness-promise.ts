import type { FreshnessPromise } from '@huitong/change-event';

/** The windows over which a promise is judged, in minutes. */
export const promiseWindows = { m5: 5, m30: 30, h1: 60, h6: 360, d30: 43_200 } as const;

/** One of {@link promiseWindows}. */
export type PromiseWindow = keyof typeof promiseWindows;

/** Minutes of a window in which the promise was kept, and in which it was broken; what is not known is in neither. */
export interface MinuteCounts {
  readonly kept: number;
  readonly broken: number;
}

/**
 * How fast a budget of broken minutes burns: 1 spends it in just 30 days. Both windows must burn as fast, the long one so that
 * a moment does not count and the short one so that what is over does not. The rates and windows are those of the SRE workbook
 * (Google, ch. 5): fast spends 2 % of a month's budget in an hour, slow 5 % in six hours.
 */
export const burnAlarms = {
  fast: { rate: 14.4, long: 'h1', short: 'm5' },
  slow: { rate: 6, long: 'h6', short: 'm30' },
} as const;

/** How a promise stands; what is not known is null. */
export interface PromiseReading {
  /** Kept minutes of those known in 30 days, in percent. */
  readonly keptPercent: number | null;
  readonly knownMinutes: number;
  readonly brokenMinutes: number;
  /** Minutes that may be broken in 30 days, and those left of them: below 0 once the promise is broken as a whole. */
  readonly budgetMinutes: number;
  readonly budgetLeftMinutes: number;
  /** By window: the share of known minutes that are broken, over the share that may be. */
  readonly burn: Readonly<Record<Exclude<PromiseWindow, 'd30'>, number | null>>;
  readonly burning: Readonly<Record<keyof typeof burnAlarms, boolean | null>>;
}

/** A window of which less than this share is known says nothing of a rate: one minute would be taken for an hour. */
const knownShareMin = 0.5;

/** Judges a promise by the minutes counted in each window. A pure function: silence and outages are for who counts to tell. */
export function judgePromise(
  { percent }: FreshnessPromise,
  counts: Readonly<Record<PromiseWindow, MinuteCounts>>,
): PromiseReading {
  const allowed = 1 - percent / 100;
  const rateIn = (window: PromiseWindow): number | null => {
    const { kept, broken } = counts[window];
    const known = kept + broken;
    return known < promiseWindows[window] * knownShareMin ? null : round(broken / known / allowed);
  };
  const burn = { m5: rateIn('m5'), m30: rateIn('m30'), h1: rateIn('h1'), h6: rateIn('h6') };
  const isBurning = ({ rate, long, short }: (typeof burnAlarms)[keyof typeof burnAlarms]): boolean | null => {
    const rates = [burn[long], burn[short]];
    if (rates.some((each) => each !== null && each < rate)) return false;
    return rates.includes(null) ? null : true;
  };
  const { kept, broken } = counts.d30;
  const budgetMinutes = Math.round(promiseWindows.d30 * allowed);
  return {
    keptPercent: kept + broken === 0 ? null : floor((100 * kept) / (kept + broken)),
    knownMinutes: kept + broken,
    brokenMinutes: broken,
    budgetMinutes,
    budgetLeftMinutes: budgetMinutes - broken,
    burn,
    burning: { fast: isBurning(burnAlarms.fast), slow: isBurning(burnAlarms.slow) },
  };
}

const round = (rate: number): number => Math.round(rate * 100) / 100;

/** To two digits, and never up: 99.999 % is not all. */
const floor = (percent: number): number => Math.floor(percent * 100) / 100;
