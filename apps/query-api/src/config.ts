import { z } from 'zod';
import { databaseUrlSetting, subjectDatabaseSettings, subjectDatabaseUrls } from '@huitong/governance';
import { commonEnvironment, countSetting, parseConfig, portSetting, type Settings } from '@huitong/service-kit';
import { databases } from '@huitong/subjects';

const ownEnvironment = z.object({
  ...commonEnvironment,
  QUERY_PORT: portSetting(8082).describe('监听端口 / port to listen on'),
  REDIS_URL: z.url().describe('知道已发布事件的位置，可缺席 / knows where published events went; may be away'),
  ACCESS_LOG_URL: databaseUrlSetting().describe(
    '数据库 exchange，角色 huitong_access；不可用时不作任何答复 / database `exchange`, role `huitong_access`: nothing is answered while it is away',
  ),
  AUDIT_URL: databaseUrlSetting().describe(
    '数据库 exchange，角色 huitong_auditor / database `exchange`, role `huitong_auditor`',
  ),
  READER_CONNECTIONS: countSetting(8).describe('每个专题库的连接数 / connections to each subject database'),
});

const environment = z.intersection(ownEnvironment, subjectDatabaseUrls(databases));

/** Every setting of the query API. */
export const settings: Settings = {
  of: { zh: '查询服务', en: 'query API' },
  schemas: [ownEnvironment, subjectDatabaseSettings(databases)],
};

/** The parsed settings. */
export type QueryConfig = Readonly<z.output<typeof environment>>;

/** The settings that an environment gives; CONFIG_INVALID lists all that is wrong with them. */
export const readConfigFrom = (given: NodeJS.ProcessEnv): QueryConfig => parseConfig(environment, given);

/** The settings of this process. */
export const readConfig = (): QueryConfig => readConfigFrom(process.env);
