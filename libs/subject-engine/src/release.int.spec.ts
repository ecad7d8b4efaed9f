import { EventCodec, SchemaRegistry } from '@huitong/change-event';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { doReleaseRequests } from './release.ts';
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

async function ask(action: 'release' | 'discard', parkedId: number): Promise<string | null> {
  const { rows } = await city.database.query<{ id: number }>(
    `insert into release_request (parked_id, action, requested_by) values ($1, $2, 'operator') returning id`,
    [parkedId, action],
  );
  await doReleaseRequests(city.database, city.engine, codec, [0, 1, 2, 3]);
  const done = await city.database.query<{ outcome: string | null }>(
    'select outcome from release_request where id = $1',
    [rows[0]!.id],
  );
  return done.rows[0]!.outcome;
}

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
    const { rows } = await city.database.query('select outcome from event_log order by kafka_offset');
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
