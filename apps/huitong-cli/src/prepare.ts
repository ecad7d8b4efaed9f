import {
  changedTopicOf,
  datasetNames,
  datasets,
  defaultPartitions,
  EventCodec,
  SchemaRegistry,
} from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { subjectPlans } from '@huitong/subjects';
import {
  asSuperuser,
  createDatabase,
  createRoles,
  databaseNames,
  migrationFolders,
  prepareDatabase,
} from './prepare-databases.ts';
import type { Stack } from './stack.ts';

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
  await asSuperuser(stack, async (server) => {
    await createRoles(server, stack);
    const existing = await databaseNames(server);
    for (const name of migrationFolders.keys())
      if (!existing.has(name)) await createDatabase(server, name, 'huitong_sync');
  });
  await Promise.all([...migrationFolders.keys()].map((name) => prepareDatabase(stack, name)));
}
