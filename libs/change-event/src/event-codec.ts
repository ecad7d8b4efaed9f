import type { Schema, Type } from 'avsc';
import { avroType } from './avro-type.ts';
import type { ChangeEvent } from './change-event.ts';
import { HuitongError, type ErrorCode } from './errors.ts';
import { EventLayout, type EventBytes } from './event-bytes.ts';
import { datasets, type DatasetName } from './generated/datasets.ts';
import type { SchemaRegistry } from './schema-registry.ts';

const magicByte = 0;
const headerBytes = 5;
/** How long an id that the registry does not know stays unknown before it is asked again, in milliseconds. */
const unknownIdMs = 5_000;

/** What became of one message's bytes: the event, or the code under which it is parked. */
export type Decoded<Event extends ChangeEvent = ChangeEvent> =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly code: ErrorCode; readonly schemaId: number | undefined };

/**
 * Where key and value of a message lie among the bytes of others. It has no key where `keyTo` is negative, and no value where `valueTo`
 * is; the bytes must not change.
 */
export interface MessagePlace {
  readonly bytes: Buffer;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

interface Reader {
  /** Of the schema that wrote. */
  readonly id: number;
  readonly type: Type;
  readonly resolver: ReturnType<Type['createResolver']>;
  /** Whether bytes of the writer's schema may send avsc back, as lists do that the reader has not: then it must not see others' bytes. */
  readonly mayGoBack: boolean;
}

/**
 * Encodes and decodes change events in Confluent wire format (0, schema id as UInt32BE, Avro). One resolver is kept for
 * each writer schema and dataset: building one costs about 500 microseconds, using one about 3. Every event is read as
 * the dataset's present schema, whatever version wrote it.
 */
export class EventCodec {
  readonly #registry: SchemaRegistry;
  readonly #types = new Map<DatasetName, Type>();
  readonly #ids = new Map<DatasetName, number>();
  readonly #readers = new Map<
    DatasetName,
    Map<number, Reader | { readonly code: ErrorCode; readonly until: number }>
  >();

  private constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /** A codec for the named datasets, their present schemas registered (the same schema keeps its id). */
  static async connect(registry: SchemaRegistry, names: readonly DatasetName[]): Promise<EventCodec> {
    const codec = new EventCodec(registry);
    await Promise.all(
      names.map(async (name) => {
        codec.#types.set(name, avroType(datasets[name].schema as Schema));
        codec.#readers.set(name, new Map());
        codec.#ids.set(name, await registry.register(`${datasets[name].topic}-value`, datasets[name].schema));
      }),
    );
    return codec;
  }

  /** The event's bytes as they go to Kafka. Throws EVENT_INVALID when the event is not of the dataset's schema. */
  encode(dataset: DatasetName, event: ChangeEvent): Buffer {
    const type = this.#typeOf(dataset);
    try {
      const body = type.toBuffer(event);
      const bytes = Buffer.allocUnsafe(headerBytes + body.length);
      bytes[0] = magicByte;
      bytes.writeUInt32BE(this.#ids.get(dataset)!, 1);
      body.copy(bytes, headerBytes);
      return bytes;
    } catch {
      // avsc's own error quotes the offending value, so it is not kept as the cause.
      throw new HuitongError('EVENT_INVALID', 'encoding an event that its schema does not allow', {
        context: { dataset },
      });
    }
  }

  /**
   * Decodes many messages of one dataset, given as their values or their places; unreadable ones come back with a code, in place. Throws only
   * REGISTRY_UNAVAILABLE, when a writer schema is not known yet and cannot be asked for.
   */
  async decode(dataset: DatasetName, values: readonly (Buffer | MessagePlace | null)[]): Promise<Decoded[]> {
    return this.#each(dataset, values, eventAt);
  }

  /**
   * As {@link decode}, but events stay the bytes that they are, which must not change: of those that the dataset's present schema wrote
   * no value is made that nobody asks for.
   */
  async read(dataset: DatasetName, values: readonly (Buffer | MessagePlace | null)[]): Promise<Decoded<EventBytes>[]> {
    const layout = EventLayout.of(dataset);
    const starts = new Int32Array(values.length * layout.size);
    const present = this.#ids.get(dataset)!;
    return this.#each(dataset, values, (reader, bytes, from, to, at) => {
      const first = at * layout.size;
      if (reader.id === present) return layout.read(bytes, from, to, starts, first);
      const event = eventAt(reader, bytes, from, to);
      return event && layout.encoded(event);
    });
  }

