import { HuitongError } from '@huitong/change-event';
import { commonEnvironment, countSetting, parseConfig, portSetting, type Settings } from '@huitong/service-kit';
import { databases } from '@huitong/subjects';
import { z } from 'zod';

const ownEnvironment = z.object({
  ...commonEnvironment,
  REGISTRY_URL: z
    .url()
    .describe('模式注册中心的 Confluent 兼容接口 / base of the schema registry’s Confluent-compatible API'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// URL is needed' })
    .describe('专题库，角色 huitong_sync / the subject database, role `huitong_sync`'),
  CHUNK_MESSAGES_MAX: countSetting(4_000).describe('一个事务的消息上限 / messages in one transaction at most'),
  CHUNK_BYTES_MAX: countSetting(8 << 20).describe('一个事务的字节上限 / bytes of messages in one transaction at most'),
  WRITERS: countSetting(2).describe('同时进行的事务数 / transactions in hand at one time'),
  SESSION_TIMEOUT_MS: countSetting(10_000).describe(
    '成员静默超过此毫秒数即失去通道 / a member silent for longer, in milliseconds, loses its lanes',
  ),
  FETCH_INTERVAL_MS: countSetting(10).describe(
    '两次读取 Kafka 至少相隔的毫秒数；越大越省处理器，也越晚 / fetches from Kafka are at least this many milliseconds apart: more spares processors and comes later',
  ),
  RELAY_INTERVAL_MS: countSetting(50).describe(
    '两次发布变更至少相隔的毫秒数 / changes are published at least this many milliseconds apart',
  ),
});

const portNameOf = (database: string): string => `${database.toUpperCase()}_SYNC_PORT`;

/** A port for each subject database, since one environment starts them all: POPULATION_SYNC_PORT and so on. */
const portEnvironment = z.object(
  Object.fromEntries(
    [...databases.keys()].map((database) => [
      portNameOf(database),
      portSetting(0).describe('健康与指标；0 为任一空闲端口 / health and metrics; 0 is any free port'),
    ]),
  ),
);

const environment = z.intersection(
  ownEnvironment,
  portEnvironment.transform((ports) => ({ portOf: (database: string) => ports[portNameOf(database)]! })),
);

/** Every setting of a sync service. */
export const settings: Settings = {
  of: { zh: '同步服务', en: 'sync services' },
  schemas: [ownEnvironment, portEnvironment],
};

/** The parsed settings, with the database that the first argument names and the service's own name. */
export type SyncConfig = Readonly<z.output<typeof environment>> & {
  readonly database: string;
  readonly name: string;
};

/**
 * The settings that an environment gives to the sync service of a database, which is named with hyphens. CONFIG_INVALID
 * where there is no such database, and otherwise with all that is wrong.
 */
export function readConfigFrom(name: string | undefined, given: NodeJS.ProcessEnv): SyncConfig {
  const names = new Map([...databases.keys()].map((database) => [database.replaceAll('_', '-'), database]));
  const database = names.get(name ?? '');
  if (database === undefined)
    throw new HuitongError(
      'CONFIG_INVALID',
      `starting a sync service without the name of its database, which is one of ${[...names.keys()].join(', ')}`,
    );
  return { ...parseConfig(environment, given), database, name: `${name}-sync` };
}

/** The settings of this process: `main.js <database>` and its environment. */
export const readConfig = (): SyncConfig => readConfigFrom(process.argv[2], process.env);
