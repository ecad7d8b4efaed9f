import { EventCodec, SchemaRegistry } from '@huitong/change-event';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { doReleaseRequests } from './release.ts';
import { allOutcomes } from './event-outcomes.ts';
import type { PlainFact } from './oracle.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

let city: TestPeople;
let codec: EventCodec;

beforeAll(async () => {
  city = await TestPeople.create();
  const registry = new SchemaRegistry(process.env['REGISTRY_URL'] ?? '');
  codec = await EventCodec.connect(
    registry,
    people.factTables.map(({ dataset }) => dataset),
  );
});
afterEach(() => city.empty());
afterAll(() => city.drop());

const apply = (...facts: PlainFact[]) =>
  city.engine.apply({ lanes: city.lanes, incoming: facts.map((fact) => city.message(fact, codec)) });

type Action = 'try' | 'release' | 'discard' | 'send-back';

/** Asks as an operator; what gives up for good is agreed to by a steward. */
async function ask(action: Action, parkedId: number, corrected?: object): Promise<string | null> {
  const { rows } = await city.database.query<{ id: number }>(
    `insert into release_request (parked_id, action, requested_by, reason, corrected) values ($1, $2, 'operator', '端到端', $3) returning id`,
    [parkedId, action, corrected],
  );
  if (action === 'discard') await judge(rows[0]!.id, 'steward', true);
  return done(rows[0]!.id);
}

const judge = (id: number, by: string, agreed: boolean) =>
  city.database.query('update release_request set judged_by = $2, agreed = $3 where id = $1', [id, by, agreed]);

async function done(id: number): Promise<string | null> {
  await doReleaseRequests(city.database, city.engine, codec, [0, 1, 2, 3]);
  const { rows } = await city.database.query<{ outcome: string | null }>(
    'select outcome from release_request where id = $1',
    [id],
  );
  return rows[0]!.outcome;
}

/** The JSON form of a correction of an event that {@link factOf} made. */
const corrected = ({ event }: PlainFact, changes: object): object => ({
  eventId: event.event_id,
  verb: event.verb,
  reason: event.reason,
  sourceRecordId: event.source_record_id,
  sourceVersion: event.source_version,
  recordedAt: new Date(event.recorded_at).toISOString(),
  ...changes,
});

/** Passes Avro, where an amount is text, and is no number. */
const refusedPayment = { month: '2026-01-01', amount: 'much' };

/** A conflict, and a later version that is held back behind it. */
async function parkTwo(): Promise<void> {
  await apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
  await apply(factOf({ subjectId: 'p1', version: 1, data: { name: '乙' } }));
  await apply(factOf({ subjectId: 'p1', version: 2, verb: 'CORRECTED', data: { name: '丙' } }));
}

