// Kafka Connect with Debezium's JDBC sink, set up to run well: what a user would pick instead of a sync service.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { javaFile } from '@huitong/local-stack';
import { stopped } from './stopped.mjs';

export const version =
  'Kafka Connect 4.1.0, Debezium JDBC sink 3.2.0.Final, Apicurio converter 2.6.13.Final, heap 1 GB';

/** Fetches the sink and the converter once; Connect itself comes with Kafka's libraries. */
async function fetched(cache) {
  const folder = join(cache, 'peers');
  if (existsSync(folder)) return folder;
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  const pom = join(import.meta.dirname, 'pom.xml');
  await promisify(execFile)('mvn', ['-q', '-B', '-f', pom, `-Dfiles=${draft}`, 'generate-resources']);
  await rename(draft, folder);
  return folder;
}

const lines = (settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

function workerSettings({ parts, folder, registry }) {
  const converter = (kind) => ({
    [`${kind}.converter`]: 'io.apicurio.registry.utils.converter.AvroConverter',
    [`${kind}.converter.apicurio.registry.url`]: registry,
    [`${kind}.converter.apicurio.registry.as-confluent`]: true,
    [`${kind}.converter.apicurio.registry.use-id`]: 'contentId',
  });
  return {
    'bootstrap.servers': parts.kafkaBrokers,
    ...converter('key'),
    ...converter('value'),
    'offset.storage.file.filename': join(folder.home, 'connect.offsets'),
    'plugin.path': join(folder.peers, 'plugins'),
    'consumer.max.poll.records': 5_000,
    'connector.client.config.override.policy': 'All',
    listeners: 'http://127.0.0.1:0',
  };
}

/** Starts a sink that upserts `topic` into `table`; the key is an Avro record that holds the primary key. */
export async function startConnect({ home, parts }, { topic, table, databaseUrl, tasks, columnsFixed = false }) {
  const peers = await fetched(process.env.HUITONG_CACHE);
  const { host, pathname, username, password } = new URL(databaseUrl);
  const registry = parts.registryUrl.replace(/\/apis\/.*$/, '/apis/registry/v2');
  const name = `peer-${table}`;
  const worker = join(home, `${name}.worker.properties`);
  const sink = join(home, `${name}.properties`);
  await writeFile(worker, lines(workerSettings({ parts, folder: { home, peers }, registry })));
  await writeFile(
    sink,
    lines({
      name,
      'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
      'tasks.max': tasks,
      topics: topic,
      'connection.url': `jdbc:postgresql://${host}${pathname}?reWriteBatchedInserts=true`,
      'connection.username': username,
      'connection.password': password,
      'insert.mode': 'upsert',
      'delete.enabled': false,
      'primary.key.mode': 'record_key',
      'schema.evolution': columnsFixed ? 'none' : 'basic',
      'batch.size': 5_000,
      'use.reduction.buffer': true,
      'collection.name.format': table,
    }),
  );
  const log = createWriteStream(join(home, `${name}.log`), { flags: 'a' });
  const classPath = join(process.env.HUITONG_CACHE, 'kafka', '*');
  const child = spawn(
    javaFile(),
    ['-Xmx1g', '-cp', classPath, 'org.apache.kafka.connect.cli.ConnectStandalone', worker, sink],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return { child, stop: () => stopped(child) };
}
