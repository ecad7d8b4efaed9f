import { randomBytes } from 'node:crypto';

/** Where a request stands in a distributed trace (W3C Trace Context, version 00). */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  /** The header to send on: the caller's trace, with this request's own span as the parent. */
  readonly traceparent: string;
}

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Continues the trace of a `traceparent` header, or begins one, sampled, where there is none or it is malformed. */
export function traceOf(header: unknown): Trace {
  const match = typeof header === 'string' ? pattern.exec(header) : null;
  const continued = match && !/^0+$/.test(match[1]!) && !/^0+$/.test(match[2]!);
  const random = randomBytes(continued ? 8 : 24).toString('hex');
  const spanId = random.slice(0, 16);
  const traceId = continued ? match[1]! : random.slice(16);
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${continued ? match[3]! : '01'}` };
}
