import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, defaultPartitions, EventCodec, SchemaRegistry, toMessage } from '@huitong/change-event';
import { createPublisher, createTopicAdmin } from '@huitong/event-stream';
import { ensureCertificates, freePort, removeHome, restartPart, startParts } from '@huitong/local-stack';
import { migrate, openDatabase } from '@huitong/postgres';
import { createLanes } from '@huitong/subject-engine';
import { databases, migrationsOf } from '@huitong/subjects';
import { syncMemory } from '../apps/huitong-cli/dist/services.js';

/** The real parts for one benchmark run, in a folder of its own; commit times are kept, since they are what we measure. */
export async function startBenchStack() {
  const home = await mkdtemp(join(tmpdir(), 'huitong-bench-'));
  process.env.HUITONG_CACHE ??= join(import.meta.dirname, '..', '.huitong', 'cache');
  // Docker's port forwarding would be measured too, and figures of two machines could not be compared.
  process.env.HUITONG_PARTS ??= 'process';
  const parts = await startParts({ home, ports: 'free' });
  await ensureCertificates({ home });
  const server = openDatabase({ url: parts.postgresUrl, applicationName: 'bench', connectionsMax: 1 });
  await server.query('alter system set track_commit_timestamp = on');
  await server.end();
  await restartPart(home, 'postgres');
  const stop = () => removeHome(home);
  // Parts outlive whoever starts them, and those of a run that was broken off would be measured by the next one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => stop().finally(() => process.exit(1)));
  return { home, parts, stop };
}

/** An empty database. */
export async function createDatabase(parts, name) {
  const server = openDatabase({ url: parts.postgresUrl, applicationName: 'bench', connectionsMax: 1 });
  await server.query(
    `create database ${name} template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
  );
  await server.end();
  const url = parts.postgresUrl.replace(/\/[^/]*$/, `/${name}`);
  return { url, database: openDatabase({ url, applicationName: 'bench', connectionsMax: 4 }) };
}

/** Until every change of a population database is on its topic too: what is still to be relayed would disturb what is measured next. */
export async function relayedAll(database) {
  for (;;) {
    const { rows } = await database.query(
      `select count(*) as behind from lane l where (select coalesce(max(h.id), 0) from population_history h where h.lane = l.lane)
         > coalesce((select r.history_id from relay r where r.lane = l.lane), 0)`,
    );
    if (rows[0].behind === 0) return;
    await sleep(100);
  }
}

/** What a process holds in memory, in MB. */
export async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** An empty population database and its topics, under names of this measurement's own. */
export async function freshPopulation({ parts }) {
  const { url, database } = await createDatabase(parts, `bench_${randomUUID().slice(0, 8)}`);
  await migrate(url, migrationsOf('population'));
  await createLanes(database, defaultPartitions);
  const admin = createTopicAdmin({ brokers: parts.kafkaBrokers.split(','), clientId: 'bench' });
  const plan = databases.get('population');
  const topics = plan.factTables.map(({ topic }) => topic);
  await admin.ensureTopics(
    [...topics, 'subject.population.changed'].map((topic) => ({
      topic,
      partitions: defaultPartitions,
    })),
  );
  await untilLed(admin, topics);
  const names = plan.factTables.map(({ dataset }) => dataset);
  const codec = await EventCodec.connect(new SchemaRegistry(parts.registryUrl), names);
  return { url, database, admin, topics, codec };
}

/** Until every partition of new topics has its leader, without which it takes no events. */
export async function untilLed(admin, topics) {
  while (!(await admin.endOffsets(topics).catch(() => undefined))) await sleep(200);
}

/** Publishes events as the gateway does, without its checks; resolves when Kafka has all. */
export async function publishAll({ parts }, codec, events, batch = 2_000) {
  const publisher = await createPublisher({
    brokers: parts.kafkaBrokers.split(','),
    clientId: 'bench',
    sendTimeoutMs: 60_000,
  });
  const waiting = new Map();
  let count = 0;
  const flush = async (dataset) => {
    const messages = waiting.get(dataset);
    waiting.set(dataset, []);
    await publisher.publish(datasets[dataset].topic, messages);
  };
  for (const { dataset, subjectId, event } of events) {
    if (!waiting.has(dataset)) waiting.set(dataset, []);
    waiting.get(dataset).push(toMessage({ dataset, event, subjectId, codec, source: '/bench' }));
    count += 1;
    if (waiting.get(dataset).length >= batch) await flush(dataset);
  }
  for (const dataset of waiting.keys()) if (waiting.get(dataset).length > 0) await flush(dataset);
  await publisher.disconnect();
  return count;
}

/** The built population sync service as its own process. */
export async function startSync({ home, parts }, databaseUrl, extra = {}) {
  const log = createWriteStream(join(home, 'sync.log'), { flags: 'a' });
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../apps/subject-sync/dist/main.js'), 'population'],
    {
      env: {
        ...process.env,
        HUITONG_HOME: home,
        CERTS_DIR: join(home, 'certs'),
        KAFKA_BROKERS: parts.kafkaBrokers,
        REGISTRY_URL: parts.registryUrl,
        DATABASE_URL: databaseUrl,
        POPULATION_SYNC_PORT: String(port),
        ...syncMemory,
        ...extra,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return {
    child,
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
