/** What earlier looks at a lane's topic taught: what one look alone cannot tell. */
export interface LagMemory {
  readonly nextOffset: number | undefined;
  /** The furthest `nextOffset` ever seen. */
  readonly furthestOffset: number;
  /** Since when records have been waiting while `nextOffset` stood still, in epoch milliseconds. */
  readonly stuckSinceMs: number | undefined;
}

/**
 * The memory after one more look. A lane is stuck from the first look that saw records wait, until its offset moves or
 * nothing waits any more; so an idle lane whose first record has just come is never called stuck. While the broker cannot
 * be asked (`end` undefined), what was stuck stays so.
 */
export function remember(
  before: LagMemory | undefined,
  look: { nextOffset: number | undefined; end: number | undefined; atMs: number },
): LagMemory {
  const { nextOffset, end, atMs } = look;
  const stood = before !== undefined && before.nextOffset === nextOffset;
  const waits = end === undefined ? before?.stuckSinceMs !== undefined : end > (nextOffset ?? 0);
  return {
    nextOffset,
    furthestOffset: Math.max(before?.furthestOffset ?? 0, nextOffset ?? 0),
    stuckSinceMs: waits ? ((stood ? before.stuckSinceMs : undefined) ?? atMs) : undefined,
  };
}
