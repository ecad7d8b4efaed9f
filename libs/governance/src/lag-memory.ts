/** What earlier looks at a lane's topic taught: what one look alone cannot tell. */
export interface LagMemory {
  readonly nextOffset: number | undefined;
  /** The furthest `nextOffset` ever seen. */
  readonly furthestOffset: number;
  /** Since when records have been waiting while `nextOffset` stood still, in epoch milliseconds. */
  readonly stuckSinceMs: number | undefined;
  /** The next offset that may be read, and since when more than that has been written while it stood still. */
  readonly end: number | undefined;
  readonly blockedSinceMs: number | undefined;
}

/**
 * The memory after one more look. A lane is stuck from the first look that saw records wait, until its offset moves or
 * nothing waits any more; so an idle lane whose first record has just come is never called stuck. While the broker cannot
 * be asked (`end` undefined), what was stuck stays so. `written` is the offset behind all that was written: it was asked for after
 * `end`, so it counts only where it is greater while `end` stands still.
 */
export function remember(
  before: LagMemory | undefined,
  look: { nextOffset: number | undefined; end: number | undefined; written?: number | undefined; atMs: number },
): LagMemory {
  const { nextOffset, end, written, atMs } = look;
  const stood = before !== undefined && before.nextOffset === nextOffset;
  const waits = end === undefined ? before?.stuckSinceMs !== undefined : end > (nextOffset ?? 0);
  return {
    nextOffset,
    furthestOffset: Math.max(before?.furthestOffset ?? 0, nextOffset ?? 0),
    end,
    blockedSinceMs:
      end !== undefined && written !== undefined && written > end
        ? ((before?.end === end ? before.blockedSinceMs : undefined) ?? atMs)
        : undefined,
    stuckSinceMs: waits ? ((stood ? before.stuckSinceMs : undefined) ?? atMs) : undefined,
  };
}
