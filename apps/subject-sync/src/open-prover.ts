import { openDatabase } from '@huitong/postgres';
import type { Logger } from '@huitong/service-kit';
import { Prover, proverConnections, type DatabasePlan } from '@huitong/subject-engine';
import type { SyncConfig } from './config.ts';
import type { SyncMetrics } from './sync-metrics.ts';

/** A snapshot that waited for longer, in milliseconds, is worth less than the rows that it keeps PostgreSQL from clearing. */
const snapshotMs = 120_000;

/** A statement of a proof that is not answered for so long, in milliseconds, is on a connection of which nobody hears again. */
const answerWithinMs = 600_000;

/** A prover with connections of its own, that tells the log and the metrics what it found. */
export function openProver(parts: {
  config: SyncConfig;
  plan: DatabasePlan;
  logger: Logger;
  metrics: SyncMetrics;
}): Prover {
  const { config, plan, logger, metrics } = parts;
  const database = openDatabase({
    url: config.DATABASE_URL,
    applicationName: `${config.name}-prover`,
    connectionsMax: proverConnections,
    idleInTransactionMs: snapshotMs,
    answerWithinMs,
  });
  return new Prover(database, plan, {
    proved: (dataset, outcome) => {
      metrics.proved(outcome.differing === 0 ? 'equal' : 'differs');
      if (outcome.differing > 0) logger.warn({ dataset, ...outcome }, 'facts differ from what their source states');
    },
    skipped: (points, why, error) => {
      metrics.proved(why);
      logger[why === 'broken' ? 'warn' : 'debug']({ points: points.length, err: error }, 'a checkpoint was not proved');
    },
  });
}
