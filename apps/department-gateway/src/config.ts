import { z } from 'zod';
import { commonEnvironment, countSetting, parseConfig, portSetting, type Settings } from '@huitong/service-kit';

const environment = z.object({
  ...commonEnvironment,
  GATEWAY_PORT: portSetting(8081).describe('监听端口 / port to listen on'),
  REGISTRY_URL: z
    .url()
    .describe('模式注册中心的 Confluent 兼容接口 / base of the schema registry’s Confluent-compatible API'),
  REDIS_URL: z
    .url()
    .describe('存放限额与已发布事件的位置，可缺席 / holds quotas and the places of published events; may be away'),
  // Above the largest request, or that request could never pass.
  RATE_LIMIT_EVENTS_PER_SECOND: countSetting(50_000, 1_000).describe(
    '每个部门每秒的事件数 / events a second, per department',
  ),
  BODY_LIMIT_BYTES: countSetting(8 * 1_048_576).describe('请求正文的字节上限 / bytes of a request’s body at most'),
  PUBLISH_TIMEOUT_MS: countSetting(10_000).describe(
    '超过则答复 503，重发是安全的 / milliseconds; then the answer is 503, and sending again is safe',
  ),
});

/** Every setting of the department gateway. */
export const settings: Settings = { of: { zh: '网关', en: 'gateway' }, schemas: [environment] };

/** The parsed settings. */
export type GatewayConfig = Readonly<z.output<typeof environment>>;

/** The settings that an environment gives; CONFIG_INVALID lists all that is wrong with them. */
export const readConfigFrom = (given: NodeJS.ProcessEnv): GatewayConfig => parseConfig(environment, given);

/** The settings of this process. */
export const readConfig = (): GatewayConfig => readConfigFrom(process.env);
