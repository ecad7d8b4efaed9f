import { describe, expect, it } from '@jest/globals';
import type { Schema } from 'avsc';
import fc from 'fast-check';
import { avroType } from './avro-type.ts';
import { verbs, type ChangeEvent } from './change-event.ts';
import type { FieldDeclaration } from './dataset-declaration.ts';
import { envelopePlaces, EventBytes, EventLayout } from './event-bytes.ts';
import { datasets, type DatasetName } from './generated/datasets.ts';

const names = Object.keys(datasets) as DatasetName[];
const types = new Map(names.map((name) => [name, avroType(datasets[name].schema as unknown as Schema)]));
const typeOf = (dataset: DatasetName) => types.get(dataset)!;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).filter((some) => some.isWellFormed()),
);
/** Those that avsc writes as they are: of numbers below -2^52 it loses the last bit. */
const wholeNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger().filter((value) => value >= -(2 ** 52) && value < Number.MAX_SAFE_INTEGER),
  fc.constantFrom(0, -1, 2 ** 27, -(2 ** 27), 2 ** 31, 2 ** 52 + 1),
);
const date = fc
  .date({ min: new Date(Date.UTC(0, 0, 1)), max: new Date(Date.UTC(9999, 11, 31)), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const valueOf: Record<FieldDeclaration['type'], fc.Arbitrary<unknown>> = {
  ...{ string: text, int: fc.integer(), long: wholeNumber, double: fc.double(), boolean: fc.boolean(), date },
  timestamp: wholeNumber,
};

/** Any event of a dataset that its schema allows, whether or not it makes sense. */
function eventOf(dataset: DatasetName): fc.Arbitrary<ChangeEvent> {
  const fields = Object.entries(datasets[dataset].fields as Record<string, FieldDeclaration>).map(
    ([name, { type, nullable }]) => [name, nullable ? fc.option(valueOf[type], { nil: null }) : valueOf[type]],
  );
  return fc.record({
    event_id: fc.oneof(fc.uuid(), text),
    verb: fc.constantFrom(...verbs),
    previous_event_id: fc.option(text, { nil: null }),
    reason: text,
    source_record_id: text,
    source_version: wholeNumber,
    valid_from: fc.option(date, { nil: null }),
    valid_to: fc.option(date, { nil: null }),
    recorded_at: wholeNumber,
    data: fc.option(fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>), { nil: null }),
  }) as unknown as fc.Arbitrary<ChangeEvent>;
}

const valuesOf = (event: ChangeEvent): ChangeEvent => ({
  ...{ event_id: event.event_id, verb: event.verb, previous_event_id: event.previous_event_id, reason: event.reason },
  ...{ source_record_id: event.source_record_id, source_version: event.source_version },
  ...{ valid_from: event.valid_from, valid_to: event.valid_to, recorded_at: event.recorded_at },
  data: event.data && { ...event.data },
});

/** Beyond 2^52 avsc loses a number's last bit, which is its sign; a spec of its own says what is read there. */
function asAvscReads(event: ChangeEvent): ChangeEvent {
  const whole = (value: number): number => (Math.abs(value) >= 2 ** 52 ? Infinity : value);
  const values = valuesOf(event);
  return { ...values, source_version: whole(values.source_version), recorded_at: whole(values.recorded_at) };
}

function readOf(dataset: DatasetName, bytes: Buffer, from = 0, to = bytes.length): EventBytes | undefined {
  const layout = EventLayout.of(dataset);
  return layout.read(bytes, from, to, new Int32Array(layout.size + 7), 7);
}

/** What avsc makes of the bytes; undefined where it makes nothing of them, or not of all. */
function oracle(dataset: DatasetName, bytes: Buffer): ChangeEvent | undefined {
  try {
    const { value, offset } = typeOf(dataset).decode(bytes, 0);
    return offset === bytes.length ? value : undefined;
  } catch {
    return undefined;
  }
}

describe('an event in its bytes', () => {
  it.each(names)('of %s has all values that avsc reads there, and is where it was among others', (dataset) => {
    const layout = EventLayout.of(dataset);
    fc.assert(
      fc.property(eventOf(dataset), fc.uint8Array({ maxLength: 9 }), (event, around) => {
        const bytes = typeOf(dataset).toBuffer(event);
        const read = readOf(
          dataset,
          Buffer.concat([around, bytes, around]),
          around.length,
          around.length + bytes.length,
        )!;
        expect(valuesOf(read)).toEqual(valuesOf(oracle(dataset, bytes)!));
        const declared = datasets[dataset].fields as Record<string, FieldDeclaration>;
        for (const [name, value] of Object.entries(event.data ?? {})) {
          const place = layout.placeOf(name);
          if (value === null) expect(read.start(place)).toBeLessThan(0);
          else if (declared[name]!.type === 'string') expect(read.text(place)).toBe(value);
          else if (['int', 'long', 'timestamp'].includes(declared[name]!.type)) expect(read.number(place)).toBe(value);
        }
        expect(read.start(envelopePlaces.data) >= 0).toBe(event.data !== null);
        expect(valuesOf(layout.encoded(event)!)).toEqual(valuesOf(read));
      }),
      { numRuns: 60 },
    );
  });

  it('is taken and refused as avsc does, whatever happened to its bytes', () => {
    const dataset = 'hrss.pension-payment';
    let [taken, refused] = [0, 0];
    fc.assert(
      fc.property(
        eventOf(dataset),
        fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 3, 4, 127, 128, 255))), {
          maxLength: 3,
        }),
        fc.integer({ min: -3, max: 3 }),
        (event, changes, longer) => {
          const whole = Buffer.concat([typeOf(dataset).toBuffer(event), Buffer.alloc(Math.max(0, longer))]);
          const bytes = Buffer.from(whole.subarray(0, whole.length + Math.min(0, longer)));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const [read, expected] = [readOf(dataset, bytes), oracle(dataset, bytes)];
          expect(read && asAvscReads(read)).toEqual(expected && asAvscReads(expected));
          if (read) taken += 1;
          else refused += 1;
        },
      ),
      { numRuns: 4_000 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(100);
  });

  it('has numbers beyond 2^52 to the last bit, which is their sign', () => {
    const dataset = 'hrss.pension-payment';
    const [event] = fc.sample(eventOf(dataset), 1);
    const bytes = typeOf(dataset).toBuffer({ ...event, recorded_at: 2 ** 52 });
    const read = readOf(dataset, bytes)!;
    expect(read.recorded_at).toBe(2 ** 52);
    bytes[read.start(envelopePlaces.recorded_at)]! |= 1;
    expect(readOf(dataset, bytes)!.recorded_at).toBe(-(2 ** 52) - 1);
  });

  it('says of its id what the text says', () => {
    const dataset = 'psb.household-register';
    const almost = fc
      .tuple(fc.uuid(), fc.nat(35), fc.constantFrom('-', 'g', 'F', '0', '/', ':', '`', 'ä'))
      .map(([id, at, by]) => id.slice(0, at) + by + id.slice(at + 1));
    fc.assert(
      fc.property(eventOf(dataset), fc.oneof(fc.uuid(), fc.uuid({ version: 7 }), almost, text), (event, id) => {
        const read = EventLayout.of(dataset).encoded({ ...event, event_id: id })!;
        expect(read.hasUuid).toBe(uuid.test(id));
        if (!uuid.test(id)) return;
        expect(read.madeMs).toBe(id[14] === '7' ? parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('knows whether a text is that of other bytes', () => {
    const dataset = 'psb.household-register';
    const { subjectPlace } = EventLayout.of(dataset);
    fc.assert(
      fc.property(eventOf(dataset), text, fc.boolean(), (event, other, same) => {
        const read = EventLayout.of(dataset).encoded(event)!;
        const own = read.text(subjectPlace);
        const compared = same && own !== null ? own : other;
        const bytes = Buffer.from(`<${compared}>`);
        expect(read.isText(subjectPlace, bytes, 1, bytes.length - 1)).toBe(own === compared);
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing of a plain event that its schema does not allow', () => {
    const event = fc.sample(eventOf('psb.household-register'), 1)[0]!;
    expect(EventLayout.of('psb.household-register').encoded({ ...event, source_version: 'one' as never })).toBe(
      undefined,
    );
  });
});
