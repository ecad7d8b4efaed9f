import { openDatabase, type Database } from '@huitong/postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileFactStatements } from './facts-sql.ts';
import { compileAliasEdges } from './identity.ts';
import { anyDataset, bitOf } from './present-datasets.ts';
import { compileRecordStatements } from './record-sql.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

const personPlan = people.subjects[0]!;
let city: TestPeople;
let database: Database;

beforeAll(async () => {
  city = await TestPeople.create();
  database = openDatabase({ url: city.url, applicationName: 'spec', connectionsMax: 1, byKey: true });
});
afterAll(async () => {
  await database.end();
  await city.drop();
});

/** Every node of the plan that PostgreSQL makes of a statement for any parameters, as it keeps it for a connection. */
async function planOf(statement: string): Promise<string> {
  const { rows } = await database.query<{ 'QUERY PLAN': string }>(`explain (generic_plan, costs off) ${statement}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('what is done for every chunk', () => {
  it('finds facts and records by key, with plans made while the tables were small', async () => {
    for (const dataset of people.factTables.map((fact) => fact.dataset))
      await city.apply(...Array.from({ length: 40 }, (_, at) => factOf({ dataset, subjectId: `p${at}`, version: 1 })));
    await database.query('analyze');
    const { recompute, recomputeAliased } = compileRecordStatements(personPlan);
    const all = personPlan.factTables.map((fact) => fact.dataset);
    const statements = [
      ...people.factTables.map((fact) => compileFactStatements(fact)).flatMap((of) => [of.lookUp, of.differing]),
      ...[anyDataset, ...all.map(bitOf)].map((bits) => recompute(bits).text),
      recomputeAliased.text,
    ];
    for (const statement of statements) {
      const plan = await planOf(statement);
      expect(plan).toContain('Index');
      expect(plan).not.toMatch(/Seq Scan on (fact_|person)|Bitmap|hashed SubPlan/);
    }
  });

  it('replaces facts at their places', async () => {
    for (const fact of people.factTables) {
      const plan = await planOf(compileFactStatements(fact).replace);
      expect(plan).toContain('TID Cond');
      expect(plan).not.toContain('Seq Scan');
    }
  });

  it('finds links by either of their ids', async () => {
    const { table, aliasColumn } = people.factTables.find((fact) => fact.aliasColumn)!;
    const found = (await planOf(compileAliasEdges(table, aliasColumn!))).match(/Index Cond: .* = i(_\d)?\.id/g);
    expect(found).toHaveLength(2);
  });

  it('compares no subject with all others, though PostgreSQL expects one and thousands come', async () => {
    const { recompute, recomputeAliased } = compileRecordStatements(personPlan);
    const all = personPlan.factTables.map((fact) => fact.dataset);
    for (const statement of [
      recomputeAliased.text,
      ...[anyDataset, ...all.map(bitOf)].map((bits) => recompute(bits).text),
    ])
      expect(await planOf(statement)).not.toContain('Join Filter');
  });
});
