import {
  changedTopicOf,
  datasetNames,
  datasets,
  defaultPartitions,
  EventCodec,
  SchemaRegistry,
} from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { accessLogGrants, exchangeMigrations, subjectDatabaseGrants } from '@huitong/governance';
import { ensureSecrets, type Secrets } from '@huitong/local-stack';
import { migrate, openDatabase, type Database } from '@huitong/postgres';
import { createLanes } from '@huitong/subject-engine';
import { databases, migrationsOf, subjectPlans } from '@huitong/subjects';
import { databaseUrl, type Stack } from './stack.ts';

/**
 * Runs when the parts answer and before any service starts, at every start: registers the schemas, creates the topics,
 * databases and roles, and migrates. Safe to repeat.
 */
export async function prepare(stack: Stack): Promise<void> {
  await Promise.all([prepareSchemas(stack), prepareTopics(stack), prepareDatabases(stack)]);
}

async function prepareSchemas(stack: Stack): Promise<void> {
  const registry = new SchemaRegistry(stack.registryUrl);
  await EventCodec.connect(registry, datasetNames);
  await Promise.all(
    datasetNames.map((name) => registry.setCompatibility(`${datasets[name].topic}-value`, 'BACKWARD_TRANSITIVE')),
  );
}

async function prepareTopics(stack: Stack): Promise<void> {
  const admin = createTopicAdmin({ brokers: stack.kafkaBrokers.split(','), clientId: 'huitong-prepare' });
  try {
    await admin.ensureTopics([
      ...datasetNames.map((name) => ({
        topic: datasets[name].topic,
        partitions: defaultPartitions,
      })),
      ...[...subjectPlans.keys()].map((subject) => ({
        topic: changedTopicOf(subject),
        partitions: defaultPartitions,
      })),
    ]);
  } finally {
    await admin.disconnect();
  }
}

async function prepareDatabases(stack: Stack): Promise<void> {
  const server = openDatabase({
    url: databaseUrl(stack, 'postgres', 'postgres'),
    applicationName: 'huitong-prepare',
    connectionsMax: 1,
  });
  try {
    await createRoles(server, ensureSecrets(stack.home));
    const existing = await server.query<{ datname: string }>('select datname from pg_database');
    const names = new Set(existing.rows.map(({ datname }) => datname));
    for (const database of [...databases.keys(), 'exchange'])
      if (!names.has(database))
        // Compared by code point, as the oracle does, and faster than any language's rules.
        await server.query(
          `create database ${database} owner huitong_sync template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
        );
  } finally {
    await server.end();
  }
  await Promise.all([
    ...[...databases.keys()].map((database) =>
      prepareDatabase(stack, {
        database,
        migrations: migrationsOf(database),
        grants: subjectDatabaseGrants,
        lanes: true,
      }),
    ),
    prepareDatabase(stack, {
      database: 'exchange',
      migrations: exchangeMigrations,
      grants: accessLogGrants,
      lanes: false,
    }),
  ]);
}

/** Roles are the guard: a reader cannot write, the access log cannot be read or changed by those who write it. */
async function createRoles(server: Database, secrets: Secrets): Promise<void> {
  for (const [role, password] of Object.entries(secrets)) {
    if (role === 'postgres') continue;
    const { rowCount } = await server.query('select 1 from pg_roles where rolname = $1', [role]);
    // Utility statements take no parameters; role and password are our own, made of letters, digits and underscores.
    await server.query(`${rowCount ? 'alter' : 'create'} role ${role} login password '${password}'`);
  }
}

async function prepareDatabase(
  stack: Stack,
  { database, migrations, grants, lanes }: { database: string; migrations: string; grants: string; lanes: boolean },
): Promise<void> {
  const url = databaseUrl(stack, 'huitong_sync', database);
  await migrate(url, migrations);
  const owner = openDatabase({ url, applicationName: 'huitong-prepare', connectionsMax: 1 });
  try {
    if (lanes) await createLanes(owner, defaultPartitions);
    await owner.query(grants);
  } finally {
    await owner.end();
  }
}
