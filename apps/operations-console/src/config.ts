import { z } from 'zod';
import { databaseUrlSetting, subjectDatabaseSettings, subjectDatabaseUrls } from '@huitong/governance';
import { commonEnvironment, countSetting, parseConfig, portSetting, type Settings } from '@huitong/service-kit';
import { databases } from '@huitong/subjects';

const ownEnvironment = z
  .object({
    ...commonEnvironment,
    CONSOLE_PORT: portSetting(8080).describe('监听端口 / port to listen on'),
    REGISTRY_URL: z
      .url()
      .describe('模式注册中心的 Confluent 兼容接口 / base of the schema registry’s Confluent-compatible API'),
    REDIS_URL: z.url().describe('知道已发布事件的位置，可缺席 / knows where published events went; may be away'),
    ACCESS_LOG_URL: databaseUrlSetting().describe(
      '数据库 exchange，角色 huitong_access；不可用时不查询任何主体 / database `exchange`, role `huitong_access`: no subject is looked up while it is away',
    ),
    ALARMS_URL: databaseUrlSetting().describe(
      '数据库 exchange，角色 huitong_operator：鲜度与告警 / database `exchange`, role `huitong_operator`: freshness and alarms',
    ),
    ALARM_WEBHOOK_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('告警发往的地址，不设则不发 / where alarms are posted; unset, they are not'),
    ALARM_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'whsec_ and 24 bytes or more in Base64 are needed')
      .optional()
      .describe('签名密钥，whsec_ 后接 Base64 / secret of the signature, `whsec_` and Base64'),
    ALARM_SMTP_URL: z
      .url({ protocol: /^smtps?$/ })
      .optional()
      .describe('发送告警邮件的服务器，不设则不发 / mail server for alarms; unset, no mail is sent'),
    ALARM_MAIL_FROM: z.email().optional().describe('告警邮件的发件人 / sender of alarm mail'),
    ALARM_MAIL_TO: z
      .string()
      .transform((text) => text.split(',').map((address) => address.trim()))
      .pipe(z.array(z.email()))
      .optional()
      .describe('告警邮件的收件人，以逗号分隔 / receivers of alarm mail, separated by commas'),
    CONSOLE_PUBLIC_URL: z
      .url()
      .optional()
      .describe('告警消息中所附的控制台地址 / address of the console as messages about alarms give it'),
    WATCHED_SERVICES: z
      .string()
      .transform((text) => text.split(',').flatMap((one) => (one.trim() ? [one.trim().split('=', 2)] : [])))
      .pipe(z.array(z.tuple([z.string().min(1), z.url()])))
      .optional()
      .describe(
        '名称=地址，以逗号分隔，不可用时告警 / name=address, separated by commas: those that are away raise an alarm',
      ),
    READER_CONNECTIONS: countSetting(4).describe('每个专题库的连接数 / connections to each subject database'),
  })
  .refine(
    ({ ALARM_WEBHOOK_URL: url, ALARM_WEBHOOK_SECRET: secret }) => (url === undefined) === (secret === undefined),
    {
      path: ['ALARM_WEBHOOK_SECRET'],
      error: 'is needed together with ALARM_WEBHOOK_URL',
    },
  )
  .refine(
    ({ ALARM_SMTP_URL: url, ALARM_MAIL_FROM: from, ALARM_MAIL_TO: to }) =>
      new Set([url === undefined, from === undefined, to === undefined]).size === 1,
    { path: ['ALARM_SMTP_URL'], error: 'is needed together with ALARM_MAIL_FROM and ALARM_MAIL_TO' },
  );

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
