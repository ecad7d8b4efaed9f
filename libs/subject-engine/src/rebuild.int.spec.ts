import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { compareRecords, repairRecords } from './compare.ts';
import { Traffic } from './compare-traffic.spec.ts';
import { deriveRecords } from './oracle.ts';
import { rebuildSubject, swapBack } from './rebuild.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

const personPlan = people.subjects[0]!;
let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
  await city.database.query('grant select on person to pg_read_all_stats');
});
afterEach(async () => {
  await city.empty();
  await city.database.query('drop table if exists person_previous, person_next');
});
afterAll(() => city.drop());

/** Alters two records and deletes one, of subjects that nothing else is told of. */
async function drift(): Promise<void> {
  for (const subjectId of ['d1', 'd2', 'd3'])
    await city.apply(factOf({ subjectId, version: 1, data: { name: '甲', householdAddress: '镜湖区' } }));
  await city.database.query(`update person set name = '丁' where id in ('d1', 'd2')`);
  await city.database.query(`delete from person where id = 'd3'`);
}

/** The facts that {@link drift} published are plain, so that their records can be written down. */
function withDrifted(records: Map<string, Record<string, unknown>>): Map<string, Record<string, unknown>> {
  const plain = { plates: null, vehicles: 0, lastPaid: null, paidTotal: null, registered: true };
  for (const id of ['d1', 'd2', 'd3']) records.set(id, { ...plain, name: '甲', address: '镜湖区' });
  return records;
}

async function tableNames(): Promise<string[]> {
  const { rows } = await city.database.query<{ name: string }>(
    `select relname as name from pg_class where relname like 'person%' and relkind in ('r', 'i')
     and relname not like 'person_history%' order by 1`,
  );
  return rows.map(({ name }) => name);
}

describe('a rebuild', () => {
  it('swaps in what the facts say while an engine goes on with its statements, and swaps back', async () => {
    const traffic = new Traffic(city, 3);
    await traffic.load('t', 400, 2_000);
    await drift();
    traffic.start('t', 400);
    const outcome = await rebuildSubject(city.database, personPlan);
    expect(outcome).toMatchObject({ status: 'swapped', differences: { differing: 2, missing: 1, extra: 0 } });
    expect(outcome.differences.fields).toEqual({ name: 2 });
    const afterSwap = traffic.applied;
    while (traffic.applied < afterSwap + 200) await new Promise((resolve) => setTimeout(resolve, 10));
    await traffic.stop();
    const expected = (): Map<string, Record<string, unknown>> =>
      withDrifted(deriveRecords(people, traffic.facts.values()).get('person')!);
    expect(await city.records()).toEqual(expected());
    expect(await city.unknownFacts()).toEqual([]);
    expect(await tableNames()).toEqual(['person', 'person_pkey', 'person_previous', 'person_previous_pkey']);
    const { rows } = await city.database.query(
      `select has_table_privilege('pg_read_all_stats', 'person', 'select') as granted,
         array(select reloptions from pg_class where oid = 'person'::regclass)::text as settings,
         array(select subject_id from person_history where dataset = 'rebuild' order by 1) as told`,
    );
    expect(rows).toEqual([{ granted: true, settings: '{{fillfactor=80}}', told: ['d1', 'd2', 'd3'] }]);

    traffic.start('t', 400);
    expect(await swapBack(city.database, personPlan)).toMatchObject({ status: 'swapped' });
    const afterBack = traffic.applied;
    while (traffic.applied < afterBack + 200) await new Promise((resolve) => setTimeout(resolve, 10));
    await traffic.stop();
    const found = await compareRecords(city.database, personPlan);
    expect(found.examples.map(({ id }) => id).toSorted()).toEqual(['d1', 'd2', 'd3']);
    await repairRecords(city.database, personPlan);
    expect(await city.records()).toEqual(expected());
    expect(await city.unknownFacts()).toEqual([]);
  }, 120_000);

  it('keeps up with an engine through ten rebuilds in a row', async () => {
    const traffic = new Traffic(city, 4);
    await traffic.load('t', 60, 500);
    traffic.start('t', 60);
    for (let round = 0; round < 10; round += 1)
      expect(await rebuildSubject(city.database, personPlan, { differencesMax: 0 })).toMatchObject({
        status: 'swapped',
        differences: { examples: [] },
      });
    await traffic.stop();
    expect(await city.records()).toEqual(deriveRecords(people, traffic.facts.values()).get('person'));
    expect(await city.unknownFacts()).toEqual([]);
  }, 120_000);

  it('derives again what a change of facts made right in the live table without a trace', async () => {
    const of = (version: number, name: string) =>
      factOf({ subjectId: 'd1', version, verb: version === 1 ? 'CREATED' : 'CORRECTED', data: { name } });
    await city.apply(of(1, '甲'));
    // Drifted to what the next event says, so that the engine has nothing to write and the history tells nothing.
    await city.database.query(`update person set name = '乙'`);
    let applied: Promise<unknown> | undefined;
    const outcome = await rebuildSubject(city.database, personPlan, {
      onProgress: () => {
        applied ??= city.apply(of(2, '乙'));
      },
    });
    await applied;
    expect(outcome.status).toBe('swapped');
    expect((await city.records()).get('d1')).toMatchObject({ name: '乙' });
    expect(await compareRecords(city.database, personPlan)).toMatchObject({ examples: [] });
  });

  it('leaves out records that no fact speaks of, though there are no others', async () => {
    await city.database.query(`insert into person (id, name) values ('x1', '无')`);
    expect(await rebuildSubject(city.database, personPlan)).toMatchObject({
      status: 'swapped',
      records: { live: 1, next: 0 },
      differences: { missing: 0, extra: 1, differing: 0 },
    });
    expect(await city.records()).toEqual(new Map());
  });

  it('says what would change, and changes nothing, when it is a trial or too much differs', async () => {
    await drift();
    const before = await city.records();
    const trial = await rebuildSubject(city.database, personPlan, { dryRun: true });
    expect(trial).toMatchObject({ status: 'compared', differences: { differing: 2, missing: 1 } });
    const refused = await rebuildSubject(city.database, personPlan, { differencesMax: 2 });
    expect(refused).toMatchObject({ status: 'refused', records: { live: 2, next: 3 } });
    expect(await city.records()).toEqual(before);
    expect(await tableNames()).toEqual(['person', 'person_pkey']);
    await expect(swapBack(city.database, personPlan)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('waits for a reader that holds the table without holding up the lanes for long', async () => {
    const traffic = new Traffic(city, 5);
    await traffic.load('t', 50, 200);
    const reader = await city.database.connect();
    await reader.query('begin');
    await reader.query('select count(*) from person');
    traffic.start('t', 50);
    const begun = Promise.withResolvers<void>();
    const rebuilt = rebuildSubject(city.database, personPlan, { onProgress: () => begun.resolve() });
    await begun.promise;
    await expect(rebuildSubject(city.database, personPlan)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await reader.query('commit');
    reader.release();
    expect(await rebuilt).toMatchObject({ status: 'swapped' });
    await traffic.stop();
    expect(await city.records()).toEqual(deriveRecords(people, traffic.facts.values()).get('person'));
    expect(await city.unknownFacts()).toEqual([]);
  }, 120_000);
});
