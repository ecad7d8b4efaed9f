/** Reads the numbers of a record, one behind the other. Behind the end of the bytes it finds zeros, so the reader looks where it stands. */
export class RecordReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A variable-length integer of 32 bits in zigzag encoding, as lengths and offsets are. */
  varInt(): number {
    let byte = this.bytes[this.at++] ?? 0;
    let sum = byte & 0x7f;
    for (let shift = 7; byte >= 0x80 && shift < 35; shift += 7) {
      byte = this.bytes[this.at++] ?? 0;
      sum |= (byte & 0x7f) << shift;
    }
    return (sum >>> 1) ^ -(sum & 1);
  }

  /** One of 64 bits, as times are; exact up to 2^53. */
  varLong(): number {
    let byte = this.bytes[this.at++] ?? 0;
    let sum = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80 && factor < 2 ** 70; factor *= 0x80) {
      byte = this.bytes[this.at++] ?? 0;
      sum += (byte & 0x7f) * factor;
    }
    return sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2;
  }
}

/** A big-endian integer of 64 bits with its sign; exact up to 2^53. */
export const int64At = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