  async #each<Event extends ChangeEvent>(
    dataset: DatasetName,
    values: readonly (Buffer | MessagePlace | null)[],
    read: (reader: Reader, bytes: Buffer, from: number, to: number, at: number) => Event | undefined,
  ): Promise<Decoded<Event>[]> {
    const readers = this.#readers.get(dataset)!;
    const ids = new Set<number | undefined>();
    for (const value of values) ids.add(idIn(value));
    for (const id of ids) if (id !== undefined) await this.#readerOf(dataset, id);
    return values.map((value, at): Decoded<Event> => {
      const schemaId = idIn(value);
      if (value === null || schemaId === undefined) return { ok: false, code: 'EVENT_UNREADABLE', schemaId };
      const reader = readers.get(schemaId)!;
      if ('code' in reader) return { ok: false, code: reader.code, schemaId };
      const event =
        'bytes' in value
          ? read(reader, value.bytes, value.valueFrom + headerBytes, value.valueTo, at)
          : read(reader, value, headerBytes, value.length, at);
      return event ? { ok: true, event } : { ok: false, code: 'EVENT_UNREADABLE', schemaId };
    });
  }

  /** The id of the schema as which every event of a dataset is read, and with which it is written. */
  idOf(dataset: DatasetName): number {
    this.#typeOf(dataset);
    return this.#ids.get(dataset)!;
  }

  /** Whether what was written with a schema can be read as the dataset's present one; otherwise the code under which it is parked. */
  async readability(dataset: DatasetName, id: number): Promise<'readable' | ErrorCode> {
    const reader = await this.#readerOf(dataset, id);
    return 'code' in reader ? reader.code : 'readable';
  }

  async #readerOf(dataset: DatasetName, id: number): Promise<Reader | { readonly code: ErrorCode }> {
    const readers = this.#readers.get(dataset)!;
    const known = readers.get(id);
    if (known && !('until' in known && known.until < Date.now())) return known;
    const learnt = await this.#learn(dataset, id);
    readers.set(id, learnt);
    return learnt;
  }

  async #learn(dataset: DatasetName, id: number): Promise<Reader | { code: ErrorCode; until: number }> {
    const schema = await this.#registry.schemaOf(id);
    if (schema === undefined) return { code: 'SCHEMA_UNKNOWN', until: Date.now() + unknownIdMs };
    try {
      const type = this.#typeOf(dataset);
      const resolver = type.createResolver(avroType(JSON.parse(schema) as Schema));
      return { id, type, resolver, mayGoBack: /"(array|map)"/.test(schema) };
    } catch {
      return { code: 'SCHEMA_UNREADABLE', until: Date.now() + unknownIdMs };
    }
  }

  #typeOf(dataset: DatasetName): Type {
    const type = this.#types.get(dataset);
    if (!type)
      throw new HuitongError('DATASET_UNKNOWN', 'using a dataset that the codec was not made for', {
        context: { dataset },
      });
    return type;
  }
}

/** The event that fills the bytes from `from` to `to`, to the byte; undefined where there is none. */
function eventAt(
  { type, resolver, mayGoBack }: Reader,
  bytes: Buffer,
  from: number,
  to: number,
): ChangeEvent | undefined {
  const within = mayGoBack ? bytes.subarray(from, to) : bytes;
  const [at, end] = mayGoBack ? [0, to - from] : [from, to];
  try {
    const decoded: { readonly value: unknown; readonly offset: number } = type.decode(within, at, resolver);
    // Of bytes cut short avsc reads on in those behind them, and of more bytes it leaves some: it stands at the end of neither.
    return decoded.offset === end ? (decoded.value as ChangeEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** The writer's schema id of a message, or `undefined` where the bytes are not in Confluent wire format. */
export const schemaIdOf = (value: Buffer | null): number | undefined =>
  value ? idAt(value, 0, value.length) : undefined;

const idIn = (value: Buffer | MessagePlace | null): number | undefined =>
  value && 'bytes' in value ? idAt(value.bytes, value.valueFrom, value.valueTo) : schemaIdOf(value);

const idAt = (bytes: Buffer, from: number, to: number): number | undefined =>
  to - from > headerBytes && bytes[from] === magicByte ? bytes.readUInt32BE(from + 1) : undefined;
