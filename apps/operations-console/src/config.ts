import { z } from 'zod';
import { databaseUrlSetting, subjectDatabaseSettings, subjectDatabaseUrls } from '@huitong/governance';
import { commonEnvironment, countSetting, parseConfig, portSetting, type Settings } from '@huitong/service-kit';
import { databases } from '@huitong/subjects';

const ownEnvironment = z.object({
  ...commonEnvironment,
  CONSOLE_PORT: portSetting(8080).describe('监听端口 / port to listen on'),
  REGISTRY_URL: z
    .url()
    .describe('模式注册中心的 Confluent 兼容接口 / base of the schema registry’s Confluent-compatible API'),
  REDIS_URL: z.url().describe('知道已发布事件的位置，可缺席 / knows where published events went; may be away'),
  ACCESS_LOG_URL: databaseUrlSetting().describe(
    '数据库 exchange，角色 huitong_access；不可用时不查询任何主体 / database `exchange`, role `huitong_access`: no subject is looked up while it is away',
  ),
  READER_CONNECTIONS: countSetting(4).describe('每个专题库的连接数 / connections to each subject database'),
});

/** The console opens parked events too, which needs a role of its own. */
const roles = ['reader', 'operator', 'steward'] as const;

const environment = z.intersection(ownEnvironment, subjectDatabaseUrls(databases, roles));

/** Every setting of the operations console. */
export const settings: Settings = {
  of: { zh: '运行控制台', en: 'operations console' },
  schemas: [ownEnvironment, subjectDatabaseSettings(databases, roles)],
};

/** The parsed settings. */
export type ConsoleConfig = Readonly<z.output<typeof environment>>;

/** The settings of this process; CONFIG_INVALID lists all that is wrong with them. */
export const readConfig = (): ConsoleConfig => parseConfig(environment, process.env);
