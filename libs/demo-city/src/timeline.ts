import type { TimeOfStep } from './city.ts';

/** A stretch of even steps: step `step` happened at `atMs`, each later one `intervalMs` after the one before. */
export interface Segment {
  readonly step: number;
  readonly atMs: number;
  readonly intervalMs: number;
}

/**
 * The times of live steps from the few numbers that a journal keeps of them: a new segment begins only where the pace
 * changes, after a pause or an outage, so that weeks of steps stay a handful of lines. Throws RangeError for a step
 * before the first segment.
 */
export function timeOfStep(segments: readonly Segment[]): TimeOfStep {
  return (step) => {
    const segment = segments.findLast((one) => one.step <= step);
    if (!segment) throw new RangeError('a step that was never planned');
    return Math.round(segment.atMs + (step - segment.step) * segment.intervalMs);
  };
}

/** A step's time may differ from the clock by this much before a new segment begins, in milliseconds. */
const driftMsMax = 2_000;

/**
 * The segments from which the steps after the first `planned` take their times: the last one goes on while it keeps to
 * the clock and the pace; otherwise a new one begins now, never before the step that went before.
 */
export function continueAt(
  segments: readonly Segment[],
  planned: number,
  { nowMs, intervalMs }: { nowMs: number; intervalMs: number },
): readonly Segment[] {
  const kept = segments.filter(({ step }) => step < planned);
  const last = kept.at(-1);
  if (last?.intervalMs === intervalMs) {
    const ahead = timeOfStep(kept)(planned) - nowMs;
    if (ahead > -driftMsMax && ahead < intervalMs + driftMsMax) return kept;
  }
  const previous = last ? timeOfStep(kept)(planned - 1) : 0;
  return [...kept, { step: planned, atMs: Math.max(nowMs, previous), intervalMs }];
}
