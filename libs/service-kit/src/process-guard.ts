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

/** Ends the process when a shutdown takes longer than this, in milliseconds, and on a second signal. */
export function limitShutdown(logger: Logger, shutdownMs: number): void {
  let first = true;
  const onSignal = (signal: string) => {
    if (!first) process.exit(1);
    first = false;
    logger.info({ signal }, 'shutting down');
    setTimeout(() => {
      logger.fatal({ shutdownMs }, 'shutting down took too long');
      process.exit(1);
    }, shutdownMs).unref();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
