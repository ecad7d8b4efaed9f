import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allOutcomes, outcomesOf } from './event-outcomes.ts';
import type { PlainFact } from './oracle.ts';
import { factOf, TestPeople } from './test-people.spec.ts';

let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
});
afterAll(() => city.drop());

const withId = (fact: PlainFact, id: string): PlainFact => ({ ...fact, event: { ...fact.event, event_id: id } });

async function outcomes(relation: string, ...values: unknown[]): Promise<string[]> {
  const { rows } = await city.database.query<{ event_id: string; subject_id: string; outcome: string }>(
    `select event_id, subject_id, outcome from ${relation} o order by event_id`,
    values,
  );
  return rows.map(({ event_id, subject_id, outcome }) => `${event_id.slice(0, 13)} ${subject_id} ${outcome}`);
}

const logged = async (): Promise<number> => (await city.database.query('select 1 from event_log')).rows.length;

/** Made at these hours of one day; the last does not say when. */
const first = '018bcfe5-6800-7abc-8def-000000000001';
const later = '018bd088-1800-7abc-8def-000000000002';
const untimed = '5a0b8f0e-0000-4abc-8def-000000000003';

describe('what became of events', () => {
  it('is told once of each, whatever its id and however often it comes', async () => {
    const one = withId(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }), first);
    const two = withId(factOf({ subjectId: 'p2', version: 1, data: { name: '乙' } }), later);
    const three = withId(factOf({ subjectId: 'p3', version: 1, data: { name: '丙' } }), untimed);
    await city.apply(one, two, three);
    const expected = ['018bcfe5-6800 p1 applied', '018bd088-1800 p2 applied', '5a0b8f0e-0000 p3 applied'];
    expect(await outcomes(allOutcomes())).toEqual(expected);
    expect(await outcomes(outcomesOf('$1::uuid[]'), [first, later, untimed])).toEqual(expected);
    // Hours apart, so that each is in a row of its own; and the one that nobody would find by its time has a row here.
    expect((await city.database.query('select 1 from applied_chunk')).rows).toHaveLength(2);
    expect(await logged()).toBe(1);

    // Again, each in the same chunk as its repetition, and behind a newer version of its source record.
    await city.apply(one, one, two, three);
    await city.apply(withId(factOf({ subjectId: 'p1', version: 2, data: { name: '甲' } }), first.replace(/1$/, '9')));
    await city.apply(one, three);
    expect(await outcomes(outcomesOf('$1::uuid[]'), [first, later, untimed])).toEqual(expected);
    expect(await logged()).toBe(1);
  });

  it('is looked up for what came late, and is nothing for what never came', async () => {
    const older = withId(factOf({ subjectId: 'p1', version: 0, data: { name: '甲' } }), later.replace(/2$/, '8'));
    await city.apply(older);
    expect(await outcomes(outcomesOf('$1::uuid[]'), [older.event.event_id])).toEqual(['018bd088-1800 p1 superseded']);
    expect(await outcomes(outcomesOf('$1::uuid[]'), [later.replace(/2$/, '7')])).toEqual([]);
  });
});
