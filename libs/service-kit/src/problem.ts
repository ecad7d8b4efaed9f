import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HuitongError, type ErrorCode } from '@huitong/change-event';
import type { Logger } from './logger.ts';

/** The HTTP status of every error code; total, and the only place where a status is chosen. */
export const statusOf = {
  EVENT_UNREADABLE: 422,
  EVENT_INVALID: 422,
  EVENT_HELD_BACK: 409,
  SUBJECT_MISMATCH: 422,
  VERSION_CONFLICT: 409,
  SCHEMA_UNKNOWN: 422,
  SCHEMA_UNREADABLE: 422,
  RECORD_REFUSED: 422,
  DATASET_UNKNOWN: 404,
  IDENTIFIER_INVALID: 400,
  CODE_UNKNOWN: 400,
  BODY_INVALID: 400,
  BODY_TOO_LARGE: 413,
  TOO_MANY_EVENTS: 413,
  RATE_LIMITED: 429,
  CERTIFICATE_REQUIRED: 401,
  NOT_PERMITTED: 403,
  NOT_FOUND: 404,
  PURPOSE_REQUIRED: 400,
  REQUEST_INVALID: 400,
  CONFIG_INVALID: 500,
  BROKER_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  REGISTRY_UNAVAILABLE: 503,
  CACHE_UNAVAILABLE: 503,
  DISK_FULL: 503,
  PORT_BUSY: 500,
  PART_MISSING: 500,
  PART_FAILED: 500,
  DATA_LOST: 500,
  FENCED: 503,
  INTERNAL: 500,
} as const satisfies Record<ErrorCode, number>;

/** An RFC 9457 problem, with our `code` and, where one field is at fault, its name. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly field?: string;
}

/** The problem of a code; `detail` is one of our own sentences and is left out of a 500, whatever it says. */
export function problemOf(code: ErrorCode, detail?: string, field?: string): Problem {
  const status = statusOf[code];
  return {
    type: `urn:huitong:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status]!,
    status,
    code,
    ...(detail !== undefined && status !== 500 ? { detail } : {}),
    ...(field !== undefined ? { field } : {}),
  };
}

/** Seconds after which a caller may try again, when the error does not say it itself. */
const retryAfterSeconds = 5;

/**
 * Answers every error as problem+json. A HuitongError keeps its code, the framework's own errors get one, anything else
 * is INTERNAL and logged. `context.field` names the field; `context.retryAfterSeconds` sets Retry-After on 429 and 503.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const known = error instanceof HuitongError ? error : translate(error);
    const { field, retryAfterSeconds: retryAfter } = known.context;
    const problem = problemOf(known.code, known.message, typeof field === 'string' ? field : undefined);
    request.problemCode = problem.code;
    // A 503 is a fault of the surroundings that we retry; only a 500 is ours.
    if (problem.status >= 500)
      this.#logger[problem.status === 500 ? 'error' : 'warn'](
        { err: error, code: problem.code, traceId: request.trace?.traceId },
        'request failed',
      );
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    if (problem.status === 503 || problem.status === 429)
      reply.header('retry-after', String(typeof retryAfter === 'number' ? retryAfter : retryAfterSeconds));
    sendProblem(reply, problem);
  }
}

/** Sends a problem, or an answer that extends one (a list of refused events, say), with its status and media type. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  reply.status(problem.status).type('application/problem+json').send(problem);
}

const codeOfStatus: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['BODY_INVALID', 'reading a body that is not what its content type says'],
  401: ['CERTIFICATE_REQUIRED', 'calling without a client certificate of this exchange'],
  403: ['NOT_PERMITTED', 'calling a route that this caller may not use'],
  404: ['NOT_FOUND', 'looking for a route that does not exist'],
  413: ['BODY_TOO_LARGE', 'reading a body that is larger than this route allows'],
  415: ['BODY_INVALID', 'reading a body of a content type that this route does not take'],
  429: ['RATE_LIMITED', 'calling more often than is allowed'],
};

/** Nest's, Fastify's and http-errors' own errors by their status; their texts quote input, so ours replace them. */
export function translate(error: unknown): HuitongError {
  const status =
    error instanceof HttpException
      ? error.getStatus()
      : error instanceof Error && typeof (error as { statusCode?: unknown }).statusCode === 'number'
        ? (error as Error & { statusCode: number }).statusCode
        : 500;
  if (status >= 500) return new HuitongError('INTERNAL', 'answering a request', { cause: error });
  const [code, message] = codeOfStatus[status] ?? ['REQUEST_INVALID', 'reading a request that is malformed'];
  return new HuitongError(code, message, { cause: error });
}
