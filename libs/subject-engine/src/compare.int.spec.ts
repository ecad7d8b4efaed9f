import { laneOf } from '@huitong/change-event';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { compareRecords, repairRecords } from './compare.ts';
import { Traffic } from './compare-traffic.spec.ts';
import { deriveRecords } from './oracle.ts';
import { relayChanges } from './relay.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

const personPlan = people.subjects[0]!;
let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
});
afterEach(() => city.empty());
afterAll(() => city.drop());

/** Rows of `q` altered, deleted and added by hand: 10, 8 and 7. */
async function tamper(): Promise<string[]> {
  const { rows } = await city.database.query<{ id: string }>(
    `select id from person where id like 'q%' and id not in (select id from identity) order by md5(id) limit 18`,
  );
  const ids = rows.map(({ id }) => id);
  const [altered, deleted] = [ids.slice(0, 10), ids.slice(10)];
  const added = Array.from({ length: 7 }, (_, at) => `qz${at}`);
  await city.database.query(`update person set name = name || '?', vehicles = vehicles + 1 where id = any($1)`, [
    altered.slice(0, 5),
  ]);
  await city.database.query(`update person set "paidTotal" = coalesce("paidTotal", 0) + 1 where id = any($1)`, [
    altered.slice(5),
  ]);
  await city.database.query('delete from person where id = any($1)', [deleted]);
  await city.database.query(`insert into person (id, name) select unnest($1::text[]), '丁'`, [added]);
  return [...ids, ...added].toSorted();
}

async function repairedIds(): Promise<string[]> {
  const { rows } = await city.database.query<{ subject_id: string }>(
    `select subject_id from person_history where dataset = 'repair' order by subject_id`,
  );
  return rows.map(({ subject_id }) => subject_id);
}

describe('a sweep of the records', () => {
  it('finds nothing while events are applied, links between ids included', async () => {
    const traffic = new Traffic(city, 1);
    await traffic.load('q', 300, 1_500);
    traffic.start('q', 300);
    for (let round = 0; round < 20; round += 1)
      expect(await compareRecords(city.database, personPlan, { parallel: 2 })).toMatchObject({ examples: [] });
    await traffic.stop();
    expect(await city.records()).toEqual(deriveRecords(people, traffic.facts.values()).get('person'));
    expect(await city.unknownFacts()).toEqual([]);
  }, 120_000);

  it('finds and repairs each record that was altered, deleted or added, and no other, beside traffic', async () => {
    const traffic = new Traffic(city, 2);
    await traffic.load('q', 300, 1_500);
    await traffic.load('t', 300, 1_000);
    traffic.start('t', 300);
    const tampered = await tamper();
    const found = await compareRecords(city.database, personPlan);
    expect(found).toMatchObject({ missing: 8, extra: 7, differing: 10, repaired: 0 });
    expect(found.examples.map(({ id }) => id).toSorted()).toEqual(tampered);
    expect(found.fields).toMatchObject({ vehicles: 5, paidTotal: 5 });
    expect(await repairRecords(city.database, personPlan)).toMatchObject({ repaired: 25, fields: found.fields });
    expect(await compareRecords(city.database, personPlan)).toMatchObject({ examples: [] });
    await traffic.stop();
    expect(await repairedIds()).toEqual(tampered);
    expect(await city.records()).toEqual(deriveRecords(people, traffic.facts.values()).get('person'));
    expect(await city.unknownFacts()).toEqual([]);
  }, 120_000);

  it('finds a lost record of a subject that has facts under a later id only, and one under an id that is an alias', async () => {
    const data = { name: '甲', formerCardNo: 'p1' };
    await city.apply(factOf({ dataset: 'psb.residence-permit', subjectId: 'p2', version: 1, data }));
    const expected = await city.records();
    expect([...expected.keys()]).toEqual(['p1']);
    await city.database.query(`update person set id = 'p2'`);
    const found = await compareRecords(city.database, personPlan);
    expect(found.examples.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: 'p1', kind: 'missing', fields: [] },
      { id: 'p2', kind: 'extra', fields: [] },
    ]);
    await repairRecords(city.database, personPlan, { ids: ['p2'] });
    expect(await city.records()).toEqual(expected);
  });

  it('does not report what is settled by the time that the lanes are held', async () => {
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
    await city.database.query(`update person set name = '乙'`);
    const writer = await city.database.connect();
    await writer.query('begin');
    await writer.query('select lane from lane for update');
    const found = repairRecords(city.database, personPlan);
    const isWaiting = async (): Promise<boolean> => {
      const { rows } = await city.database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    };
    while (!(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 10));
    await writer.query(`update person set name = '甲'`);
    await writer.query('commit');
    writer.release();
    expect(await found).toMatchObject({ compared: 1, differing: 0, repaired: 0, examples: [] });
  });

  it('looks at the given ids or range only', async () => {
    for (const subjectId of ['p1', 'p2', 'p3'])
      await city.apply(factOf({ subjectId, version: 1, data: { name: '甲' } }));
    await city.database.query('delete from person');
    expect(await compareRecords(city.database, personPlan, { ids: ['p2'] })).toMatchObject({ missing: 1, compared: 1 });
    const range = { after: 'p1', to: 'p2' };
    expect(await repairRecords(city.database, personPlan, { range })).toMatchObject({ missing: 1, repaired: 1 });
    expect([...(await city.records()).keys()]).toEqual(['p2']);
  });

  it('tells subscribers of a repair by the lane of the subject', async () => {
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
    await relayChanges(city.database, people, [0, 1, 2, 3], () => Promise.resolve());
    await city.database.query(`update person set name = '乙'`);
    await repairRecords(city.database, personPlan);
    const sent: unknown[] = [];
    await relayChanges(city.database, people, [0, 1, 2, 3], (_topic, messages) => {
      for (const { value } of messages) sent.push((JSON.parse(value!.toString()) as { data: unknown }).data);
      return Promise.resolve();
    });
    expect(sent).toMatchObject([
      { change: 'changed', dataset: 'repair', eventIds: [], before: { name: '乙' }, after: { name: '甲' } },
    ]);
    const { rows } = await city.database.query(`select lane from person_history where dataset = 'repair'`);
    expect(rows).toEqual([{ lane: laneOf('p1', 4) }]);
  });
});
