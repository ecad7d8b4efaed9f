import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  controlTypes,
  datasets,
  EventCodec,
  laneOf,
  SchemaRegistry,
  toControlMessage,
  toMessage,
  type ChangeEvent,
} from '@huitong/change-event';
import {
  createPublisher,
  createTopicAdmin,
  createTopicReader,
  type Publisher,
  type TopicAdmin,
  type TopicReader,
} from '@huitong/event-stream';
import { migrate, openDatabase, type Database } from '@huitong/postgres';
import { planDatabase, subject, sum } from '@huitong/subject-engine';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import { AccessLog } from './access-log.ts';
import { exchangeMigrations } from './index.ts';
import { TopicLook, type TopicParts, type TopicQuestion } from './topic-look.ts';
import { topicPlaces, topicStates, type TopicPlace } from './topic-places.ts';
import { topicWriters } from './topic-writers.ts';

const dataset = 'hrss.pension-payment';
const plan = planDatabase([
  subject({
    name: 'population',
    title: { zh: '人口', en: 'Population' },
    database: 'population',
    datasets: [dataset],
    fields: { paidTotal: sum('hrss.pension-payment.amount') },
  }),
]);
const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const partitions = 4;
const citizens = ['340204199001011234', '340204199001011242', '340204199001011250'];
const bounds = { messages: 10, scanned: 1_000, ms: 30_000 };
const asker = { caller: 'operator', role: 'operator', route: '/spec', traceId: 't' };
const reader = { ...asker, caller: 'steward', role: 'steward', purpose: '核对' };

let exchange: TestDatabase;
let pool: Database;
let admin: TopicAdmin;
let publisher: Publisher;
let topicReader: TopicReader;
let parts: TopicParts;
/** As the exchange has them, under names of this spec. */
let place: TopicPlace & { dataset: typeof dataset };
let changes: TopicPlace;

beforeAll(async () => {
  exchange = await createTestDatabase('');
  await migrate(exchange.url, exchangeMigrations);
  pool = openDatabase({ url: exchange.url, applicationName: 'spec', connectionsMax: 1 });
  [admin, topicReader] = [
    createTopicAdmin({ brokers, clientId: 'spec' }),
    createTopicReader({ brokers, clientId: 'spec' }),
  ];
  publisher = await createPublisher({ brokers, clientId: 'spec' });
  const codec = await EventCodec.connect(new SchemaRegistry(process.env['REGISTRY_URL'] ?? ''), [dataset]);
  parts = { admin, reader: topicReader, codec, log: new AccessLog(pool) };
  const places = topicPlaces([plan]);
  const own = (topic: string): TopicPlace => ({
    ...places.find((one) => one.topic === topic)!,
    topic: `spec.${randomUUID()}`,
  });
  place = own(datasets[dataset].topic) as typeof place;
  changes = own('subject.population.changed');
  await admin.ensureTopics([place, changes].map(({ topic }) => ({ topic, partitions })));
  await publishAll(codec);
}, 120_000);
afterAll(async () => {
  await Promise.all([publisher.disconnect(), admin.disconnect(), topicReader.disconnect(), pool.end()]);
  await exchange.drop();
});

