import { hexDigits, type EventBytes } from '@huitong/change-event';

/** A column of a field of events: its PostgreSQL type, the field's place, and the events, of which `undefined` has null there. */
interface FieldColumn {
  readonly type: string;
  readonly place: number;
  readonly events: readonly (EventBytes | undefined)[];
}

/** A column of values that no event has in its bytes. */
type ValueColumn =
  | { readonly type: 'text'; readonly values: readonly string[] }
  /** Times are microseconds from 2000-01-01. */
  | { readonly type: 'smallint' | 'bigint' | 'timestamptz'; readonly values: readonly number[] };

/** A column of an element for each event. */
export type BinaryColumn = FieldColumn | ValueColumn;

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

function int16(value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
  at += 2;
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

const wholeNumber = {
  smallint(value: number): void {
    int32(2);
    int16(value);
  },
  bigint: (value: number): void => int64(Math.floor(value / two32), value),
  timestamptz: (value: number): void => int64(Math.floor(value / two32), value),
};

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
    write: (_, __, event, place) => wholeNumber.bigint(event.number(place)),
  },
  smallint: {
    oid: 21,
    write: (_, __, event, place) => wholeNumber.smallint(event.number(place)),
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
  numeric: {
    oid: 1700,
    write: (from, start) => writeDecimal(from, start + 1, start + 1 + from[start]! / 2),
  },
  'double precision': {
    oid: 701,
    write(from, start) {
      int32(8);
      for (let each = 7; each >= 0; each -= 1) bytes[at++] = from[start + each]!;
    },
  },
};

/** Whether columns of a type are written in binary form. */
export const isBinary = (type: string): boolean => type in elements;

/**
 * Arrays for `unnest` in PostgreSQL's binary format (`array_send` of its sources), one for each column: what is copied there are the
 * events' own bytes. Nulls at the end are left out, since `unnest` fills up the shorter ones. What is made already stays in its place.
 */
export function binaryArrays<Made extends string>(columns: readonly (BinaryColumn | Made)[]): (Buffer | Made)[] {
  at = 0;
  const ends = columns.map((column) => {
    if (typeof column !== 'string') writeArray(column);
    return at;
  });
  const all = Buffer.from(bytes.subarray(0, at));
  return columns.map((column, each) =>
    typeof column === 'string' ? column : all.subarray(ends[each - 1] ?? 0, ends[each]),
  );
}

function writeArray(column: BinaryColumn): void {
  ensure(headBytes);
  const head = at;
  at += headBytes;
  const { oid } = elements[column.type]!;
  const count = 'values' in column ? writeValues(column) : writeFields(column);
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

/** Writes all but nulls at the end, and answers how many there are. */
function writeFields({ type, place, events }: FieldColumn): number {
  const { write } = elements[type]!;
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
  return count;
}

function writeValues(column: ValueColumn): number {
  const { values } = column;
  for (let ord = 0; ord < values.length; ord += 1) writeValue(column, ord);
  return values.length;
}

function writeValue({ type, values }: ValueColumn, ord: number): void {
  if (type === 'text') {
    const text = values[ord]!;
    ensure(4 + text.length * 3);
    const length = bytes.write(text, at + 4, 'utf8');
    int32(length);
    at += length;
    return;
  }
  ensure(elementBytes);
  wholeNumber[type](values[ord]!);
}

const copyHead = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** The same columns as rows, for COPY in binary format (https://www.postgresql.org/docs/18/sql-copy.html). */
export function binaryRows(columns: readonly BinaryColumn[], count: number): Buffer {
  at = 0;
  ensure(copyHead.length);
  at += copyHead.copy(bytes);
  const writers = columns.map((column) => elements[column.type]!.write);
  for (let ord = 0; ord < count; ord += 1) {
    ensure(elementBytes);
    int16(columns.length);
    for (let each = 0; each < columns.length; each += 1) {
      const column = columns[each]!;
      if ('values' in column) {
        writeValue(column, ord);
        continue;
      }
      const event = column.events[ord];
      const start = event ? event.start(column.place) : -1;
      ensure(elementBytes);
      if (start < 0) int32(-1);
      else writers[each]!(event!.bytes, start, event!, column.place);
    }
  }
  ensure(2);
  int16(-1);
  return Buffer.from(bytes.subarray(0, at));
}

/** Decimal digits that are written in binary form; what PostgreSQL takes beside these goes to it as text. */
const digitsMax = 40;
const point = 0x2e;
const minus = 0x2d;

/** Whether the string that begins at `start` is a plain decimal number, with digits before a point, and behind it where there is one. */
export function isPlainDecimal(from: Uint8Array, start: number): boolean {
  // Of a length of one byte, zigzag.
  const length = from[start]! / 2;
  if (length > digitsMax || from[start]! > 0x7f) return false;
  const first = start + 1 + (from[start + 1] === minus ? 1 : 0);
  const to = start + 1 + length;
  let pointAt = to;
  for (let place = first; place < to; place += 1) {
    if (from[place] === point && pointAt === to) pointAt = place;
    else if (!(from[place]! >= 0x30 && from[place]! <= 0x39)) return false;
  }
  return pointAt > first && pointAt !== to - 1;
}

/** Writes a plain decimal number as `numeric_send` does: digits to the base of ten thousand, without zeros around them. */
function writeDecimal(from: Uint8Array, start: number, to: number): void {
  const isNegative = from[start] === minus;
  const first = isNegative ? start + 1 : start;
  let pointAt = first;
  while (pointAt < to && from[pointAt] !== point) pointAt += 1;
  const scale = Math.max(0, to - pointAt - 1);
  const digitAt = (place: number): number =>
    place < first || place >= to || place === pointAt ? 0 : from[place]! - 0x30;
  const groups: number[] = [];
  // Counted in digits from the point: whole groups before it, and then behind.
  for (let group = -Math.ceil((pointAt - first) / 4); group * 4 < scale; group += 1) {
    let value = 0;
    for (let each = group * 4; each < group * 4 + 4; each += 1)
      value = value * 10 + digitAt(each < 0 ? pointAt + each : pointAt + 1 + each);
    groups.push(value);
  }
  let weight = Math.ceil((pointAt - first) / 4) - 1;
  while (groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.at(-1) === 0) groups.pop();
  ensure(4 + 8 + groups.length * 2);
  int32(8 + groups.length * 2);
  for (const word of [groups.length, groups.length > 0 ? weight : 0, isNegative ? 0x4000 : 0, scale, ...groups])
    int16(word);
}
