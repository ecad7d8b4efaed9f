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
