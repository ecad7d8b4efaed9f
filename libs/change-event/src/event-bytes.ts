import type { Schema, Type } from 'avsc';
import { avroType } from './avro-type.ts';
import { verbs, type ChangeEvent, type Verb } from './change-event.ts';
import type { DatasetDeclaration } from './dataset-declaration.ts';
import { datasets, type DatasetData, type DatasetName } from './generated/datasets.ts';
import { isoDateOf } from './iso-date.ts';

/** Avro's own types, as far as datasets use them, and the logical ones that are read in a way of their own. */
type Kind = 'string' | 'int' | 'long' | 'double' | 'boolean' | 'enum' | 'date' | 'timestamp-millis';

interface Field {
  readonly name: string;
  /** Which branch of its union is null; -1 where it is no union. */
  readonly nullBranch: number;
  /** Of an enum: how many symbols it has. */
  readonly symbols: number;
  readonly skips: (to: number, field: Field) => boolean;
}

interface SchemaField {
  readonly name: string;
  readonly type: unknown;
}

/** The envelope's fields by place, as every dataset's schema has them; the data's come behind. */
export const envelopePlaces = {
  ...{ event_id: 0, verb: 1, previous_event_id: 2, reason: 3, source_record_id: 4, source_version: 5 },
  ...{ valid_from: 6, valid_to: 7, recorded_at: 8, data: 9 },
} as const;
const envelopeNames = Object.keys(envelopePlaces);

/** JavaScript's dates end a hundred million days from the epoch. */
const daysMax = 100_000_000;

/**
 * How the events of one dataset lie in their bytes: walks through one and says where each of its fields is, without making a value of
 * any. It takes what avsc takes, which the specs hold it to, but for numbers that fit no `int` or take more than ten bytes.
 */
export class EventLayout {
  /** How many fields an event has: those of the envelope, then those of the data. */
  readonly size: number;
  /** Where the subject's id is in the data. */
  readonly subjectPlace: number;
  readonly #type: Type;
  readonly #envelope: readonly Field[];
  readonly #data: readonly Field[];
  readonly #places: ReadonlyMap<string, number>;

  static readonly #known = new Map<DatasetName, EventLayout>();

  /** That of a dataset's present schema. */
  static of(dataset: DatasetName): EventLayout {
    let layout = EventLayout.#known.get(dataset);
    if (!layout) EventLayout.#known.set(dataset, (layout = new EventLayout(datasets[dataset])));
    return layout;
  }

  /** Throws where the schema has what no dataset has: lists, maps, records within the data. */
  private constructor({ schema, subjectKey }: DatasetDeclaration) {
    const fields = schema.fields as readonly SchemaField[];
    if (fields.map(({ name }) => name).join() !== envelopeNames.join()) throw new Error('an envelope like no other');
    const [nothing, data] = fields.at(-1)!.type as [string, { fields: readonly SchemaField[] }];
    if (nothing !== 'null') throw new Error('data whose first branch is not null');
    this.#type = avroType(schema as unknown as Schema);
    this.#envelope = fields.slice(0, -1).map(fieldOf);
    this.#data = data.fields.map(fieldOf);
    this.size = fields.length + data.fields.length;
    this.#places = new Map(data.fields.map(({ name }, at) => [name, fields.length + at]));
    this.subjectPlace = this.placeOf(subjectKey);
  }

