import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { relayChanges } from './relay.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
});
afterAll(() => city.drop());

it('publishes no change that a crash of PostgreSQL could take back', async () => {
  const isOnDisk: boolean[] = [];
  for (let version = 1; version <= 20; version += 1) {
    await city.apply(factOf({ subjectId: 'p1', version, data: { name: `甲${version}` } }));
    const committed = await city.database.query<{ at: string }>('select pg_current_wal_insert_lsn()::text as at');
    await relayChanges(city.database, people, [0, 1, 2, 3], async () => {
      const flushed = 'select pg_current_wal_flush_lsn() >= $1::pg_lsn as is';
      isOnDisk.push((await city.database.query<{ is: boolean }>(flushed, [committed.rows[0]!.at])).rows[0]!.is);
    });
  }
  expect(isOnDisk).toEqual(Array.from({ length: 20 }, () => true));
});
