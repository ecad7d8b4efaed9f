import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import { migrate } from './migrate.ts';

let test: TestDatabase;
let directory: string;

beforeAll(async () => {
  test = await createTestDatabase('create table person (id int primary key, name text)');
  directory = await mkdtemp(join(tmpdir(), 'huitong-migrate-'));
});
afterAll(async () => {
  await test.drop();
  await rm(directory, { recursive: true });
});

const file = (name: string, sql: string): Promise<void> =>
  writeFile(join(directory, `${name}.sql`), `-- Up Migration\n${sql}\n`);

describe('migrations', () => {
  it('run once and one after the other, though several start at once, an index built beside traffic too', async () => {
    await file('0001_age', 'alter table person add column age int;');
    await file(
      '0002_age-index',
      '-- outside a transaction\ndrop index concurrently if exists person_age;\ncreate index concurrently person_age on person (age);',
    );
    const done = await Promise.all([1, 2, 3].map(() => migrate(test.url, directory)));
    expect(done.flat()).toEqual(['0001_age', '0002_age-index']);
    const { rows } = await test.database.query(
      `select indisvalid, indisready from pg_index where indexrelid = 'person_age'::regclass`,
    );
    expect(rows).toEqual([{ indisvalid: true, indisready: true }]);
  }, 120_000);

  it('let others pass while they wait for a table', async () => {
    await file('0003_city', 'alter table person add column city text;');
    const reader = await test.database.connect();
    await reader.query('begin');
    await reader.query('select * from person');
    let over = false;
    const migrated = migrate(test.url, directory).finally(() => (over = true));
    const waits = async (): Promise<boolean> =>
      ((
        await test.database.query(
          `select 1 from pg_stat_activity where application_name = 'huitong-migrate' and wait_event_type = 'Lock'`,
        )
      ).rowCount ?? 0) > 0;
    while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 10));
    // This one queues behind the migration, and would for ever if that did not let go: the reader ends only after it.
    await test.database.query(`insert into person (id, name) values (1, '甲')`);
    expect(over).toBe(false);
    await reader.query('commit');
    reader.release();
    expect(await migrated).toEqual(['0003_city']);
  }, 120_000);

  it('begin again where they and others wait for each other', async () => {
    await test.database.query('create table visit (id int primary key)');
    await file('0004_visit', 'alter table person add column visits int; alter table visit add column place text;');
    const other = await test.database.connect();
    // Of two that wait for each other the one that looks first has to give way.
    await other.query(`set deadlock_timeout = '1min'`);
    await other.query('begin');
    await other.query('insert into visit (id) values (1)');
    const migrated = migrate(test.url, directory);
    const holds = `select 1 from pg_locks where relation = 'person'::regclass and mode = 'AccessExclusiveLock' and granted`;
    while ((await test.database.query(holds)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await other.query('select * from person');
    await other.query('commit');
    other.release();
    expect(await migrated).toEqual(['0004_visit']);
  }, 120_000);

  it('leave nothing of a file that fails, and nothing stands in the way of the next try', async () => {
    await file('0005_bad', 'alter table person add column street text; select no_such_function();');
    await expect(migrate(test.url, directory)).rejects.toMatchObject({ code: 'INTERNAL' });
    await file('0005_bad', 'alter table person add column street text;');
    expect(await migrate(test.url, directory)).toEqual(['0005_bad']);
  }, 120_000);
});
