import { hash } from 'node:crypto';

/**
 * A UUIDv7 (RFC 9562) of an instant in epoch milliseconds and a content: the same content gets the same id, whenever and
 * wherever it is made, so that an event sent twice is recognised. The 74 bits after the time are of SHA-256.
 */
export function eventIdOf(atMs: number, content: unknown): string {
  const digest = hash('sha256', JSON.stringify(content), 'hex');
  const time = atMs.toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(digest[3]!, 16) & 3]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
