import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changedTopicOf } from '@huitong/change-event';
import { consumeLanes, createTopicAdmin } from '@huitong/event-stream';
import { openDatabase, type BackupManifest, type Database } from '@huitong/postgres';
import { allOutcomes } from '@huitong/subject-engine';
import { RunningCity } from './running-city.ts';

let city: RunningCity;
let backup: string;

beforeAll(async () => {
  city = await RunningCity.up({ DEMO_PEOPLE: '300', DEMO_LIVE_RATE: '60' });
  backup = join(city.home, 'taken');
}, 600_000);
afterAll(async () => {
  expect(await city.down()).toBe(0);
}, 600_000);

async function prove(): Promise<void> {
  const { code, output, errors } = await city.huitong('prove', '--demo', '--json', '--wait', '150');
  if (code !== 0) throw new Error(`not proved: ${output}${errors}`);
}

async function inDatabase<Result>(name: string, work: (database: Database) => Promise<Result>): Promise<Result> {
  const url = await city.databaseUrl(name);
  const database = openDatabase({ url, applicationName: 'spec', connectionsMax: 1 });
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

const countOf = (name: string, rows: string): Promise<number> =>
  inDatabase(
    name,
    async (database) => (await database.query<{ n: number }>(`select count(*) as n from ${rows}`)).rows[0]!.n,
  );

/** What became of every event. */
const events = `${allOutcomes()} o`;

/** Until the city's life has brought the population database more events than it had. */
async function untilApplied(before: number): Promise<void> {
  for (let at = 0; at < 60; at += 1) {
    if ((await countOf('population', events)) > before) return;
    await sleep(1_000);
  }
  throw new Error(`nothing is applied any more: ${(await verdicts()).join(' ')}`);
}

async function verdicts(): Promise<string[]> {
  const { body } = await city.ask('/v1/lag', 'operator');
  return (body['lag'] as { verdict: string }[]).map(({ verdict }) => verdict);
}

/** All changes that subscribers were ever sent of a subject, as texts by message id. */
async function published(subject: string): Promise<Map<string, Set<string>>> {
  const brokers = [(await city.stack()).kafkaBrokers];
  const topic = changedTopicOf(subject);
  const admin = createTopicAdmin({ brokers, clientId: 'spec' });
  const ends = (await admin.endOffsets([topic])).get(topic)!;
  await admin.disconnect();
  const left = new Set(ends.flatMap((end, lane) => (end > 0 ? [lane] : [])));
  const texts = new Map<string, Set<string>>();
  const done = Promise.withResolvers<void>();
  const consumer = await consumeLanes({
    ...{ brokers, clientId: 'spec', groupId: 'spec-subscriber', topics: [topic] },
    ...{ chunkMax: { messages: 5_000, bytes: 8 << 20 }, writers: 1, sessionTimeoutMs: 30_000, onFatal: done.reject },
    claim: async (lanes) => new Map(lanes.map((lane) => [lane, {}])),
    apply: async (batches) => {
      for (const { lane, messages } of batches) {
        for (const { value } of messages) {
          const text = value!.toString();
          const { id } = JSON.parse(text) as { id: string };
          texts.set(id, (texts.get(id) ?? new Set()).add(text));
        }
        if (messages.at(-1)!.offset + 1 >= ends[lane]!) left.delete(lane);
      }
      if (left.size === 0) done.resolve();
      return 'applied';
    },
  });
  await done.promise.finally(() => consumer.stop());
  return texts;
}

/** Kills a restore when it has renamed some databases and waits for another's lock: all are what they were. */
async function killAmidRenames(eventsBefore: number): Promise<void> {
  const oids = `select datname, oid from pg_database where datname in ('population', 'legal_person', 'housing') order by 1`;
  const sessions = `select 1 from pg_stat_activity where application_name like 'huitong-prepare%'`;
  await inDatabase('postgres', async (server) => {
    const { rows: before } = await server.query(oids);
    const held = await server.connect();
    try {
      await held.query('begin');
      await held.query(`comment on database housing is 'held'`);
      const { process: killed, printed } = city.spawn('restore', backup, '--restart-sync');
      const waits = `${sessions} and query like 'alter database housing %' and wait_event_type = 'Lock'`;
      while ((await inDatabase('postgres', (other) => other.query(waits))).rowCount === 0) {
        if (killed.exitCode !== null) throw new Error(`the restore ended before it could be killed: ${printed()}`);
        await sleep(50);
      }
      killed.kill('SIGKILL');
      await once(killed, 'exit');
    } finally {
      await held.query('rollback');
      held.release();
    }
    while ((await server.query(sessions)).rowCount !== 0) await sleep(50);
    expect((await server.query(oids)).rows).toEqual(before);
  });
  expect(await countOf('population', events)).toBeGreaterThan(eventsBefore);
}

/** Kills a rebuild when its generation is filled and some tables have changed places, while it waits for another one's lock. */
async function killAmidSwap(): Promise<void> {
  await inDatabase('population', async (database) => {
    const held = await database.connect();
    const oids = `select relnamespace::regnamespace::text as schema, oid from pg_class where relname = 'population'`;
    try {
      await held.query('begin');
      await held.query('select 1 from public.population limit 1');
      const { rows: before } = await held.query(oids);
      const { process: killed, printed } = city.spawn('rebuild', 'population', '--from', 'kafka');
      const waits = `select 1 from pg_stat_activity where query like 'alter table public.population set schema%' and wait_event_type = 'Lock'`;
      while ((await inDatabase('postgres', (other) => other.query(waits))).rowCount === 0) {
        if (killed.exitCode !== null) throw new Error(`the rebuild ended before it could be killed: ${printed()}`);
        await sleep(20);
      }
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      expect((await held.query(oids)).rows).toEqual(expect.arrayContaining(before));
      expect((await held.query('select 1 from replay.applied_chunk limit 1')).rowCount).toBe(1);
    } finally {
      await held.query('rollback');
      held.release();
    }
  });
}

describe('a rebuild from Kafka', () => {
  it('takes the place of a living city, though it was killed in the middle, and gives it back', async () => {
    await killAmidSwap();
    for (const back of [[], ['--swap-back']]) {
      const args = ['rebuild', 'population', '--from', 'kafka', '--json', ...back];
      const { code, output, errors } = await city.huitong(...args);
      if (code !== 0) throw new Error(output + errors);
      const report = JSON.parse(output) as { subjects: { population: { differences: object } } } & object;
      expect(report).toMatchObject({ status: 'swapped', unknownEvents: 0 });
      expect(report).toHaveProperty('facts', {});
      expect(report.subjects.population.differences).toMatchObject({ missing: 0, extra: 0, differing: 0 });
      await prove();
    }
    const preview = await city.huitong('rebuild', 'population', '--preview', '--json');
    expect(preview).toMatchObject({ code: 0 });
    expect(JSON.parse(preview.output)).toMatchObject({
      differences: { missing: 0, extra: 0, differing: 0 },
      subscribers: [],
    });
  }, 600_000);
});

describe('backup and restore', () => {
  it('take a backup while the city lives, and go back to it while Kafka is ahead', async () => {
    await sleep(3_000);
    await city.ask('/v1/subjects/population/340203197004189913?purpose=e2e');
    const taken = await city.huitong('backup', '--to', backup, '--json');
    expect(taken).toMatchObject({ code: 0 });
    const before = await countOf('population', events);
    await untilApplied(before);
    expect(await city.huitong('restore', backup, '--json')).toMatchObject({ code: 2 });

    await killAmidRenames(before);

    const seen = new Set<string>();
    const restoring = city.huitong('restore', backup, '--restart-sync', '--json');
    let overMs = Infinity;
    void restoring.finally(() => (overMs = Date.now()));
    while (!seen.has('REWIND') && Date.now() < overMs + 30_000)
      for (const verdict of await verdicts()) seen.add(verdict);
    const { code, output, errors } = await restoring;
    if (code !== 0) throw new Error(output + errors);
    const report = JSON.parse(output) as Record<string, { database: string; replaced: string }[]>;
    expect(report['restored']!.map(({ database }) => database)).toEqual(['population', 'legal_person', 'housing']);
    // What only grows stays as it is.
    expect(report['left']).toEqual(['exchange', 'registry']);
    expect(await countOf(report['restored']![0]!.replaced, events)).toBeGreaterThan(before);
    expect(seen).toContain('REWIND');
    await prove();
  }, 600_000);

  it('have no effect twice, and tell subscribers nothing else under an id that they know', async () => {
    const twice = await inDatabase('population', (database) =>
      database.query(
        `select 1 from (select subject_id, source_record_id, source_version from fact_psb_household_register
           union all select subject_id, source_record_id, source_version from past_psb_household_register) v
         group by subject_id, source_record_id, source_version having count(*) > 1`,
      ),
    );
    expect(twice.rows).toEqual([]);
    const texts = await published('population');
    const preview = await city.huitong('rebuild', 'population', '--preview', '--json');
    expect(JSON.parse(preview.output)).toMatchObject({ subscribers: ['spec-subscriber'] });
    expect(texts.size).toBeGreaterThan(300);
    expect([...texts.values()].filter((different) => different.size > 1).length).toBe(0);
  }, 600_000);

  it('bring everything back where PostgreSQL was lost, and drop what was kept when told', async () => {
    const again = join(city.home, 'again');
    expect(await city.huitong('backup', '--to', again)).toMatchObject({ code: 0 });
    await city.huitong('down');
    await city.lose('postgres');
    const { code, output, errors } = await city.huitong('restore', again, '--json');
    if (code !== 0) throw new Error(output + errors);
    expect(JSON.parse(output)).toMatchObject({ left: [] });
    expect(await city.huitong('up')).toMatchObject({ code: 0 });
    await prove();
    // The registry that had just started, empty, was replaced.
    expect((await city.huitong('restore', '--drop-replaced')).output).toMatch(/registry_replaced_\d{8}t\d{6}/);
  }, 600_000);

  it('stand still and say so where Kafka is behind the database', async () => {
    await city.huitong('down');
    await city.lose('kafka');
    expect(await city.huitong('restore', backup, '--json')).toMatchObject({ code: 0 });
    const manifest = JSON.parse(await readFile(join(backup, 'manifest.json'), 'utf8')) as BackupManifest;
    const population = manifest.databases.find(({ database }) => database === 'population')!;
    expect(await city.huitong('up')).toMatchObject({ code: 0 });
    while (!(await verdicts()).includes('DATA_LOST')) await sleep(500);
    // The city publishes into topics made anew; nothing of that may be taken for what comes next.
    await sleep(5_000);
    for (const name of ['event_log', 'applied_chunk'])
      expect(await countOf('population', name)).toBe(population.tables.find(({ table }) => table === name)!.rows);
  }, 600_000);
});
