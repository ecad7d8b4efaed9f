import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroType } from './avro-type.ts';
import type { ChangeEvent } from './change-event.ts';
import { EventCodec, type MessagePlace } from './event-codec.ts';
import { datasets } from './generated/datasets.ts';
import { readJsonEvent } from './json-event.ts';
import { SchemaRegistry } from './schema-registry.ts';

const dataset = 'psb.household-register';
const registry = new SchemaRegistry(process.env['REGISTRY_URL'] ?? '');
const example = join(import.meta.dirname, '../../../schemas/psb/examples/household-register/valid-created.json');

function eventOf(): ChangeEvent {
  const reading = readJsonEvent(dataset, JSON.parse(readFileSync(example, 'utf8')), new Date('2026-11-23'));
  if (!reading.ok) throw new Error(reading.problem.field);
  return reading.event;
}

/** A schema of another writer: the dataset's own with its data fields changed. */
function otherSchema(change: (fields: object[]) => object[]): { fields: unknown[] } {
  const schema = structuredClone(datasets[dataset].schema) as unknown as {
    fields: { name: string; type: [string, { fields: object[] }] }[];
  };
  const data = schema.fields.find(({ name }) => name === 'data')!.type[1];
  data.fields = change(data.fields);
  return schema;
}

/** A message's value among others. */
const placeOf = (bytes: Buffer, valueFrom: number, valueTo: number): MessagePlace => ({
  ...{ bytes, keyFrom: 0, keyTo: -1, valueFrom, valueTo },
});

describe('the event codec, with a real registry', () => {
  it('decodes what it encoded, and keeps its schema id over a new start', async () => {
    const codec = await EventCodec.connect(registry, [dataset]);
    const bytes = codec.encode(dataset, eventOf());
    const again = await EventCodec.connect(registry, [dataset]);
    expect(await again.decode(dataset, [bytes])).toEqual([{ ok: true, event: eventOf() }]);
    expect(again.encode(dataset, eventOf()).equals(bytes)).toBe(true);
  });

  it('answers each unreadable message with a code, in its place', async () => {
    const codec = await EventCodec.connect(registry, [dataset]);
    const good = codec.encode(dataset, eventOf());
    const unknown = Buffer.from(good);
    unknown.writeUInt32BE(4_000_000_000, 1);
    const beyond = Buffer.concat([good, Buffer.from([0])]);
    const decoded = await codec.decode(dataset, [good, good.subarray(0, 40), unknown, null, Buffer.from('{}'), beyond]);
    expect(decoded.map((result) => (result.ok ? 'read' : result.code))).toEqual([
      'read',
      'EVENT_UNREADABLE',
      'SCHEMA_UNKNOWN',
      'EVENT_UNREADABLE',
      'EVENT_UNREADABLE',
      'EVENT_UNREADABLE',
    ]);
  });

  it('reads what an older writer wrote, and parks what it cannot resolve', async () => {
    const codec = await EventCodec.connect(registry, [dataset]);
    const write = async (schema: object): Promise<Buffer> => {
      const id = await registry.register(`spec-${crypto.randomUUID()}-value`, schema);
      const { data, ...envelope } = eventOf();
      const { citizenId, name } = data as { citizenId: string; name: string };
      const body = avroType(schema as never).toBuffer({ ...envelope, data: { citizenId, name } });
      const header = Buffer.from([0, 0, 0, 0, 0]);
      header.writeUInt32BE(id, 1);
      return Buffer.concat([header, body]);
    };
    const named = (fields: object[], ...names: string[]) =>
      fields.filter((field) => names.includes((field as { name: string }).name));
    const older = await write(otherSchema((fields) => named(fields, 'citizenId', 'name')));
    const incompatible = await write(otherSchema((fields) => named(fields, 'citizenId')));
    const [read, refused] = await codec.decode(dataset, [older, incompatible]);
    expect(read).toMatchObject({ ok: true, event: { data: { sex: null } } });
    expect(refused).toMatchObject({ ok: false, code: 'SCHEMA_UNREADABLE' });
  });

  it('reads events where they lie among others, to the byte and no further', async () => {
    const codec = await EventCodec.connect(registry, [dataset]);
    const good = codec.encode(dataset, eventOf());
    const bytes = Buffer.concat([Buffer.from('before'), good, good, good]);
    const from = (at: number): number => 6 + at * good.length;
    const read = [0, 1, 2].map((at) => placeOf(bytes, from(at), from(at + 1)));
    const none = [placeOf(bytes, from(1), -1), placeOf(bytes, from(1), from(1)), placeOf(bytes, from(1) + 1, from(2))];
    const cut = Array.from({ length: good.length * 2 }, (_, length) => placeOf(bytes, from(0), from(0) + length));
    const decoded = await codec.decode(dataset, [...read, ...none, ...cut]);
    const event = eventOf();
    expect(decoded.slice(0, 3)).toEqual(read.map(() => ({ ok: true, event })));
    expect(decoded.slice(3, 6).map(({ ok }) => ok)).toEqual([false, false, false]);
    // All lengths but the right one, which is that of the first event.
    expect(decoded.slice(6).flatMap(({ ok }, length) => (ok ? [length] : []))).toEqual([good.length]);
  });

  it('lets no list that a writer added lead through the bytes of others and back', async () => {
    const codec = await EventCodec.connect(registry, [dataset]);
    const notes = { name: 'notes', type: { type: 'array', items: 'string' }, default: [] };
    const schema = otherSchema((fields) => [...fields, notes]);
    const id = await registry.register(`spec-${crypto.randomUUID()}-value`, schema);
    const event = eventOf();
    const body = avroType(schema as never).toBuffer({ ...event, data: { ...event.data, notes: [] } });
    const header = Buffer.from([0, 0, 0, 0, 0]);
    header.writeUInt32BE(id, 1);
    const plain = Buffer.concat([header, body]);
    // The data come last, and the list is the last of them: a block of one byte more than is there, and the end.
    const sly = Buffer.concat([plain.subarray(0, -1), Buffer.from([1, 2, 0])]);
    // Its neighbour goes on with a block of three bytes less than none.
    const bytes = Buffer.concat([sly, Buffer.from([1, 5]), plain]);
    const decoded = await codec.decode(dataset, [
      placeOf(bytes, 0, sly.length),
      placeOf(bytes, sly.length + 2, bytes.length),
    ]);
    expect(decoded).toEqual([
      { ok: false, code: 'EVENT_UNREADABLE', schemaId: id },
      { ok: true, event },
    ]);
  });

  it('is refused by the registry when a schema is not backward compatible', async () => {
    const subject = `spec-${crypto.randomUUID()}-value`;
    await registry.register(
      subject,
      otherSchema((fields) => fields.slice(0, 2)),
    );
    await registry.setCompatibility(subject, 'BACKWARD_TRANSITIVE');
    const needsMore = otherSchema((fields) => [...fields.slice(0, 2), { name: 'needed', type: 'string' }]);
    await expect(registry.register(subject, needsMore)).rejects.toMatchObject({ code: 'SCHEMA_UNREADABLE' });
  });

  it('says that the registry is away, rather than calling an event unreadable', async () => {
    const codec = await EventCodec.connect(registry, [dataset]);
    const away = new SchemaRegistry('http://127.0.0.1:9/apis/ccompat/v7', 500);
    await expect(EventCodec.connect(away, [dataset])).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(codec.encode(dataset, eventOf()).length).toBeGreaterThan(5);
  });
});
