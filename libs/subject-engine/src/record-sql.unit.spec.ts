import { describe, expect, it } from '@jest/globals';
import { anyDataset, bitOf, datasetsOf } from './present-datasets.ts';
import { compileRecordStatements } from './record-sql.ts';
import { people } from './test-people.spec.ts';

const person = people.subjects[0]!;
const datasets = person.factTables.map(({ dataset }) => dataset);

describe('the statement that derives records', () => {
  it('looks into the datasets that the subjects have facts of, and no other', () => {
    const { recompute } = compileRecordStatements(person);
    for (const { dataset, table } of person.factTables) {
      const { text } = recompute(bitOf(dataset));
      const others = person.factTables.filter((fact) => !datasetsOf(person, bitOf(dataset)).includes(fact.dataset));
      expect(text).toContain(`from ${table} `);
      for (const other of others) expect(text).not.toContain(other.table);
    }
    for (const { table } of person.factTables) expect(recompute(anyDataset).text).toContain(`from ${table} `);
  });

  it('has one name for one text, that PostgreSQL does not cut', () => {
    const { recompute } = compileRecordStatements(person);
    const texts = new Map<string, string>();
    for (const bits of [anyDataset, ...datasets.flatMap((one) => datasets.map((other) => bitOf(one) | bitOf(other)))]) {
      const { name, text } = recompute(bits);
      expect(name.length).toBeLessThan(64);
      expect(texts.get(name) ?? text).toBe(text);
      texts.set(name, text);
      expect(recompute(bits)).toBe(recompute(bits));
    }
  });
});

describe('the bits of datasets', () => {
  it('are one each, within a bigint of PostgreSQL, and stay as they are', () => {
    for (const dataset of datasets) {
      const bit = bitOf(dataset);
      expect(bit > 0n && bit < 1n << 62n && (bit & (bit - 1n)) === 0n).toBe(true);
    }
    // What is in the databases was written with these.
    expect(bitOf('psb.household-register').toString(2).length).toBe(47);
    expect(datasetsOf(person, anyDataset)).toEqual(datasets);
    expect(datasetsOf(person, 0n)).toEqual([]);
  });
});
