import { hexDigits, type EventBytes } from '@huitong/change-event';

/** A column of an array for each event: its PostgreSQL type, the field's place, and the events, of which `undefined` has null there. */
export interface BinaryColumn {
  readonly type: string;
  readonly place: number;
  readonly events: readonly (EventBytes | undefined)[];
}

/** Writes a field that begins at `start` as an element. */
type Write = (bytes: Uint8Array, start: number, event: EventBytes, place: number) => void;

/** Number of dimensions, whether there are nulls, type of the elements, their number, first index. */
const headBytes = 20;
/** An element's length and, of those of one size, the longest, a UUID; a text needs its own length more. */
const elementBytes = 20;

/** PostgreSQL counts days and microseconds from 2000-01-01 (https://www.postgresql.org/docs/18/datatype-datetime.html). */
const epochDays = 10_957;
const epochMs = epochDays * 86_400_000;
/** Dates that ISO 8601 writes with a year of four digits; those beyond go as a number that PostgreSQL refuses, to be parked. */
const years = { daysMin: -719_162, daysMax: 2_932_896, msMin: -62_135_596_800_000, msMax: 253_402_300_799_999 };
const refusedDay = 0x7fff_fffe;

let bytes = Buffer.allocUnsafeSlow(1 << 20);
let at = 0;

/** Room for so many bytes more. */
function ensure(more: number): void {
  if (at + more <= bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, at + more));
  bytes.copy(larger, 0, 0, at);
  bytes = larger;
}

function int32(value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  at += 4;
}

/** A whole number of 64 bits, of its upper and lower half. */
function int64(high: number, low: number): void {
  int32(8);
  int32(high);
  int32(low);
}

const two32 = 2 ** 32;

const elements: Readonly<Record<string, { readonly oid: number; readonly write: Write }>> = {
  text: {
    oid: 25,
    write(from, start) {
      // The length that Avro gives, as a zigzag number of one byte or more.
      let length = from[start]! & 0x7f;
      for (let factor = 0x80; from[start++]! > 0x7f; factor *= 0x80) length += (from[start]! & 0x7f) * factor;
      length /= 2;
      ensure(elementBytes + length);
      int32(length);
      if (length > 32) bytes.set(from.subarray(start, start + length), at);
      else for (let each = 0; each < length; each += 1) bytes[at + each] = from[start + each]!;
      at += length;
    },
  },
  uuid: {
    oid: 2950,
    write(from, start) {
      int32(16);
      // Behind the length, a byte for 36 characters: the event's id was looked at when it was read.
      for (let place = start + 1, digits = 0; digits < 32; place += 1) {
        const digit = hexDigits[from[place]!]!;
        if (digit > 15) continue;
        if (digits % 2 === 0) bytes[at] = digit << 4;
        else bytes[at++]! |= digit;
        digits += 1;
      }
    },
  },
  integer: {
    oid: 23,
    write(_, __, event, place) {
      int32(4);
      int32(event.number(place));
    },
  },
  bigint: {
    oid: 20,
    write(_, __, event, place) {
      const value = event.number(place);
      int64(Math.floor(value / two32), value);
    },
  },
  date: {
    oid: 1082,
    write(_, __, event, place) {
      const days = event.number(place);
      int32(4);
      int32(days >= years.daysMin && days <= years.daysMax ? days - epochDays : refusedDay);
    },
  },
  timestamptz: {
    oid: 1184,
    write(_, __, event, place) {
      const ms = event.number(place);
      if (!(ms >= years.msMin && ms <= years.msMax)) return int64(0x7fff_ffff, -2);
      // Microseconds are more than a JavaScript number holds.
      const since = ms - epochMs;
      const high = Math.floor(since / two32);
      const low = (since - high * two32) * 1_000;
      const carry = Math.floor(low / two32);
      int64(high * 1_000 + carry, low - carry * two32);
    },
  },
  boolean: {
    oid: 16,
    write(from, start) {
      int32(1);
      bytes[at++] = from[start] ? 1 : 0;
    },
  },
  'double precision': {
    oid: 701,
    write(from, start) {
      int32(8);
      for (let each = 7; each >= 0; each -= 1) bytes[at++] = from[start + each]!;
    },
  },
};

/** Whole numbers as an array in the same format. */
export function binaryNumbers(type: 'smallint' | 'bigint', values: readonly number[]): Buffer {
  const width = type === 'smallint' ? 2 : 8;
  const array = Buffer.allocUnsafe(headBytes + values.length * (4 + width));
  [values.length > 0 ? 1 : 0, 0, type === 'smallint' ? 21 : elements['bigint']!.oid, values.length, 1].forEach(
    (value, each) => array.writeInt32BE(value, each * 4),
  );
  let place = headBytes;
  for (const value of values) {
    place = array.writeInt32BE(width, place);
    if (width === 2) place = array.writeInt16BE(value, place);
    else {
      place = array.writeInt32BE(Math.floor(value / two32), place);
      place = array.writeUInt32BE(value >>> 0, place);
    }
  }
  return values.length > 0 ? array : array.subarray(0, 12);
}

/** Whether columns of a type are written in binary form. */
export const isBinary = (type: string): boolean => type in elements;

/**
 * Arrays for `unnest` in PostgreSQL's binary format (`array_send` of its sources), one for each column: what is copied there are the
 * events' own bytes. Nulls at the end are left out, since `unnest` fills up the shorter ones. What is made already stays in its place.
 */
export function binaryArrays<Made extends string | Buffer>(
  columns: readonly (BinaryColumn | Made)[],
): (Buffer | Made)[] {
  at = 0;
  const ends = columns.map((column) => {
    if (isColumn(column)) writeArray(column);
    return at;
  });
  const all = Buffer.from(bytes.subarray(0, at));
  return columns.map((column, each) => (isColumn(column) ? all.subarray(ends[each - 1] ?? 0, ends[each]) : column));
}

const isColumn = (column: BinaryColumn | string | Buffer): column is BinaryColumn =>
  typeof column !== 'string' && 'place' in column;

function writeArray({ type, place, events }: BinaryColumn): void {
  const { oid, write } = elements[type]!;
  ensure(headBytes);
  const head = at;
  at += headBytes;
  let count = 0;
  for (let ord = 0; ord < events.length; ord += 1) {
    const event = events[ord];
    const start = event ? event.start(place) : -1;
    if (start < 0) continue;
    ensure((ord - count) * 4 + elementBytes);
    for (; count < ord; count += 1) int32(-1);
    write(event!.bytes, start, event!, place);
    count += 1;
  }
  const end = at;
  at = head;
  // An array without elements has no dimension.
  int32(count === 0 ? 0 : 1);
  int32(1);
  int32(oid);
  if (count === 0) return;
  int32(count);
  int32(1);
  at = end;
}
