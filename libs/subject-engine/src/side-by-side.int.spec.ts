import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, openDatabase } from '@huitong/postgres';
import { compareRecords, repairRecords } from './compare.ts';
import { Traffic } from './compare-traffic.spec.ts';
import { count, subject } from './declaration.ts';
import { SubjectEngine } from './engine.ts';
import { deriveRecords } from './oracle.ts';
import { planDatabase } from './plan.ts';

import { people, person, TestPeople } from './test-people.spec.ts';

let city: TestPeople;
let directory: string;

beforeAll(async () => {
  city = await TestPeople.create();
  directory = await mkdtemp(join(tmpdir(), 'huitong-side-by-side-'));
});
afterAll(async () => {
  await city.drop();
  await rm(directory, { recursive: true });
});

describe('a service of an earlier declaration', () => {
  it('goes on while a migration adds columns and an index, and beside one of the new declaration', async () => {
    const traffic = new Traffic(city, 21);
    await traffic.load('t', 60, 600);
    traffic.start('t', 60);
    const before = traffic.applied;
    await writeFile(
      join(directory, '0002_columns.sql'),
      '-- Up Migration\nalter table person add column payments bigint not null default 0;\nalter table fact_psb_vehicle add column towing text;\nalter table past_psb_vehicle add column towing text;\n',
    );
    await writeFile(
      join(directory, '0003_index.sql'),
      '-- Up Migration\n-- outside a transaction\ndrop index concurrently if exists person_name;\ncreate index concurrently person_name on person (name);\n',
    );
    await migrate(city.url, directory);
    const migrated = traffic.applied;
    while (traffic.applied < Math.max(before, migrated) + 100) await new Promise((resolve) => setTimeout(resolve, 10));
    await traffic.stop();
    const expected = deriveRecords(people, traffic.facts.values()).get('person')!;
    const records = await city.records();
    for (const record of records.values()) delete record['payments'];
    expect(records).toEqual(expected);
    expect(await city.unknownFacts()).toEqual([]);

    // The new one takes a lane over; each writes only the fields that it knows, and a repair fills the rest.
    const newer = planDatabase([
      subject({ ...person, fields: { ...person.fields, payments: count('hrss.pension-payment') } }),
    ]);
    const ofNewer = openDatabase({ url: city.url, applicationName: 'newer', connectionsMax: 3 });
    const engine = new SubjectEngine(ofNewer, newer);
    const facts = [...traffic.facts.values()]
      .slice(0, 20)
      .map((fact) => ({ ...fact, event: { ...fact.event, source_version: 1_000, event_id: crypto.randomUUID() } }));
    expect(
      await engine.apply({ lanes: await city.claim(), incoming: facts.map((fact) => city.message(fact)) }),
    ).toMatchObject({ status: 'applied' });
    await repairRecords(ofNewer, newer.subjects[0]!);
    expect(await compareRecords(ofNewer, newer.subjects[0]!)).toMatchObject({ examples: [] });
    await ofNewer.end();
    expect(await compareRecords(city.database, people.subjects[0]!)).toMatchObject({ examples: [] });
  }, 120_000);
});