/** Thirty payments of three people, heartbeats among them, two messages that are none, and a change. */
async function publishAll(codec: EventCodec): Promise<void> {
  const source = '/departments/hrss';
  const events = Array.from({ length: 30 }, (_, at) => {
    const event: ChangeEvent<typeof dataset> = {
      event_id: `019a0000-0000-7000-8000-0000000000${String(at).padStart(2, '0')}`,
      verb: 'CREATED',
      previous_event_id: null,
      reason: 'PAID',
      source_record_id: `r${at}`,
      source_version: at + 1,
      valid_from: '2026-01-01',
      valid_to: null,
      recorded_at: Date.UTC(2026, 0, 2),
      data: {
        ...(Object.fromEntries(Object.keys(datasets[dataset].fields).map((name) => [name, null])) as object),
        ...{ citizenId: citizens[at % 3]!, amount: '8.00', month: '2026-01-01', insuranceType: '11', status: '1' },
      } as never,
    };
    return toMessage({ dataset, event, subjectId: citizens[at % 3]!, codec, source });
  });
  const beats = Array.from({ length: partitions }, (_, partition) =>
    toControlMessage({
      ...{ type: controlTypes.heartbeat, id: randomUUID(), source, partition, atMs: Date.now() },
      content: { at: '2026-01-03T00:00:00.000Z' },
    }),
  );
  const unknown = Buffer.concat([Buffer.from([0, 0xee, 0xee, 0xee, 0xee]), Buffer.from(citizens[0]!)]);
  await publisher.publish(place.topic, [
    ...events,
    ...beats,
    { key: citizens[0]!, value: unknown, headers: { [citizens[0]!]: citizens[0]!, ce_type: 'x' } },
    { key: citizens[1]!, value: Buffer.from(`{"id":"${citizens[1]!}"}`), headers: {} },
  ]);
  const data = {
    ...{ change: 'changed', eventIds: ['019a0000-0000-7000-8000-000000000001'], validFrom: null, validTo: null },
    ...{ before: { paidTotal: '8.00' }, after: { paidTotal: '16.00' }, recordedAt: '2026-01-03T00:00:00+00:00' },
  };
  await publisher.publish(changes.topic, [
    { key: citizens[0]!, value: Buffer.from(JSON.stringify({ id: 'c1', data })), headers: {} },
    { key: citizens[0]!, value: Buffer.from(`{"of":"${citizens[0]!}"}`), headers: {} },
  ]);
}

const look = (question: Partial<TopicQuestion>) =>
  TopicLook.begin(parts, { place, order: 'newest', asker, ...question });

/** Entries since the last time. */
async function logged(): Promise<{ caller: string; subject_id: string | null; purpose: string; fields: string[] }[]> {
  const { rows } = await pool.query<{ caller: string; subject_id: string; purpose: string; fields: string[] }>(
    'delete from access_log returning caller, subject, subject_id, purpose, fields',
  );
  return rows;
}

