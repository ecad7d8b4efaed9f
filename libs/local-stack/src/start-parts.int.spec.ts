import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { partNames } from './parts-record.ts';
import { assertPortFree, freePort } from './ports.ts';
import {
  describeParts,
  killPart,
  restartPart,
  removeHome,
  runningParts,
  startParts,
  stopParts,
} from './start-parts.ts';
import type { Parts } from './start-parts.ts';

const topic = 'kept';
const home = join(process.env.HUITONG_HOME!, 'local-stack-spec');
let parts: Parts;

const kafka = () =>
  new kafkajs.Kafka({ brokers: [parts.kafkaBrokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 10 } });

async function withAdmin<T>(work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const admin = kafka().admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: parts.postgresUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function fill(): Promise<number> {
  await query('create table kept as select 42 as answer');
  await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }));
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value: 'kept' }] });
  await producer.disconnect();
  const answer = await fetch(`${parts.registryUrl}/subjects/kept-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: '"string"' }),
  });
  return ((await answer.json()) as { id: number }).id;
}

async function expectKept(schemaId: number): Promise<void> {
  expect(await query('select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await withAdmin((admin) => admin.fetchTopicOffsets(topic))).toMatchObject([{ offset: '1' }]);
  const answer = await fetch(`${parts.registryUrl}/schemas/ids/${schemaId}`);
  expect(await answer.json()).toMatchObject({ schema: '"string"' });
}

describe('the real parts', () => {
  let schemaId = 0;

  beforeAll(async () => {
    parts = await startParts({ home, ports: 'free' });
    schemaId = await fill();
  }, 120_000);

  afterAll(async () => {
    await removeHome(home);
  }, 120_000);

  it.each(partNames)(
    'come back with their data after a kill of %s',
    async (name) => {
      expect(await killPart(home, name, 'SIGKILL')).toBe(true);
      while (runningParts(home)[name]) await sleep(10);
      expect((await describeParts(home)).find((part) => part.name === name)?.ready).toBe(false);
      await restartPart(home, name);
      expect((await describeParts(home)).map((part) => part.ready)).toEqual([true, true, true, true]);
      await expectKept(schemaId);
    },
    30_000,
  );

  it('are stopped by whoever comes after a crash, and resume their data at the next start', async () => {
    const before = Object.values(parts.pids);
    parts = await startParts({ home, ports: 'free' });
    for (const pid of before) expect(() => process.kill(pid, 0)).toThrow();
    await expectKept(schemaId);
  }, 120_000);

  it('stop once, and say what they stopped', async () => {
    expect(new Set(await stopParts(home))).toEqual(new Set(partNames));
    expect(await stopParts(home)).toEqual([]);
  }, 120_000);

  it('begin anew after their folder was removed', async () => {
    await rm(home, { recursive: true });
    parts = await startParts({ home, ports: 'free' });
    expect(await query("select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
  }, 120_000);
});

describe('a port', () => {
  it('that is busy is refused in one sentence that names the setting to change', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await expect(assertPortFree('Kafka', port, 'KAFKA_PORT')).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: expect.stringMatching(new RegExp(`${port}.*KAFKA_PORT`)) as unknown,
    });
    server.close();
  });
});
