import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import fc from 'fast-check';
import { backupDatabase } from './backup.ts';
import { verifyBackup, writeManifest, type BackupManifest } from './backup-folder.ts';
import type { Queryable } from './database.ts';
import { restoreDatabase } from './restore.ts';

const tables = `
create table credit (id bigint generated always as identity primary key, payload jsonb, tags text[], amount numeric, at timestamptz default now()) with (fillfactor = 70);
create table debit (n serial, twice int not null generated always as (n * 2) stored, "Odd ""Name" text not null default 'x', bytes bytea, day date, credit_id bigint references credit (id), check (n > 0));
alter table credit alter column payload set storage external, alter column tags set storage main;
alter table credit alter column at set statistics 0;
alter table credit alter column payload set statistics 7, alter column amount set statistics 0;
create index debit_day on debit (day) where day is not null;
create unique index debit_n on debit (n);
create function debts(since date) returns bigint language sql stable security definer set search_path = public, pg_temp as
$$ select count(*) from debit where day >= since $$;
revoke execute on function debts from public;
create table left_out (id text primary key);
`;

const opened: TestDatabase[] = [];
let folder: string;

async function database(sql: string): Promise<TestDatabase> {
  const made = await createTestDatabase(sql);
  opened.push(made);
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-backup-'));
});
afterAll(async () => {
  for (const each of opened) await each.drop();
  await rm(folder, { recursive: true });
});

async function backup(from: TestDatabase, name: string): Promise<{ to: string; manifest: BackupManifest }> {
  const to = join(folder, name);
  const sums = new Map<string, string>();
  const state = async (snapshot: Queryable): Promise<unknown> =>
    (await snapshot.query('select count(*) from credit')).rows[0];
  const made = await backupDatabase({ url: from.url, folder: to, leaveOut: ['left_out'], sums, state });
  const manifest: BackupManifest = { format: 1, takenAt: '', versions: {}, databases: [made] };
  await writeManifest(to, manifest, sums);
  return { to, manifest };
}

async function restored(name: string, to: string): Promise<TestDatabase> {
  const into = await database('');
  await restoreDatabase({ url: into.url, folder: to, backup: (await verifyBackup(to)).databases[0]! });
  return into;
}

const rowsOf = async ({ database: of }: TestDatabase): Promise<unknown> => [
  (await of.query('select * from credit order by id')).rows,
  (await of.query('select * from debit order by n')).rows,
];

describe('a backup', () => {
  it('gives back every value, whatever it holds, with keys, indexes, defaults and checks', async () => {
    const from = await database(tables);
    // The catalogue is then read in whatever order it lies.
    for (const way of ['enable_indexscan', 'enable_bitmapscan'])
      await from.database.query(
        `do $$ begin execute format('alter database %I set ${way} = off', current_database()); end $$`,
      );
    const value = fc.record({
      text: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u0000', '\\N\t\n\r\\.')),
      bytes: fc.uint8Array({ maxLength: 50 }),
      amount: fc.option(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })),
    });
    for (const { text, bytes, amount } of fc.sample(value, 200)) {
      const { rows } = await from.database.query<{ id: number }>(
        'insert into credit (payload, tags, amount) values ($1, $2, $3) returning id',
        [JSON.stringify({ text }), [text, null], amount?.toString()],
      );
      await from.database.query('insert into debit ("Odd ""Name", bytes, credit_id) values ($1, $2, $3)', [
        text,
        Buffer.from(bytes),
        rows[0]!.id,
      ]);
    }
    const into = await restored('values', (await backup(from, 'values')).to);
    expect(await rowsOf(into)).toEqual(await rowsOf(from));
    const columns = `select attname, attstorage, attstattarget from pg_attribute
      where attrelid = 'credit'::regclass and attnum > 0 order by attnum`;
    expect((await into.database.query(columns)).rows).toEqual((await from.database.query(columns)).rows);
    await expect(into.database.query('select * from left_out')).rejects.toThrow('does not exist');
    await expect(into.database.query('insert into debit (credit_id) values (-1)')).rejects.toThrow('foreign key');
    const { rows } = await into.database.query(
      `select debts('2020-01-01') as debts, has_function_privilege('pg_monitor', 'debts(date)', 'execute') as open`,
    );
    expect(rows).toEqual([{ debts: 0, open: false }]);
  });

  it('lets numbers go on that were never given out, and a sequence of its own where it stood', async () => {
    const from = await database(tables);
    await from.database.query('insert into credit default values; insert into debit default values');
    const { to } = await backup(from, 'numbers');
    const microseconds = Date.now() * 1_000;
    // What was drawn after the backup must not be drawn again.
    await from.database.query('insert into credit default values');
    const into = await restored('numbers', to);
    const next = await into.database.query<{ id: number }>('insert into credit default values returning id');
    expect(next.rows[0]!.id).toBeGreaterThan(microseconds);
    expect((await into.database.query('insert into debit default values returning n')).rows).toEqual([{ n: 2 }]);
  });

  it('is of one instant, while others write', async () => {
    const from = await database(tables);
    await from.database.query('insert into credit (payload) select to_jsonb(n) from generate_series(1, 20000) n');
    let writing = true;
    let written = 0;
    const writer = (async () => {
      for (; writing; written += 1)
        await from.database.query(
          'with c as (insert into credit default values returning id) insert into debit (credit_id) select id from c',
        );
    })();
    while (written === 0) await new Promise((resolve) => setImmediate(resolve));
    const { to, manifest } = await backup(from, 'instant');
    const atEnd = written;
    writing = false;
    await writer;
    const rows = Object.fromEntries(manifest.databases[0]!.tables.map((table) => [table.table, table.rows]));
    expect(rows['credit']).toBe(rows['debit']! + 20_000);
    expect(manifest.databases[0]!.state).toEqual({ count: rows['credit'] });
    // Else nobody wrote meanwhile, and nothing is shown.
    expect(atEnd).toBeGreaterThan(rows['debit']!);
    await restored('instant', to);
  });

  it('is refused as a whole when a byte of it was changed or a file is gone', async () => {
    const { to } = await backup(await database(tables), 'damaged');
    await verifyBackup(to);
    const [inner] = (await readdir(to, { recursive: true })).filter((file) => file.endsWith('credit.copy.zst'));
    await appendFile(join(to, inner!), 'x');
    await expect(verifyBackup(to)).rejects.toMatchObject({ code: 'REQUEST_INVALID', context: { file: inner } });
    await rm(join(to, inner!));
    await expect(verifyBackup(to)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(verifyBackup(folder)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('says what it cannot keep instead of leaving it out', async () => {
    const from = await database(`${tables}create view seen as select id from credit`);
    await expect(backup(from, 'view')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('does not lead to a database that holds less than it speaks of', async () => {
    const from = await database(tables);
    await from.database.query('insert into credit default values');
    const { to, manifest } = await backup(from, 'fewer');
    const [made] = manifest.databases;
    const lying = { ...made!, tables: made!.tables.map((table) => ({ ...table, rows: table.rows + 1 })) };
    const into = await database('');
    await expect(restoreDatabase({ url: into.url, folder: to, backup: lying })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    await expect(into.database.query('select * from credit')).rejects.toThrow('does not exist');
  });
});
