import { datasets, type DatasetDeclaration } from '@huitong/change-event';
import { describe, expect, it } from '@jest/globals';
import { databases, subjectLinks, subjectPlans } from './index.ts';

const held = [...databases.values()].flatMap(({ factTables }) => factTables.map(({ dataset }) => dataset));
/** Columns with the id of somebody who is in no relation to the subject that a picture should draw. */
const notDrawn = [
  'mca.cremation.handlerId',
  'mca.cremation.funeralHomeCreditCode',
  'nhc.birth.institutionCreditCode',
  'nhc.death-certificate.institutionCreditCode',
];

describe('the links between subjects', () => {
  it.each(subjectLinks.map((one) => [one.column, one] as const))('%s leads to ids of its subject', (_, one) => {
    const target = subjectPlans.get(one.subject);
    const dataset = held.find((name) => one.column.startsWith(`${name}.`));
    const declared: DatasetDeclaration | undefined = dataset && datasets[dataset];
    const field = declared?.fields[one.column.slice(dataset!.length + 1)];
    expect(field).toBeDefined();
    expect([undefined, target!.subjectCheck]).toContain(field!.check);
  });

  it('are all that the datasets state by an id, but for those that are left out on purpose', () => {
    const kinds: ReadonlySet<string> = new Set([...subjectPlans.values()].map(({ subjectCheck }) => subjectCheck));
    const aliases = [...subjectPlans.values()].flatMap(({ declaration }) => declaration.aliases ?? []);
    const columns = held.flatMap((dataset) => {
      const { fields, subjectKey }: DatasetDeclaration = datasets[dataset];
      return Object.entries(fields).flatMap(([name, { check }]) =>
        check !== undefined && kinds.has(check) && name !== subjectKey ? [`${dataset}.${name}`] : [],
      );
    });
    const known = new Set<string>([...subjectLinks.map(({ column }) => column), ...aliases, ...notDrawn]);
    expect(columns.filter((column) => !known.has(column))).toEqual([]);
    expect(notDrawn.filter((column) => !columns.includes(column))).toEqual([]);
  });
});
