import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { copyRows } from '@huitong/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimLanes, wereTakenBack } from './lanes.ts';
import { factOf, TestPeople } from './test-people.spec.ts';

let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
  await city.claim();
});
afterAll(() => city.drop());

it('takes a lane from an owner that was frozen while PostgreSQL read its rows, and not from one that is at work', async () => {
  const owner = await city.database.connect();
  owner.on('error', () => {});
  try {
    await owner.query('create temp table copied (value int)');
    await owner.query('begin');
    await owner.query('select lane from lane where lane = 0 for update');
    // The end of the rows never comes.
    const { connection } = owner as unknown as { connection: { endCopyFrom: () => void } };
    connection.endCopyFrom = () => {};
    const copied = copyRows(owner, 'copy copied from stdin', Buffer.from('1\n')).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    const isRead = `select 1 from pg_stat_activity where datname = current_database() and query = 'copy copied from stdin'
      and wait_event = 'ClientRead' and query_start < now() - interval '200 ms'`;
    for (const end = Date.now() + 60_000; (await city.database.query(isRead)).rowCount === 0; await sleep(50))
      if (Date.now() > end) throw new Error('the rows are not read');
    let isClaimed = false;
    const waits = claimLanes(city.database, 'next', [0], 60_000).then(() => (isClaimed = true));
    await sleep(300);
    expect(isClaimed).toBe(false);
    expect(await claimLanes(city.database, 'another', [0], 100)).toHaveLength(1);
    expect(await copied).toBe('57P01');
    await waits;
  } finally {
    // While it is read, no database of the server can be dropped.
    owner.release(true);
  }
});

it('sees that chunks were taken back, in lanes that are still their own', async () => {
  await city.claim();
  await city.apply(...Array.from({ length: 8 }, (_, at) => factOf({ subjectId: `p${at}`, version: 1 })));
  const taken = (): Promise<boolean> => wereTakenBack(city.database, city.lanes.values());
  expect(await taken()).toBe(false);
  await city.database.query(
    `update lane set next_offsets = '{}' where lane = (select max(lane) from lane where next_offsets <> '{}')`,
  );
  expect(await taken()).toBe(true);
  await city.database.query('update lane set epoch = epoch + 1');
  expect(await taken()).toBe(false);
});
