import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datasets, EventCodec, laneOf, SchemaRegistry, type ChangeEvent } from '@huitong/change-event';
import { openDatabase, migrate, type Database } from '@huitong/postgres';
import {
  claimLanes,
  createLanes,
  createTablesSql,
  doReleaseRequests,
  planDatabase,
  readMessages,
  subject,
  SubjectEngine,
  sum,
} from '@huitong/subject-engine';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import { AccessLog } from './access-log.ts';
import { exchangeGrants, subjectDatabaseGrants } from './grants.ts';
import { exchangeMigrations } from './index.ts';
import { openParked } from './parked-detail.ts';
import { listParked } from './parked-events.ts';
import { askForCorrection, askForParked, batchEvents, judgeDiscard, listBatches } from './parked-requests.ts';
import type { StewardDatabase } from './subject-database.ts';

const dataset = 'hrss.pension-payment';
const { topic } = datasets[dataset];
const lanes = 4;
const plan = planDatabase([
  subject({
    name: 'population',
    title: { zh: '人口', en: 'Population' },
    database: 'population',
    datasets: [dataset],
    fields: { paidTotal: sum('hrss.pension-payment.amount') },
  }),
]);
const citizens = ['340204199001011234', '340204199001011242', '340204199001011250'];

let store: TestDatabase;
let exchange: TestDatabase;
let pools: Database[];
let database: StewardDatabase;
let engine: SubjectEngine;
let codec: EventCodec;
let log: AccessLog;
let nextOffset = 0;

beforeAll(async () => {
  [store, exchange] = [await createTestDatabase(createTablesSql(plan)), await createTestDatabase('')];
  await migrate(exchange.url, exchangeMigrations);
  for (const role of ['huitong_reader', 'huitong_operator', 'huitong_steward', 'huitong_access', 'huitong_auditor'])
    await exchange.database.query(
      `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`,
    );
  await createLanes(store.database, lanes);
  await store.database.query(subjectDatabaseGrants);
  await exchange.database.query(exchangeGrants);
  const as = (role: string, { url }: TestDatabase): Database =>
    openDatabase({
      url: `${url}?options=${encodeURIComponent(`-c role=${role}`)}`,
      applicationName: 'spec',
      connectionsMax: 1,
    });
  pools = [
    as('huitong_reader', store),
    as('huitong_operator', store),
    as('huitong_steward', store),
    as('huitong_access', exchange),
  ];
  const [reader, operator, steward, access] = pools as [Database, Database, Database, Database];
  database = { name: 'population', plan, reader, operator, steward };
  log = new AccessLog(access);
  engine = new SubjectEngine(store.database, plan);
  codec = await EventCodec.connect(new SchemaRegistry(process.env['REGISTRY_URL']!), [dataset]);
}, 120_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await store.drop();
  await exchange.drop();
});

/** Publishes a payment as a department does that writes to Kafka without the gateway, and lets it be applied. */
async function pay(citizenId: string, amount: string, version = 1): Promise<ChangeEvent> {
  const event = {
    event_id: randomUUID(),
    verb: 'CREATED',
    previous_event_id: null,
    reason: 'PAID',
    source_record_id: `of-${citizenId}`,
    source_version: version,
    valid_from: null,
    valid_to: null,
    recorded_at: Date.now(),
    data: { citizenId, month: '2026-01-01', amount, bankAccount: null, payer: null },
  } as unknown as ChangeEvent;
  const lane = laneOf(citizenId, lanes);
  const claimed = await claimLanes(store.database, 'spec', [lane]);
  const headers = () => ({ ce_id: event.event_id, ce_subject: citizenId });
  const message = { offset: nextOffset++, key: Buffer.from(citizenId), value: codec.encode(dataset, event), headers };
  const incoming = await readMessages(codec, { dataset, topic, lane, messages: [message] });
  await engine.apply({ lanes: new Map(claimed.map((row) => [row.lane, row])), incoming });
  return event;
}

const owner = () => doReleaseRequests(store.database, engine, codec, [0, 1, 2, 3]);
const open = async () => (await listParked([database], { state: 'parked', datasets: undefined, limit: 10 })).parked;
const cause = { dataset, code: 'RECORD_REFUSED', schemaId: null } as const;
const stateOf = async (batch: string) => (await listBatches([database], 10)).find((one) => one.batch === batch);

