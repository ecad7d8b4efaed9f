import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];

/**
 * Seals what a browser carries for us and must neither read nor change: it lapses after its time, and with the process, whose
 * memory alone has the key. Two seals of the same content have nothing in common. Authenticated encryption (AES-256-GCM, NIST
 * SP 800-38D), with the kind of content as additional data, so that one kind is never taken for another.
 */
export class Seal<Content extends object> {
  readonly #kind: Buffer;
  readonly #lastsMs: number;
  readonly #now: () => number;
  readonly #key = randomBytes(32);

  constructor(kind: string, lastsMs: number, now: () => number = Date.now) {
    this.#kind = Buffer.from(kind);
    this.#lastsMs = lastsMs;
    this.#now = now;
  }

  close(content: Content): { sealed: string; until: string } {
    const untilMs = this.#now() + this.#lastsMs;
    const iv = randomBytes(ivBytes);
    const encrypt = createCipheriv(cipher, this.#key, iv).setAAD(this.#kind);
    const text = Buffer.concat([encrypt.update(JSON.stringify({ content, untilMs })), encrypt.final()]);
    const sealed = Buffer.concat([iv, encrypt.getAuthTag(), text]).toString('base64url');
    return { sealed, until: new Date(untilMs).toISOString() };
  }

  /** The content; undefined for what has lapsed, was changed, or is none of ours. */
  open(sealed: string): Content | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    const [iv, tag] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes, ivBytes + tagBytes)];
    if (tag.length < tagBytes) return undefined;
    try {
      const decrypt = createDecipheriv(cipher, this.#key, iv).setAAD(this.#kind).setAuthTag(tag);
      const text = Buffer.concat([decrypt.update(bytes.subarray(ivBytes + tagBytes)), decrypt.final()]);
      const { content, untilMs } = JSON.parse(text.toString()) as { content: Content; untilMs: number };
      return this.#now() < untilMs ? content : undefined;
    } catch {
      return undefined;
    }
  }
}
