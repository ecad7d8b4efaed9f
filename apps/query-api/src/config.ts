import { z } from 'zod';
import { commonEnvironment, parseConfig, portSetting } from '@huitong/service-kit';
import { databases } from '@huitong/subjects';

const databaseUrl = () => z.url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// URL is needed' });
const count = () => z.coerce.number().int().positive();

/** Every setting of the query API but the addresses of the subject databases. */
export const queryEnvironment = z.object({
  ...commonEnvironment,
  QUERY_PORT: portSetting(8082),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'a list of host:port is needed')))
    .describe('host:port, separated by commas; asked only for offsets, may be away'),
  REDIS_URL: z.url().describe('knows where published events went; may be away'),
  ACCESS_LOG_URL: databaseUrl().describe(
    'exchange database, role huitong_access: nothing is answered while it is away',
  ),
  AUDIT_URL: databaseUrl().describe('exchange database, role huitong_auditor'),
  READER_CONNECTIONS: count().default(8).describe('for each subject database'),
  SHUTDOWN_TIMEOUT_MS: count().default(15_000),
});

/** The setting with the address of a database; `operator` for the role that may ask for releases. */
const settingOf = (database: string, role: 'reader' | 'operator'): string =>
  `${role === 'operator' ? 'OPERATOR_' : ''}${database.toUpperCase()}_DATABASE_URL`;

/** Two addresses for each subject database: POPULATION_DATABASE_URL, OPERATOR_POPULATION_DATABASE_URL and so on. */
export const databaseEnvironment = z.object(
  Object.fromEntries(
    [...databases.keys()].flatMap((database) => [
      [settingOf(database, 'reader'), databaseUrl().describe('role huitong_reader')],
      [settingOf(database, 'operator'), databaseUrl().describe('role huitong_operator')],
    ]),
  ),
);

const environment = z.intersection(
  queryEnvironment,
  databaseEnvironment.transform((urls) => ({
    urlOf: (database: string, role: 'reader' | 'operator') => urls[settingOf(database, role)]!,
  })),
);

/** The parsed settings. */
export type QueryConfig = Readonly<z.output<typeof environment>>;

/** The settings that an environment gives; CONFIG_INVALID lists all that is wrong with them. */
export const readConfigFrom = (given: NodeJS.ProcessEnv): QueryConfig => parseConfig(environment, given);

/** The settings of this process. */
export const readConfig = (): QueryConfig => readConfigFrom(process.env);
