import { databases } from '@huitong/subjects';
import { portOf } from './config.ts';
import { databaseUrl, type Stack } from './stack.ts';

/** One process that the supervisor keeps running. */
export interface Service {
  name: string;
  title: { zh: string; en: string };
  /** Below the repository. */
  entry: string;
  args: string[];
  /** The variable that sets its port, and the port when that is not set. */
  port: { env: string; default: number };
  /** Settings beyond those that every service gets. */
  env(stack: Stack): Record<string, string>;
}

/**
 * How a sync service goes about memory. Without a bound Node keeps up to four times what it holds; below 2 GB it keeps twice that, and
 * with a low one a third more, collecting all the time: with 192 MB V8 did 89 full collections where it does 19 with these, and
 * took as much of a core for them as the service itself. What is held is bounded by the chunks in hand and those read ahead.
 * glibc, left alone, keeps an arena a thread and what was freed in it: 288 MB where 222 do, at the same rate. Others ignore it.
 */
export const syncMemory = {
  NODE_OPTIONS: '--max-old-space-size=1900 --max-semi-space-size=16',
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

const sync = (name: string, zh: string, env: string, port: number, database: string): Service => ({
  name: `${name}-sync`,
  title: { zh: `${zh}同步`, en: `${name} sync` },
  entry: 'apps/subject-sync/dist/main.js',
  args: [name],
  port: { env, default: port },
  env: (stack) => ({ DATABASE_URL: databaseUrl(stack, 'huitong_sync', database), ...syncMemory }),
});

/** Each subject database as a role sees it; `prefix` is how the settings of that role begin. */
const databaseUrls = (stack: Stack, role: Parameters<typeof databaseUrl>[1], prefix = ''): Record<string, string> =>
  Object.fromEntries(
    [...databases.keys()].map((database) => [
      `${prefix}${database.toUpperCase()}_DATABASE_URL`,
      databaseUrl(stack, role, database),
    ]),
  );

/** Each subject database as those see it who read, and who may ask for releases. */
const subjectDatabaseUrls = (stack: Stack): Record<string, string> => ({
  ...databaseUrls(stack, 'huitong_reader'),
  ...databaseUrls(stack, 'huitong_operator', 'OPERATOR_'),
});

/** The services of the platform, in the order in which they are shown. */
export const services: Service[] = [
  {
    name: 'department-gateway',
    title: { zh: '部门网关', en: 'department gateway' },
    entry: 'apps/department-gateway/dist/main.js',
    args: [],
    port: { env: 'GATEWAY_PORT', default: 8081 },
    env: () => ({}),
  },
  {
    name: 'query-api',
    title: { zh: '查询服务', en: 'query API' },
    entry: 'apps/query-api/dist/main.js',
    args: [],
    port: { env: 'QUERY_PORT', default: 8082 },
    env: (stack) => ({
      ...subjectDatabaseUrls(stack),
      ACCESS_LOG_URL: databaseUrl(stack, 'huitong_access', 'exchange'),
      AUDIT_URL: databaseUrl(stack, 'huitong_auditor', 'exchange'),
    }),
  },
  {
    name: 'operations-console',
    title: { zh: '运行控制台', en: 'operations console' },
    entry: 'apps/operations-console/dist/main.js',
    args: [],
    port: { env: 'CONSOLE_PORT', default: 8080 },
    env: (stack) => ({
      ...subjectDatabaseUrls(stack),
      ...databaseUrls(stack, 'huitong_steward', 'STEWARD_'),
      ACCESS_LOG_URL: databaseUrl(stack, 'huitong_access', 'exchange'),
      ALARMS_URL: databaseUrl(stack, 'huitong_operator', 'exchange'),
      WATCHED_SERVICES: services
        .filter((service) => service.name !== 'operations-console')
        .map((service) => `${service.name}=https://127.0.0.1:${portOfService(service)}`)
        .join(),
      CONSOLE_PUBLIC_URL: `https://127.0.0.1:${portOf('CONSOLE_PORT', 8080)}`,
    }),
  },
  sync('population', '人口库', 'POPULATION_SYNC_PORT', 8091, 'population'),
  sync('legal-person', '法人库', 'LEGAL_PERSON_SYNC_PORT', 8092, 'legal_person'),
  sync('housing', '房屋库', 'HOUSING_SYNC_PORT', 8093, 'housing'),
];

/** The synthetic city that publishes as all departments do; not with `--empty`. */
export const demoCity: Service = {
  name: 'demo-city',
  title: { zh: '演示城市', en: 'demo city' },
  entry: 'apps/huitong-cli/dist/main.js',
  args: ['demo', 'run'],
  port: { env: 'DEMO_CITY_PORT', default: 8095 },
  env: () => ({}),
};

export const portOfService = ({ port }: Service): number => portOf(port.env, port.default);

/** What every service is told: the parts, the certificates and the ports of all. */
export const commonEnvironment = (stack: Stack): Record<string, string> => ({
  HUITONG_HOME: stack.home,
  CERTS_DIR: stack.certsDir,
  KAFKA_BROKERS: stack.kafkaBrokers,
  REGISTRY_URL: stack.registryUrl,
  REDIS_URL: stack.redisUrl,
  ...Object.fromEntries([...services, demoCity].map((service) => [service.port.env, String(portOfService(service))])),
});