describe('releasing parked events', () => {
  it('applies the event with the later ones that it held back, and changes nothing when asked again', async () => {
    await parkTwo();
    const [conflict] = await city.parked();
    expect(await ask('release', conflict!.id)).toBe('superseded');
    expect(await city.parked()).toMatchObject([{ state: 'released' }, { state: 'released' }]);
    expect((await city.records()).get('p1')).toMatchObject({ name: '丙' });
    const { rows } = await city.database.query(`select outcome from ${allOutcomes()} o order by kafka_offset`);
    expect(rows).toEqual([{ outcome: 'applied' }, { outcome: 'superseded' }, { outcome: 'applied' }]);
    expect(await ask('release', conflict!.id)).toBe('nothing to do');
  });

  it('leaves parked what still cannot be applied, and says why', async () => {
    await apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
    await apply(factOf({ subjectId: 'p1', version: 1, data: { name: '乙' } }));
    const [conflict] = await city.parked();
    expect(await ask('release', conflict!.id)).toBe('parked again: VERSION_CONFLICT');
    expect(await city.parked()).toMatchObject([{ state: 'parked', code: 'VERSION_CONFLICT' }]);
  });

  it('is not stopped by an event that the database refuses again', async () => {
    await apply(factOf({ dataset: 'hrss.pension-payment', subjectId: 'p1', version: 1, data: refusedPayment }));
    const [refused] = await city.parked();
    expect(refused).toMatchObject({ code: 'RECORD_REFUSED' });
    expect(await ask('release', refused!.id)).toBe('parked again: RECORD_REFUSED');
    expect(await ask('discard', refused!.id)).toBe('discarded');
  });

  it('discards for good, after which what was held back can be released', async () => {
    await parkTwo();
    const [conflict, held] = await city.parked();
    expect(await ask('discard', conflict!.id)).toBe('discarded');
    expect(await ask('release', held!.id)).toBe('applied');
    expect((await city.records()).get('p1')).toMatchObject({ name: '丙' });
    expect(await ask('discard', conflict!.id)).toBe('nothing to do');
  });

  it('says in a dry run what would become of each, and changes nothing', async () => {
    await parkTwo();
    const before = [await city.parked(), await city.records()];
    const [conflict, held] = await city.parked();
    expect(await ask('try', conflict!.id)).toBe('superseded');
    expect(await ask('try', held!.id)).toBe('applied');
    await apply(factOf({ dataset: 'hrss.pension-payment', subjectId: 'p1', version: 1, data: refusedPayment }));
    const [, , refused] = await city.parked();
    expect(await ask('try', refused!.id)).toBe('parked again: RECORD_REFUSED');
    expect([(await city.parked()).slice(0, 2), await city.records()]).toEqual(before);
    const { rows } = await city.database.query(
      `select outcome from ${allOutcomes()} o order by applied_at, kafka_offset`,
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(['applied', 'parked', 'parked', 'parked']);
  });

  it('gives nothing up for good on the word of one person', async () => {
    await parkTwo();
    const [conflict] = await city.parked();
    const insert = `insert into release_request (parked_id, action, requested_by, reason) values ($1, 'discard', 'operator', '重复') returning id`;
    const { rows } = await city.database.query<{ id: number }>(insert, [conflict!.id]);
    expect(await done(rows[0]!.id)).toBeNull();
    await expect(judge(rows[0]!.id, 'operator', true)).rejects.toMatchObject({ constraint: 'second_person' });
    await expect(city.database.query(insert, [conflict!.id])).rejects.toMatchObject({
      constraint: 'release_request_open',
    });
    await judge(rows[0]!.id, 'operator', false);
    expect(await done(rows[0]!.id)).toBe('refused');
    expect(await city.parked()).toMatchObject([{ state: 'parked' }, { state: 'parked' }]);
    const again = await city.database.query<{ id: number }>(insert, [conflict!.id]);
    await judge(again.rows[0]!.id, 'steward', true);
    expect(await done(again.rows[0]!.id)).toBe('discarded');
  });

  it('sends an event back, after which what its source sends anew is not held back', async () => {
    const payment = (version: number, amount: string) =>
      factOf({
        dataset: 'hrss.pension-payment',
        subjectId: 'p1',
        version,
        data: { month: '2026-01-01', amount },
      });
    await apply(payment(1, 'much'));
    const [refused] = await city.parked();
    expect(await ask('send-back', refused!.id)).toBe('sent-back');
    await apply(payment(2, '12.50'));
    expect((await city.records()).get('p1')).toMatchObject({ paidTotal: '12.50' });
    const { rows } = await city.database.query(
      `select p.settled_reason, e.outcome from parked p join ${allOutcomes()} e using (event_id)`,
    );
    expect(rows).toEqual([{ settled_reason: '端到端', outcome: 'sent-back' }]);
  });

  it('applies a correction in the place of an event, and keeps the bytes that came', async () => {
    const subjectId = '340204199001011234';
    const month = '2026-01-01';
    const fact = factOf({ dataset: 'hrss.pension-payment', subjectId, version: 1, data: { month, amount: 'much' } });
    await apply(fact);
    const [refused] = await city.parked();
    const right = (changes: object = {}) =>
      corrected(fact, { data: { citizenId: subjectId, month, amount: '8.00' }, ...changes });
    expect(await ask('release', refused!.id, right({ sourceRecordId: 'another' }))).toBe('refused: SUBJECT_MISMATCH');
    expect(await ask('release', refused!.id, right({ eventId: randomUUID() }))).toBe('refused: SUBJECT_MISMATCH');
    expect(await ask('release', refused!.id, right({ data: { citizenId: subjectId, month, amount: 'x' } }))).toBe(
      'refused: RECORD_REFUSED',
    );
    expect(await ask('release', refused!.id, right())).toBe('applied');
    expect((await city.records()).get(subjectId)).toMatchObject({ paidTotal: '8.00' });
    const { rows } = await city.database.query<{ value: Buffer; corrected: { data: object } }>(
      'select value, corrected from parked',
    );
    expect(rows[0]!.value.equals(codec.encode('hrss.pension-payment', fact.event))).toBe(true);
    expect(rows[0]!.corrected.data).toMatchObject({ amount: '8.00' });
    expect(await ask('release', refused!.id, right())).toBe('nothing to do');
  });

  it('leaves requests alone that are about lanes of another member', async () => {
    await parkTwo();
    const [conflict] = await city.parked();
    await city.database.query(
      `insert into release_request (parked_id, action, requested_by) values ($1, 'release', 'operator')`,
      [conflict!.id],
    );
    const { rows } = await city.database.query<{ lane: number }>('select lane from parked limit 1');
    const others = [0, 1, 2, 3].filter((lane) => lane !== rows[0]!.lane);
    expect(await doReleaseRequests(city.database, city.engine, codec, others)).toBe(0);
    expect(await doReleaseRequests(city.database, city.engine, codec, [rows[0]!.lane])).toBe(1);
  });
});
