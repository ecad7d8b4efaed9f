import { join } from 'node:path';
import { datasetNames, datasets } from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { prepare } from '../apps/huitong-cli/dist/prepare.js';
import { untilLed } from './stack.mjs';

/** The parts of a benchmark run with all databases, roles, topics and schemas as `npm start` makes them, as the command line knows it. */
export async function preparedStack({ home, parts }) {
  const { hostname, port } = new URL(parts.postgresUrl);
  const stack = {
    ...{ home, certsDir: join(home, 'certs'), urls: {}, pids: {} },
    ...{ kafkaBrokers: parts.kafkaBrokers, registryUrl: parts.registryUrl, redisUrl: parts.redisUrl },
    postgres: { host: hostname, port: Number(port) },
  };
  await prepare(stack);
  const admin = createTopicAdmin({ brokers: parts.kafkaBrokers.split(','), clientId: 'bench' });
  await untilLed(
    admin,
    datasetNames.map((name) => datasets[name].topic),
  );
  await admin.disconnect();
  return stack;
}
