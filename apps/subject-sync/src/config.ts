import { commonEnvironment, parseConfig, portSetting } from '@huitong/service-kit';
import { z } from 'zod';

const count = (defaultValue: number) => z.coerce.number().int().positive().default(defaultValue);

/** The subject databases' sync services by the name that starts them, with the port of their health and metrics. */
const portOf = {
  population: 'POPULATION_SYNC_PORT',
  'legal-person': 'LEGAL_PERSON_SYNC_PORT',
  housing: 'HOUSING_SYNC_PORT',
};

/** Every setting of a sync service. */
export const syncEnvironment = z.object({
  ...commonEnvironment,
  PORT: portSetting(0).describe('health and metrics'),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .describe('host:port, separated by commas'),
  REGISTRY_URL: z.url().describe("base of the schema registry's Confluent-compatible API"),
  DATABASE_URL: z.url().describe('the subject database, as role huitong_sync'),
  CHUNK_MESSAGES_MAX: count(5_000).describe('messages in one transaction at most'),
  WRITERS: count(2).describe('transactions in hand at one time'),
  SESSION_TIMEOUT_MS: count(10_000).describe('a member silent for longer loses its lanes'),
  RELAY_INTERVAL_MS: count(100).describe('how often changes are looked for and published'),
  SHUTDOWN_TIMEOUT_MS: count(15_000),
});

/** The parsed settings, with the database that the first argument names. */
export type SyncConfig = Readonly<z.output<typeof syncEnvironment>> & {
  readonly database: string;
  readonly name: string;
};

/** The settings of this process: `main.js <database>` and its environment. */
export function readConfig(): SyncConfig {
  const name = z.enum(['population', 'legal-person', 'housing']).parse(process.argv[2]);
  const environment = { ...process.env, PORT: process.env[portOf[name]] };
  return { ...parseConfig(syncEnvironment, environment), database: name.replaceAll('-', '_'), name: `${name}-sync` };
}
