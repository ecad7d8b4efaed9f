import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { ensureSecrets } from '@huitong/local-stack';
import { migrate, openDatabase, type Database } from '@huitong/postgres';
import { createLanes } from '@huitong/subject-engine';
import { migrationsOf } from '@huitong/subjects';
import { register as registerBackup } from './backup.ts';
import { register as registerProve } from './prove.ts';
import { register as registerRebuild } from './rebuild.ts';
import { register as registerRestore } from './restore.ts';
import { databaseUrl, writeStack, type Stack } from './stack.ts';

const given = process.env['HUITONG_HOME'];
let home: string;
let server: Database;
let owner: Database;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'huitong-rebuild-'));
  process.env['HUITONG_HOME'] = home;
  const url = process.env['POSTGRES_URL']!;
  const { hostname, port } = new URL(url);
  const stack: Stack = {
    ...{ home, certsDir: home, kafkaBrokers: '', registryUrl: '', redisUrl: '', urls: {}, pids: {} },
    postgres: { host: hostname, port: Number(port) },
  };
  writeStack(stack);
  server = openDatabase({ url, applicationName: 'spec', connectionsMax: 1 });
  await server.query(`do $$ begin create role huitong_sync; exception when duplicate_object then null; end $$`);
  await server.query(`alter role huitong_sync login password '${ensureSecrets(home).huitong_sync}'`);
  await server.query(
    `create database housing owner huitong_sync template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
  );
  const housing = databaseUrl(stack, 'huitong_sync', 'housing');
  await migrate(housing, migrationsOf('housing'));
  owner = openDatabase({ url: housing, applicationName: 'spec', connectionsMax: 1 });
  await createLanes(owner, 12);
  await owner.query(
    `insert into fact_hcb_dwelling (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at)
     select 'unit' || n, 'r' || n, 1, gen_random_uuid(), 'CREATED', 'INITIAL_LOAD', now() from generate_series(1, 3) n`,
  );
});
afterAll(async () => {
  if (given === undefined) delete process.env['HUITONG_HOME'];
  else process.env['HUITONG_HOME'] = given;
  await owner.end();
  await server.query('drop database housing with (force)');
  await server.end();
  await rm(home, { recursive: true });
});

/** Runs a command in this process; what it printed, and its exit code. */
async function huitong(...args: string[]): Promise<{ code: unknown; report: Record<string, unknown>; text: string }> {
  const program = new Command();
  registerBackup(program);
  registerProve(program);
  registerRebuild(program);
  registerRestore(program);
  let text = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((some) => {
    text += String(some);
    return true;
  });
  try {
    await program.parseAsync([...args, '--json'], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  const code = process.exitCode;
  process.exitCode = undefined;
  return { code, report: JSON.parse(text) as Record<string, unknown>, text };
}

describe('huitong prove and rebuild', () => {
  it('tell what differs from the facts, repair it, and tell no id', async () => {
    const found = await huitong('prove', '--subject', 'housing');
    expect(found).toMatchObject({
      code: 1,
      report: { equal: false, subjects: [{ subject: 'housing', missing: 3, extra: 0, differing: 0, repaired: 0 }] },
    });
    expect(found.text).not.toContain('unit');
    expect(await huitong('prove', '--subject', 'housing', '--repair')).toMatchObject({
      code: 0,
      report: { equal: true, subjects: [{ repaired: 3 }] },
    });
    expect(await huitong('prove', '--subject', 'housing')).toMatchObject({ code: 0, report: { equal: true } });
  });

  it('try, refuse, swap and swap back, with an exit code for each', async () => {
    await owner.query(`delete from housing where id = 'unit2'`);
    expect(await huitong('rebuild', 'housing', '--dry-run')).toMatchObject({
      code: 1,
      report: { status: 'compared', differences: { missing: 1 } },
    });
    expect(await huitong('rebuild', 'housing', '--accept', '0')).toMatchObject({
      code: 1,
      report: { status: 'refused' },
    });
    const swapped = await huitong('rebuild', 'housing');
    expect(swapped).toMatchObject({ code: 0, report: { status: 'swapped', records: { live: 2, next: 3 } } });
    expect(swapped.text).not.toContain('unit');
    expect(await huitong('rebuild', 'housing', '--dry-run')).toMatchObject({ code: 0 });
    expect(await huitong('rebuild', 'housing', '--swap-back')).toMatchObject({
      code: 0,
      report: { status: 'swapped', records: { live: 3, next: 2 } },
    });
  });

  it('say by exit code 2 that they could not', async () => {
    expect(await huitong('rebuild', 'nobody')).toMatchObject({
      code: 2,
      report: { error: { code: 'REQUEST_INVALID' } },
    });
    expect(await huitong('prove', '--subject', 'nobody')).toMatchObject({ code: 2, report: { equal: null } });
    expect(await huitong('prove', '--demo', '--repair')).toMatchObject({ code: 2 });
    expect(await huitong('rebuild', 'housing', '--preview', '--dry-run')).toMatchObject({ code: 2 });
    expect(await huitong('rebuild', 'housing', '--from', 'memory')).toMatchObject({ code: 2 });
    expect(await huitong('restore')).toMatchObject({ code: 2, report: { error: { code: 'REQUEST_INVALID' } } });
    expect(await huitong('restore', home)).toMatchObject({ code: 2, report: { error: { code: 'REQUEST_INVALID' } } });
    expect(await huitong('backup', '--to', home)).toMatchObject({ code: 2, report: { folder: null } });
  });
});
