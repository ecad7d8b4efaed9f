import { setTimeout as sleep } from 'node:timers/promises';
import type { HuitongError } from '@huitong/change-event';
import type { Database } from '@huitong/postgres';
import type { SweepProgress } from './compare.ts';
import type { DatabasePlan } from './plan.ts';
import { alone } from './rebuild-alone.ts';
import type { ReplayFrom } from './replay-schema.ts';
import { concludeReplay, type ReplayOptions, type ReplayOutcome } from './replay-settle.ts';
import { Replay } from './replay.ts';

/** Whatever brings the log's messages to a replay. */
export interface ReplaySource {
  /** Why it can bring no more. */
  failure(): HuitongError | undefined;
  stop(): Promise<void>;
}

/** How a replay goes about it. */
export interface ReplayRunOptions extends ReplayOptions {
  readonly from: ReplayFrom;
  /** Starts to bring messages from where {@link Replay.claim} says, to {@link Replay.apply}. */
  readonly consume: (replay: Replay) => Promise<ReplaySource>;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** From here on it is worth comparing: less than what the live lanes take in by a few seconds of full load. */
const closeEnough = 5_000;

/**
 * Rebuilds a whole subject database from the log, beside the live one, which serves and goes on meanwhile: fills a generation in a
 * schema of its own by the same engine, compares, and swaps by one transaction. Killed at any moment, it goes on where it was when it is run again
 * with the same declaration. `from: 'previous'` fills the generation that was replaced on, and puts it back. `database` is the owner's
 * pool of five connections or more, `next` another of the schema `replay`. Throws REQUEST_INVALID while another replay of the database runs.
 */
export async function replayDatabase(
  parts: { database: Database; next: Database; plan: DatabasePlan },
  options: ReplayRunOptions,
): Promise<ReplayOutcome> {
  return alone(parts.database, `${parts.plan.database} from the log`, async () => {
    const replay = await Replay.begin(parts.database, parts.next, parts.plan, options.from);
    const source = await options.consume(replay);
    const untilClose = async (): Promise<void> => {
      for (;;) {
        const failure = source.failure();
        if (failure) throw failure;
        const { done, total, behind } = await replay.position();
        options.onProgress?.({ done, total });
        if (behind <= closeEnough) return;
        await sleep(500);
      }
    };
    try {
      await untilClose();
      await replay.deriveRecords();
      await untilClose();
      return await concludeReplay(replay, options);
    } finally {
      replay.end();
      await source.stop();
    }
  });
}
