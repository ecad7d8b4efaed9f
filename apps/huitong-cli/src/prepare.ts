import { setTimeout as sleep } from 'node:timers/promises';
import {
  changedTopicOf,
  datasetNames,
  datasets,
  defaultPartitions,
  dispositionOf,
  EventCodec,
  HuitongError,
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

/** Parts that have just come up answer slowly, as the code of theirs is not compiled yet and others start beside them. */
const patienceMs = 120_000;

/**
 * Runs when the parts answer and before any service starts, at every start: registers the schemas, creates the topics,
 * databases and roles, and migrates. Safe to repeat, and repeated for two minutes where a part is away or slow.
 */
export async function prepare(stack: Stack): Promise<void> {
  await Promise.all([prepareSchemas, prepareTopics, prepareDatabases].map((step) => patiently(() => step(stack))));
}

async function patiently(step: () => Promise<void>): Promise<void> {
  for (const sinceMs = Date.now(); ; await sleep(1_000))
    try {
      return await step();
    } catch (error) {
      const isFault = error instanceof HuitongError && dispositionOf[error.code] === 'retry';
      if (!isFault || Date.now() - sinceMs > patienceMs) throw error;
    }
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
