import type { Logger } from './logger.ts';

let guarded = false;

/** Any error that nothing caught is one fatal log line and exit code 1; nobody goes on in an unknown state. */
export function guardProcess(logger: Logger): void {
  if (guarded) return;
  guarded = true;
  const end = (error: unknown) => {
    logger.fatal({ err: error }, 'uncaught error');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  // Node would print warnings as text. kafkajs sets a negative timer at each connect, which Node takes for 1 ms: no news.
  process.removeAllListeners('warning');
  process.on('warning', (warning) =>
    logger[warning.name === 'TimeoutNegativeWarning' ? 'debug' : 'warn']({ err: warning }, 'node warning'),
  );
}

/**
 * Ends the process when a shutdown takes longer than this, in milliseconds. A second signal changes nothing: a terminal
 * and a supervisor often send one each.
 */
export function limitShutdown(logger: Logger, shutdownMs: number): void {
  let begun = false;
  const onSignal = (signal: string) => {
    if (begun) return;
    begun = true;
    logger.info({ signal }, 'shutting down');
    setTimeout(() => {
      logger.fatal({ shutdownMs }, 'shutting down took too long');
      process.exit(1);
    }, shutdownMs).unref();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
