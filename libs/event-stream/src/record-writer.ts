/** A text or bytes, as a record holds them. */
export type Written = string | Buffer;

/** So many characters are written here faster than by Node. */
const shortMax = 24;

/** How many bytes a text, as UTF-8, or bytes are. */
export function lengthOf(data: Written): number {
  if (typeof data !== 'string') return data.length;
  if (data.length > shortMax) return Buffer.byteLength(data);
  for (let at = 0; at < data.length; at += 1) if (data.charCodeAt(at) >= 0x80) return Buffer.byteLength(data);
  return data.length;
}

/** How many bytes a variable-length integer in zigzag encoding takes. */
export function sizeOfVarInt(value: number): number {
  const bits = 32 - Math.clz32((value << 1) ^ (value >> 31));
  return bits === 0 ? 1 : Math.ceil(bits / 7);
}

/** Writes what records consist of, one behind the other, into bytes that were made long enough. */
export class RecordWriter {
  readonly bytes: Buffer;
  at = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length);
  }

  int8(value: number): void {
    this.at = this.bytes.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.bytes.writeBigInt64BE(value, this.at);
  }

  varInt(value: number): void {
    let left = ((value << 1) ^ (value >> 31)) >>> 0;
    for (; left >= 0x80; left >>>= 7) this.bytes[this.at++] = (left & 0x7f) | 0x80;
    this.bytes[this.at++] = left;
  }

  /** Of a length that was found out before. */
  data(data: Written, length: number): void {
    const { bytes, at } = this;
    this.at += length;
    // Of ASCII where it has as many characters as bytes.
    if (typeof data !== 'string') bytes.set(data, at);
    else if (length !== data.length || length > shortMax) bytes.write(data, at);
    else for (let character = 0; character < length; character += 1) bytes[at + character] = data.charCodeAt(character);
  }

  /** With its length before it; -1 where there is none. */
  sized(data: Written | null): void {
    if (data === null) return this.varInt(-1);
    const length = lengthOf(data);
    this.varInt(length);
    this.data(data, length);
  }
}