  /** The place of a field of the data. Throws where the data have no such field. */
  placeOf(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`data without a field ${name}`);
    return place;
  }

  /**
   * The event that fills the bytes from `from` to `to`, to the byte; undefined where there is none. Where its fields are goes into
   * `starts` from `first` on, which must stay as it is, as must the bytes.
   */
  read(bytes: Buffer, from: number, to: number, starts: Int32Array, first: number): EventBytes | undefined {
    cursor.bytes = bytes;
    cursor.at = from;
    if (!walk(this.#envelope, to, starts, first)) return undefined;
    const branch = cursor.long();
    const dataAt = first + envelopePlaces.data;
    if (branch === 0) starts.fill(-1, dataAt, first + this.size);
    else {
      starts[dataAt] = cursor.at;
      if (branch !== 1 || !walk(this.#data, to, starts, dataAt + 1)) return undefined;
    }
    return cursor.at === to ? new EventBytes(this, bytes, starts, first, to) : undefined;
  }

  /** An event in the bytes that it has by the present schema, as {@link read} answers it; undefined where the schema does not allow it. */
  encoded(event: ChangeEvent): EventBytes | undefined {
    if (event instanceof EventBytes) return event;
    if (!this.#type.isValid(event)) return undefined;
    const bytes = this.#type.toBuffer(event);
    return this.read(bytes, 0, bytes.length, new Int32Array(this.size), 0);
  }

  /** The event of these bytes with all its values. */
  decode(bytes: Buffer): ChangeEvent {
    return this.#type.fromBuffer(bytes) as ChangeEvent;
  }
}

function fieldOf({ name, type }: SchemaField): Field {
  const branches = Array.isArray(type) ? (type as unknown[]) : [type];
  const nullBranch = branches.indexOf('null');
  const own = branches.find((branch) => branch !== 'null');
  const declared = typeof own === 'string' ? { type: own } : (own as Readonly<Record<string, unknown>>);
  const kind = declared['logicalType'] === 'uuid' ? 'string' : (declared['logicalType'] ?? declared['type']);
  if (!((kind as string) in skipping) || branches.length > 2 || (nullBranch < 0 && branches.length > 1))
    throw new Error(`a field ${name} of a type that no dataset has`);
  const symbols = (declared['symbols'] as unknown[] | undefined)?.length ?? 0;
  return { name, nullBranch, symbols, skips: skipping[kind as Kind] };
}

/** Reads Avro's numbers. One for all: events are walked through one after the other. */
class Cursor {
  bytes: Uint8Array = new Uint8Array();
  at = 0;

  /** A variable-length zigzag number; NaN where it is not safe as a JavaScript number. Beyond the end of all bytes there are zeros. */
  long(): number {
    const { bytes } = this;
    let byte = bytes[this.at++]!;
    let low = byte & 0x7f;
    for (let shift = 7; byte > 0x7f && shift < 28; shift += 7) {
      byte = bytes[this.at++]!;
      low |= (byte & 0x7f) << shift;
    }
    if (!(byte > 0x7f)) return (low >>> 1) ^ -(low & 1);
    let high = 0;
    for (let factor = 1, count = 4; byte > 0x7f; factor *= 0x80, count += 1) {
      if (count === 10) return NaN;
      byte = bytes[this.at++]!;
      high += (byte & 0x7f) * factor;
    }
    const half = high * 2 ** 27 + (low >>> 1);
    const value = low & 1 ? -half - 1 : half;
    return Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : NaN;
  }
}

const cursor = new Cursor();

/** Steps over a value of each kind, and answers whether it is one. */
const skipping: Readonly<Record<Kind, (to: number, field: Field) => boolean>> = {
  string(to) {
    const length = cursor.long();
    if (!(length >= 0 && length <= to - cursor.at)) return false;
    cursor.at += length;
    return true;
  },
  int() {
    const value = cursor.long();
    return value === (value | 0);
  },
  date: () => Math.abs(cursor.long()) <= daysMax,
  long: () => !Number.isNaN(cursor.long()),
  'timestamp-millis': () => !Number.isNaN(cursor.long()),
  double() {
    cursor.at += 8;
    return true;
  },
  boolean() {
    cursor.at += 1;
    return true;
  },
  enum(_, { symbols }) {
    const value = cursor.long();
    return value >= 0 && value < symbols;
  },
};

function walk(fields: readonly Field[], to: number, starts: Int32Array, first: number): boolean {
  for (let place = 0; place < fields.length; place += 1) {
    const field = fields[place]!;
    if (field.nullBranch >= 0) {
      const branch = cursor.long();
      if (branch === field.nullBranch) {
        starts[first + place] = -1;
        continue;
      }
      if (branch !== 1 - field.nullBranch) return false;
    }
    starts[first + place] = cursor.at;
    if (!field.skips(to, field)) return false;
  }
  return cursor.at <= to;
}

/** The value of each hexadecimal digit by its ASCII code, and more than 15 of whatever is none. */
export const hexDigits = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

const uuidLength = 36;
const hyphen = 0x2d;
const hyphens = [8, 13, 18, 23];
/** Where a UUID says which version it is of. */
const versionAt = 14;

/** An event as it lies in its bytes: thousands wait to be applied, so a value is made each time that somebody asks for it. */
export class EventBytes implements ChangeEvent {
  readonly bytes: Buffer;
  readonly #layout: EventLayout;
  readonly #starts: Int32Array;
  readonly #first: number;
  readonly #end: number;

  constructor(layout: EventLayout, bytes: Buffer, starts: Int32Array, first: number, end: number) {
    this.#layout = layout;
    this.bytes = bytes;
    this.#starts = starts;
    this.#first = first;
    this.#end = end;
  }

  get verb(): Verb {
    return verbs[this.number(envelopePlaces.verb)]!;
  }

  get source_record_id(): string {
    return this.text(envelopePlaces.source_record_id)!;
  }

  get source_version(): number {
    return this.number(envelopePlaces.source_version);
  }

  get valid_from(): string | null {
    return this.#date(envelopePlaces.valid_from);
  }

  get valid_to(): string | null {
    return this.#date(envelopePlaces.valid_to);
  }

  get recorded_at(): number {
    return this.number(envelopePlaces.recorded_at);
  }

  get event_id(): string {
    return this.text(envelopePlaces.event_id)!;
  }

  /** Whether its id is a UUID in the 36 characters that PostgreSQL and everyone else takes. */
  get hasUuid(): boolean {
    const { bytes } = this;
    const start = this.start(envelopePlaces.event_id);
    // A length of one byte, zigzag.
    if (bytes[start] !== uuidLength * 2) return false;
    for (let at = 0; at < uuidLength; at += 1) {
      const code = bytes[start + 1 + at]!;
      if (code === hyphen ? !hyphens.includes(at) : hexDigits[code]! > 15 || hyphens.includes(at)) return false;
    }
    return true;
  }

  /** When its id, a UUID, says that it was made, epoch milliseconds (version 7, RFC 9562); undefined where it does not say. */
  get madeMs(): number | undefined {
    const { bytes } = this;
    const from = this.start(envelopePlaces.event_id) + 1;
    if (hexDigits[bytes[from + versionAt]!] !== 7) return undefined;
    let ms = 0;
    for (let at = from; at < from + 13; at += 1) if (bytes[at] !== hyphen) ms = ms * 16 + hexDigits[bytes[at]!]!;
    return ms;
  }

  get previous_event_id(): string | null {
    return this.text(envelopePlaces.previous_event_id);
  }

  get reason(): string {
    return this.text(envelopePlaces.reason)!;
  }

  /** Made anew each time. */
  get data(): DatasetData[DatasetName] | null {
    return this.#layout.decode(this.bytes.subarray(this.#starts[this.#first], this.#end)).data;
  }

  /** Where the bytes of the field at a place begin; negative where it is null. */
  start(place: number): number {
    return this.#starts[this.#first + place]!;
  }

  /** The string at a place. */
  text(place: number): string | null {
    const start = this.start(place);
    if (start < 0) return null;
    cursor.bytes = this.bytes;
    cursor.at = start;
    const length = cursor.long();
    return this.bytes.toString('utf8', cursor.at, cursor.at + length);
  }

  /** Whether the string at a place is what lies between `from` and `to` of other bytes. */
  isText(place: number, other: Uint8Array, from: number, to: number): boolean {
    const { bytes } = this;
    cursor.bytes = bytes;
    cursor.at = this.start(place);
    if (cursor.at < 0 || cursor.long() !== to - from) return false;
    for (let at = cursor.at, each = from; each < to; at += 1, each += 1) if (bytes[at] !== other[each]) return false;
    return true;
  }

  /** The number at a place, or of an enum the symbol's; the field must not be null. */
  number(place: number): number {
    cursor.bytes = this.bytes;
    cursor.at = this.start(place);
    return cursor.long();
  }

  #date(place: number): string | null {
    return this.start(place) < 0 ? null : isoDateOf(this.number(place));
  }
}