describe('parked events', () => {
  it('of one cause are tried and released together, each with its outcome, and none twice', async () => {
    await pay(citizens[0]!, 'much');
    await pay(citizens[1]!, 'much');
    const dry = await askForParked(database, { choice: cause, action: 'try', by: 'operator', reason: undefined });
    expect(dry.asked).toBe(2);
    expect(await stateOf(dry.batch)).toMatchObject({ total: 2, done: 0, doneAt: null, department: 'hrss' });
    await owner();
    expect(await stateOf(dry.batch)).toMatchObject({ done: 2, outcomes: { 'parked again: RECORD_REFUSED': 2 } });
    // What the fix is to the second one: the bytes now say what can be applied.
    const [, second] = [await pay(citizens[2]!, '1.00'), (await open())[0]!];
    const { rows } = await store.database.query<{ value: Buffer }>('select value from parked where id = $1', [
      second.id,
    ]);
    const [read] = await codec.decode(dataset, [rows[0]!.value]);
    const event = (read as { event: ChangeEvent<typeof dataset> }).event;
    const value = codec.encode(dataset, { ...event, data: { ...event.data!, amount: '2.00' } });
    await store.database.query('update parked set value = $1 where id = $2', [value, second.id]);
    const ask = () => askForParked(database, { choice: cause, action: 'release', by: 'operator', reason: undefined });
    const [first, again] = [await ask(), await ask()];
    expect([first.asked, again.asked]).toEqual([2, 0]);
    await owner();
    expect(await stateOf(first.batch)).toMatchObject({
      done: 2,
      doneAt: expect.any(String),
      outcomes: { applied: 1, 'parked again: RECORD_REFUSED': 1 },
    });
    const events = await batchEvents(database, { batch: first.batch, after: 0, limit: 10 });
    expect(events.map(({ outcome }) => outcome)).toEqual(['parked again: RECORD_REFUSED', 'applied']);
    expect(await batchEvents(database, { batch: first.batch, after: events[0]!.id, limit: 10 })).toEqual([events[1]]);
    expect((await open()).map(({ id }) => id)).toEqual([events[0]!.id]);
  });

  it('are shown without any value, and with all to who says what for, once that is logged', async () => {
    const [parked] = await open();
    const masked = await openParked({ database, codec, log }, parked!.id);
    expect(masked).toMatchObject({
      code: 'RECORD_REFUSED',
      codeNow: null,
      problem: { field: 'data.amount' },
      envelope: { verb: 'CREATED', sourceVersion: 1 },
      json: null,
    });
    expect(masked.fields.find(({ name }) => name === 'data.amount')).toMatchObject({ isSet: true, value: null });
    const text = JSON.stringify(masked);
    for (const value of [citizens[0]!, 'much', `of-`, Buffer.from('much').toString('hex').match(/../g)!.join(' ')])
      expect(text).not.toContain(value);
    const { rows: none } = await exchange.database.query('select 1 from access_log');
    expect(none).toEqual([]);
    const reader = {
      caller: 'steward',
      role: 'steward',
      purpose: '更正来源错误',
      route: '/v1/parked/open',
      traceId: 't',
    };
    const seen = await openParked({ database, codec, log }, parked!.id, reader);
    expect(seen.fields.find(({ name }) => name === 'data.amount')).toMatchObject({ value: 'much' });
    expect(seen.json).toMatchObject({ data: { amount: 'much', citizenId: citizens[0] } });
    const { rows } = await exchange.database.query('select caller, purpose, subject, subject_id from access_log');
    expect(rows).toEqual([
      { caller: 'steward', purpose: '更正来源错误', subject: 'population', subject_id: citizens[0] },
    ]);
    await expect(openParked({ database, codec, log }, parked!.id, { ...reader, purpose: '' })).rejects.toMatchObject({
      code: 'PURPOSE_REQUIRED',
    });
    await expect(openParked({ database, codec, log }, 999_999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are given up by two people, and kept where one takes it back', async () => {
    const [parked] = await open();
    const ask = () =>
      askForParked(database, {
        choice: { ids: [parked!.id] },
        action: 'discard',
        by: 'operator',
        reason: '来源已注销',
      });
    const { batch } = await ask();
    await expect(judgeDiscard(database, { batch, by: 'operator', agreed: true })).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
    });
    expect(await judgeDiscard(database, { batch, by: 'operator', agreed: false })).toBe(1);
    expect(await judgeDiscard(database, { batch, by: 'steward', agreed: true })).toBe(0);
    await owner();
    expect(await stateOf(batch)).toMatchObject({ outcomes: { refused: 1 }, agreed: false });
    expect(await open()).toHaveLength(1);
  });

  it('are applied as corrected, once the correction is one that the gateway would take', async () => {
    const [parked] = await open();
    const { json } = await openParked({ database, codec, log }, parked!.id, {
      ...{ caller: 'steward', role: 'steward', purpose: '更正来源错误', route: '/v1/parked/open', traceId: 't' },
    });
    const event = json as { data: object };
    const correct = (amount: string) =>
      askForCorrection(database, {
        id: parked!.id,
        corrected: { ...event, data: { ...event.data, amount } },
        by: 'steward',
        reason: '与银行回单核对',
      });
    expect(await correct('x')).toMatchObject({ problem: { field: 'data.amount' } });
    const asked = await correct('3.00');
    expect(asked).toMatchObject({ asked: 1 });
    await owner();
    expect(await open()).toEqual([]);
    const { rows } = await store.database.query(
      `select amount::text from fact_hrss_pension_payment where subject_id = $1`,
      [citizens[0]],
    );
    expect(rows).toEqual([{ amount: '3.00' }]);
    const { versions } = await openParked({ database, codec, log }, parked!.id);
    expect(versions).toMatchObject([{ state: 'present', eventId: parked!.eventId }]);
  });
});
