import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { HuitongError } from '@huitong/change-event';

export type { Logger } from 'pino';

/** The token under which Nest injects the service's pino logger. */
export const LOGGER = Symbol('logger');

/**
 * JSON lines on standard output, one object an event, with the service's name. Errors pass through {@link safeError}
 * wherever they stand (`err`, `error`, or as the first argument), so a foreign error's text cannot carry a value out.
 */
export function createLogger(service: string, options: { level?: string; to?: DestinationStream } = {}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: safeError, error: safeError, cause: safeError },
    hooks: {
      // Without a message pino would take the error's own, unredacted.
      logMethod(this: Logger, args: unknown[], method: (...args: unknown[]) => void): void {
        const [first, ...rest] = args;
        method.apply(this, first instanceof Error && rest.length === 0 ? [first, first.name] : args);
      },
    },
  };
  return options.to ? pino(settings as never, options.to) : pino(settings as never);
}

/** What a log line may hold of an error. */
export interface SafeError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly context?: object;
  readonly where?: object;
  readonly stack?: string[];
  readonly cause?: SafeError;
}

/**
 * An error without any value of a record. Our own messages are safe by the house rule; of a foreign error the quoted
 * texts and long numbers are struck out, and of PostgreSQL's `detail`, `where`, `hint` and `internalQuery` nothing
 * stays, only names of table, column and constraint.
 */
export function safeError(error: unknown): SafeError {
  return describe(error, 4);
}

function describe(error: unknown, depth: number): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'a value that is no error was thrown' };
  const own = error instanceof HuitongError;
  const foreign = error as Error & Record<string, unknown>;
  const code =
    typeof foreign['code'] === 'string' || typeof foreign['code'] === 'number' ? foreign['code'] : foreign['type'];
  const where = Object.fromEntries(
    ['schema', 'table', 'column', 'constraint', 'routine', 'severity', 'syscall']
      .map((name) => [name, foreign[name]] as const)
      .filter(([, value]) => typeof value === 'string'),
  );
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    message: own ? error.message : redact(error),
    ...(own && Object.keys(error.context).length > 0 ? { context: error.context } : {}),
    ...(Object.keys(where).length > 0 ? { where } : {}),
    ...(frames && frames.length > 0 ? { stack: frames.map((line) => line.trim()) } : {}),
    ...(error.cause !== undefined && depth > 0 ? { cause: describe(error.cause, depth - 1) } : {}),
  };
}

function redact(error: Error): string {
  // V8 quotes the source text in a JSON syntax error, Zod may quote keys that a caller chose.
  if (error instanceof SyntaxError || error.name === 'ZodError') return `${error.name} (text withheld)`;
  return error.message
    .replace(/"[^"]*"|'[^']*'|`[^`]*`|\([^)]*\)=\([^)]*\)/g, '…')
    .replace(/[\p{Script=Han}]+|\d{6,}[\dXx]*/gu, '…')
    .slice(0, 500);
}

/** Nest's own log lines in ours: its start-up chatter at debug, its warnings and errors as they are. */
export function nestLogger(logger: Logger): LoggerService {
  const text = (message: unknown) => (message instanceof Error ? message : { nest: String(message) });
  return {
    log: (message: unknown) => logger.debug(text(message)),
    debug: (message: unknown) => logger.debug(text(message)),
    verbose: (message: unknown) => logger.trace(text(message)),
    warn: (message: unknown) => logger.warn(text(message)),
    error: (message: unknown) => logger.error(text(message)),
    fatal: (message: unknown) => logger.fatal(text(message)),
  };
}
