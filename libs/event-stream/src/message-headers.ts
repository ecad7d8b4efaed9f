import { createRequire } from 'node:module';

/** A message's headers as the broker gave them; a name that came twice has an array. */
export type MessageHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

interface Decoder {
  readonly buffer: Buffer;
  offset: number;
  readVarInt(): number;
  readVarIntString(): string | null;
  readVarIntBytes(): Buffer | null;
}
type DecoderClass = { new (buffer: Buffer): Decoder; readonly prototype: object };

// The class is private to kafkajs, whose version is pinned; the specs of the lane consumer read headers through it.
const KafkaDecoder = createRequire(import.meta.url)('kafkajs/src/protocol/decoder.js') as DecoderClass;

/** Headers still in their record's bytes. */
export class UnreadHeaders {
  readonly #bytes: Buffer;
  readonly #offset: number;

  constructor({ buffer, offset }: Decoder) {
    this.#bytes = buffer;
    this.#offset = offset;
  }

  read(): MessageHeaders {
    const decoder = new KafkaDecoder(this.#bytes);
    decoder.offset = this.#offset;
    const headers: Record<string, Buffer | Buffer[] | undefined> = {};
    for (let left = decoder.readVarInt(); left > 0; left -= 1) {
      const name = decoder.readVarIntString() ?? '';
      const value = decoder.readVarIntBytes() ?? undefined;
      const before = headers[name];
      headers[name] = before && value ? [before, value].flat() : (value ?? before);
    }
    return headers;
  }
}

/**
 * kafkajs makes three buffers and copies all headers anew for each header of each message, which cost more than all else
 * that a sync service did, and nobody looks at most of them. This leaves them unread: headers are the last part of a
 * record and the only list of this kind in the protocol, and kafkajs asks nothing of the list but to reduce it.
 */
export function leaveHeadersUnread(): void {
  Object.assign(KafkaDecoder.prototype, {
    readVarIntArray(this: Decoder) {
      return { reduce: () => new UnreadHeaders(this) };
    },
  });
}
