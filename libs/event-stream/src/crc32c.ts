/** The polynomial of CRC-32C (Castagnoli, RFC 3720), bits reversed. */
const polynomial = 0x82f63b78;

/** What eight bytes make of a checksum, each by its place; table 0 is the plain one. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte += 1) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? polynomial : 0);
  tables[0]![byte] = sum;
}
for (let place = 1; place < 8; place += 1)
  for (let byte = 0; byte < 256; byte += 1) {
    const before = tables[place - 1]![byte]!;
    tables[place]![byte] = (before >>> 8) ^ tables[0]![before & 0xff]!;
  }
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Int32Array, ...Int32Array[]] & { length: 8 };

/** The CRC-32C of the bytes from `from` to `to`, as an unsigned number. Eight bytes at a time, which takes a quarter of the time that byte by byte does. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let sum = -1;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    const low = sum ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    sum =
      t7![low & 0xff]! ^
      t6![(low >>> 8) & 0xff]! ^
      t5![(low >>> 16) & 0xff]! ^
      t4![low >>> 24]! ^
      t3![bytes[at + 4]!]! ^
      t2![bytes[at + 5]!]! ^
      t1![bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < to; at += 1) sum = (sum >>> 8) ^ t0[(sum ^ bytes[at]!) & 0xff]!;
  return ~sum >>> 0;
}
