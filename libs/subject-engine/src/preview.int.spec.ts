import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { count, from, subject } from './declaration.ts';
import { planDatabase, type SubjectPlan } from './plan.ts';
import { previewSubject } from './preview.ts';
import { factOf, people, person, TestPeople } from './test-people.spec.ts';

let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
  for (const subjectId of ['p1', 'p2', 'p3'])
    await city.apply(
      factOf({
        subjectId,
        version: 1,
        data: { name: '甲', householdAddress: '镜湖区', householdNo: subjectId === 'p3' ? null : 'h' },
      }),
    );
  // `p2` is an earlier id of `p4`: one record of two ids.
  await city.apply(
    factOf({
      dataset: 'psb.residence-permit',
      subjectId: 'p1',
      version: 1,
      data: { name: '乙', residenceAddress: '弋江区' },
    }),
    factOf({ dataset: 'psb.residence-permit', subjectId: 'p4', version: 1, data: { name: '丁', formerCardNo: 'p2' } }),
  );
});
afterAll(() => city.drop());

/** The person's database, declared otherwise. */
function declared(change: Partial<typeof person> | Record<string, unknown>): SubjectPlan {
  return planDatabase([subject({ ...person, ...change })]).subjects[0]!;
}

async function everything(): Promise<unknown> {
  const tables = ['person', 'person_history', ...people.factTables.map(({ table }) => table)];
  const rows = tables.map((table) => city.database.query(`select t::text, xmin::text from ${table} t order by 1`));
  const names = city.database.query('select relname from pg_class where relnamespace = 2200 order by 1');
  return (await Promise.all([...rows, names])).map((result) => result.rows);
}

describe('a preview', () => {
  it('finds nothing to change where the declaration is what it was', async () => {
    const preview = await previewSubject(city.database, people.subjects[0]!);
    expect(preview).toEqual({
      differences: { missing: 0, extra: 0, differing: 0, fields: {}, examples: [] },
      ...{ compared: 4, newFields: [], removedFields: {}, newDatasets: [], newColumns: [] },
    });
  });

  it('counts what a new order of sources, new and removed fields would change, and changes nothing', async () => {
    const before = await everything();
    const { plates: _plates, registered: _registered, ...others } = person.fields;
    const plan = declared({
      fields: {
        ...others,
        name: from('psb.residence-permit.name', 'psb.household-register.name'),
        householdNo: from('psb.household-register.householdNo'),
        payments: count('hrss.pension-payment'),
      },
    });
    const preview = await previewSubject(city.database, plan);
    // The names of `p1` and of the subject of `p2` and `p4`; the household numbers of `p1` and `p2`, not of `p3`, who has none.
    expect(preview.differences).toMatchObject({
      missing: 0,
      extra: 0,
      differing: 2,
      fields: { name: 2, householdNo: 2 },
    });
    expect(preview.newFields).toEqual(['householdNo', 'payments']);
    expect(preview.removedFields).toEqual({ plates: 0, registered: 3 });
    expect(await everything()).toEqual(before);
  });

  it('names a dataset and a column whose facts are not there yet', async () => {
    const plan = declared({
      datasets: [...person.datasets, 'nhc.death-certificate'],
      fields: { ...person.fields, diedOn: from('nhc.death-certificate.deathDate') },
    });
    expect(await previewSubject(city.database, plan)).toMatchObject({
      differences: { missing: 0, extra: 0, differing: 0 },
      newDatasets: ['nhc.death-certificate'],
      newFields: ['diedOn'],
    });
    await city.database.query('alter table fact_psb_vehicle drop column seats');
    expect(await previewSubject(city.database, people.subjects[0]!)).toMatchObject({
      newColumns: ['psb.vehicle.seats'],
    });
  });
});
