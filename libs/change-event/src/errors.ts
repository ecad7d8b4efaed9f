/**
 * Every code that an answer, a log line or a parked event may carry. A new failure gets a new code here and, because
 * {@link dispositionOf} is total, a decision about what a consumer does with it.
 */
export const errorCodes = [
  'EVENT_UNREADABLE',
  'EVENT_INVALID',
  'EVENT_HELD_BACK',
  'SUBJECT_MISMATCH',
  'VERSION_CONFLICT',
  'SCHEMA_UNKNOWN',
  'SCHEMA_UNREADABLE',
  'DATASET_UNKNOWN',
  'RECORD_REFUSED',
  'IDENTIFIER_INVALID',
  'CODE_UNKNOWN',
  'BODY_INVALID',
  'BODY_TOO_LARGE',
  'TOO_MANY_EVENTS',
  'RATE_LIMITED',
  'CERTIFICATE_REQUIRED',
  'NOT_PERMITTED',
  'NOT_FOUND',
  'PURPOSE_REQUIRED',
  'REQUEST_INVALID',
  'CONFIG_INVALID',
  'BROKER_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'REGISTRY_UNAVAILABLE',
  'CACHE_UNAVAILABLE',
  'DISK_FULL',
  'PORT_BUSY',
  'PART_MISSING',
  'PART_FAILED',
  'DATA_LOST',
  'FENCED',
  'INTERNAL',
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** What a consumer of change events does next: keep trying, keep the event aside, stop the lane, or tell the caller. */
export type Disposition = 'retry' | 'park' | 'stop' | 'answer';

/** What follows from each code. Total, so that a new code cannot be forgotten; environment faults never park data. */
export const dispositionOf = {
  EVENT_UNREADABLE: 'park',
  EVENT_INVALID: 'park',
  EVENT_HELD_BACK: 'park',
  SUBJECT_MISMATCH: 'park',
  VERSION_CONFLICT: 'park',
  SCHEMA_UNKNOWN: 'park',
  SCHEMA_UNREADABLE: 'park',
  RECORD_REFUSED: 'park',
  DATASET_UNKNOWN: 'answer',
  IDENTIFIER_INVALID: 'answer',
  CODE_UNKNOWN: 'answer',
  BODY_INVALID: 'answer',
  BODY_TOO_LARGE: 'answer',
  TOO_MANY_EVENTS: 'answer',
  RATE_LIMITED: 'answer',
  CERTIFICATE_REQUIRED: 'answer',
  NOT_PERMITTED: 'answer',
  NOT_FOUND: 'answer',
  PURPOSE_REQUIRED: 'answer',
  REQUEST_INVALID: 'answer',
  CONFIG_INVALID: 'stop',
  BROKER_UNAVAILABLE: 'retry',
  DATABASE_UNAVAILABLE: 'retry',
  REGISTRY_UNAVAILABLE: 'retry',
  CACHE_UNAVAILABLE: 'retry',
  DISK_FULL: 'retry',
  PORT_BUSY: 'stop',
  PART_MISSING: 'stop',
  PART_FAILED: 'stop',
  DATA_LOST: 'stop',
  FENCED: 'stop',
  INTERNAL: 'stop',
} as const satisfies Record<ErrorCode, Disposition>;

/**
 * The one error class. `context` holds names, counts and positions, never a value of a person's record; the foreign
 * error, translated once where its library is owned, is the native `cause`.
 */
export class HuitongError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, string | number | boolean | undefined>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { context?: Record<string, string | number | boolean | undefined>; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'HuitongError';
    this.code = code;
    this.context = Object.freeze({ ...options.context });
  }
}