describe('a look into a topic, with a real broker, registry and access log', () => {
  it('shows what each message is, and to who has no purpose no value of anybody', async () => {
    const one = await look({});
    const page = await one.page({ ...bounds, messages: 100 });
    const kinds = Object.groupBy(page.messages, ({ kind }) => kind);
    expect(Object.fromEntries(Object.entries(kinds).map(([kind, of]) => [kind, of.length]))).toEqual({
      event: 30,
      control: 4,
      unreadable: 2,
    });
    expect(kinds.unreadable!.map(({ code }) => code).toSorted()).toEqual(['EVENT_UNREADABLE', 'SCHEMA_UNKNOWN']);
    expect(kinds.control![0]!.control).toMatchObject({ kind: 'heartbeat', at: '2026-01-03T00:00:00.000Z' });
    expect(kinds.event![0]!.fields.find(({ name }) => name === 'data.amount')).toMatchObject({
      isSet: true,
      value: null,
    });
    const said = JSON.stringify(page);
    expect(
      [...citizens, '8.00', Buffer.from(citizens[0]!).toString('hex', 0, 2)].filter((value) => said.includes(value)),
    ).toEqual([]);
    expect(page).toMatchObject({ scanned: 36, isEnd: true });
    expect(await logged()).toEqual([]);
  });

  it.each(['newest', 'oldest'] as const)(
    'goes on where it stopped, %s first, with every message once',
    async (order) => {
      const seen: string[] = [];
      let edges: { partition: number; edge: number }[] | undefined;
      for (let isEnd = false; !isEnd;) {
        const page = await (await look({ order, ...(edges && { from: { edges } }) })).page({ ...bounds, messages: 7 });
        seen.push(...page.messages.map(({ partition, offset }) => `${partition}/${offset}`));
        edges = page.looked.map(({ partition, edge }) => ({ partition, edge }));
        isEnd = page.isEnd;
      }
      expect(seen).toHaveLength(36);
      expect(new Set(seen).size).toBe(36);
    },
  );

  it('finds a key in its own partition, says how far it looked, and logs who looked for whom', async () => {
    await expect(look({ key: citizens[2]! })).rejects.toMatchObject({ code: 'PURPOSE_REQUIRED' });
    const found = await look({ key: citizens[2]!.toLowerCase(), asker: { ...asker, purpose: '核对' } });
    const page = await found.page({ ...bounds, messages: 100 });
    expect(page.messages.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'event'));
    const [looked, ...others] = page.looked;
    expect(others).toEqual([]);
    expect(looked).toMatchObject({ partition: laneOf(citizens[2]!, partitions), from: 0, before: page.scanned });
    expect(await logged()).toEqual([
      expect.objectContaining({ caller: 'operator', subject_id: citizens[2], purpose: '核对', fields: [] }),
    ]);
    const bounded = await found.page({ ...bounds, scanned: 1 });
    expect(bounded.messages).toEqual([]);
  });

  it('stops at its bounds, and begins at a time or an offset', async () => {
    const none = await (await look({ kinds: ['change'] })).page({ ...bounds, scanned: 5 });
    expect(none).toMatchObject({ messages: [], scanned: 5, isEnd: false });
    const partition = laneOf(citizens[0]!, partitions);
    const at = (order: 'newest' | 'oldest') => look({ order, partition, from: { offset: 3 } });
    expect((await (await at('newest')).page(bounds)).messages.map(({ offset }) => offset)).toEqual([3, 2, 1, 0]);
    expect((await (await at('oldest')).page(bounds)).messages[0]).toMatchObject({ offset: 3 });
    const later = { timeMs: Date.now() + 3_600_000 };
    expect(await (await look({ order: 'oldest', from: later })).page(bounds)).toMatchObject({
      scanned: 0,
      isEnd: true,
    });
    await expect(look({ partition: 99 })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(look({ place: { ...place, topic: 'spec.none' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('shows values for a purpose, once it is in the access log for each subject', async () => {
    await expect(look({ reader: { ...reader, purpose: '' } })).rejects.toMatchObject({ code: 'PURPOSE_REQUIRED' });
    const page = await (await look({ reader })).page({ ...bounds, messages: 100 });
    const event = page.messages.find(({ kind }) => kind === 'event')!;
    expect(event.fields.find(({ name }) => name === 'data.amount')!.value).toBe('8.00');
    const broken = page.messages.find(({ code }) => code === 'SCHEMA_UNKNOWN')!;
    expect(broken.bytes.shown).toContain('00 ee ee ee ee 33 34');
    const entries = await logged();
    expect(entries.map(({ subject_id }) => subject_id).toSorted()).toEqual(citizens.toSorted());
    expect(entries.find(({ subject_id }) => subject_id === citizens[0])!.fields).toEqual(
      expect.arrayContaining(['key', 'data.amount', 'bytes']),
    );
    await pool.query('alter table access_log rename to away');
    try {
      const unlogged = await look({ reader });
      await expect(unlogged.page(bounds)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    } finally {
      await pool.query('alter table away rename to access_log');
    }
  });

  it('reads the changes of a subject database, and what is none among them', async () => {
    const page = await (await look({ place: changes })).page(bounds);
    expect(page.messages.map(({ kind, verb, code }) => [kind, verb, code])).toEqual([
      ['unreadable', null, 'EVENT_UNREADABLE'],
      ['change', 'changed', null],
    ]);
    expect(JSON.stringify(page)).not.toMatch(/16\.00|340204/);
    expect(page.messages[1]!.fields.map(({ name }) => name)).toEqual([
      'key',
      'validFrom',
      'validTo',
      'before.paidTotal',
      'after.paidTotal',
    ]);
  });

  it('counts what a topic holds, and names the schemas that were written with', async () => {
    const [state, away] = await topicStates(admin, [place, { ...place, topic: 'spec.none' }]);
    expect(state!.partitions!.reduce((sum, { begin, end }) => sum + end - begin, 0)).toBe(36);
    expect(state).toMatchObject({ lastMinute: 36, kept: { cleanupPolicy: 'delete', retentionMs: null } });
    expect(away).toMatchObject({ partitions: null, lastMinute: null, kept: null });
    const writers = await topicWriters(parts, place);
    expect(writers).toMatchObject({ looked: 36, readerId: parts.codec.idOf(dataset) });
    expect(writers.schemas.map(({ schemaId, events, reading }) => [schemaId, events, reading])).toEqual([
      [0xeeeeeeee, 1, 'SCHEMA_UNKNOWN'],
      [parts.codec.idOf(dataset), 30, 'readable'],
      [null, 1, 'EVENT_UNREADABLE'],
    ]);
  });
});
