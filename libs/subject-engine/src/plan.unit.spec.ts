import { describe, expect, it } from '@jest/globals';
import { count, from, inForce, subject, type ColumnReference, type FieldDeclaration } from './declaration.ts';
import { planDatabase } from './plan.ts';

const declared = (
  datasets: readonly string[],
  fields: Record<string, FieldDeclaration>,
  aliases: ColumnReference[] = [],
) => subject({ name: 'person', title: { zh: '人', en: 'Person' }, database: 'person', datasets, fields, aliases });

describe('planning a database', () => {
  it('tells how the ids of a subject are checked', () => {
    const plan = planDatabase([declared(['psb.vehicle', 'mca.marriage'], { vehicles: count('psb.vehicle') })]);
    expect(plan.subjects[0]!.subjectCheck).toBe('person-id');
  });

  it.each([
    ['without datasets', declared([], {})],
    ['of a dataset that has no schema', declared(['psb.passport'], {})],
    ['with a field of a column that the dataset has not', declared(['psb.vehicle'], { a: from('psb.vehicle.wings') })],
    [
      'with a field whose sources differ in type',
      declared(['psb.vehicle'], { a: from('psb.vehicle.seats', 'psb.vehicle.brand') }),
    ],
    [
      'that is looked up by a field that it has not',
      subject({
        ...declared(['psb.vehicle'], { vehicles: count('psb.vehicle') }),
        searched: { name: ['name'], address: [] },
      }),
    ],
    [
      'whose datasets check its id in more than one way',
      declared(['psb.vehicle', 'hcb.dwelling'], { a: inForce('psb.vehicle') }),
    ],
  ])('refuses a subject %s', (_, declaration) => {
    expect(() => planDatabase([declaration])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('refuses two subjects with aliases, since a database has one table of identities', () => {
    const aliased = declared(['psb.residence-permit'], {}, ['psb.residence-permit.formerCardNo']);
    expect(() => planDatabase([aliased, aliased])).toThrow(/aliases/);
  });
});
