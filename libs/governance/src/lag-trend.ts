/** Waiting records at one moment. */
export interface LagSample {
  readonly atMs: number;
  readonly records: number;
  /** The sum of the next offsets of all lanes: what is applied up to then. */
  readonly applied: number;
}

/** Where the waiting records are going; `clearsInSeconds` is 0 when none wait and null when they do not fall. */
export interface LagTrend {
  readonly trend: 'falling' | 'steady' | 'growing' | 'unknown';
  readonly clearsInSeconds: number | null;
}

/** Fewer samples say nothing about a direction. */
const samplesMin = 3;
/** Up to so many records either way are the ordinary flow: a heartbeat alone is one in each of 12 lanes. */
const noise = 50;

/**
 * The trend over a short window of samples, oldest first, from its mean rate between the first and last sample. The time
 * to clear presumes that rate.
 */
export function trendOf(samples: readonly LagSample[]): LagTrend {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length < samplesMin || last.atMs <= first.atMs)
    return { trend: 'unknown', clearsInSeconds: last?.records === 0 ? 0 : null };
  const change = last.records - first.records;
  const trend = Math.abs(change) <= noise ? 'steady' : change < 0 ? 'falling' : 'growing';
  if (last.records === 0) return { trend, clearsInSeconds: 0 };
  if (trend !== 'falling') return { trend, clearsInSeconds: null };
  return { trend, clearsInSeconds: Math.ceil((last.records * (last.atMs - first.atMs)) / -change / 1_000) };
}

/** Messages applied a second over the window, heartbeats among them; null with too few samples, or while going back. */
export function appliedPerSecond(samples: readonly LagSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length < samplesMin || last.atMs <= first.atMs) return null;
  const rate = ((last.applied - first.applied) * 1_000) / (last.atMs - first.atMs);
  return rate < 0 ? null : Math.round(rate * 10) / 10;
}
