import { z } from 'zod';
import { commonEnvironment, parseConfig, portSetting } from '@huitong/service-kit';

const count = () => z.coerce.number().int().positive();

/** Every setting of the department gateway. */
export const gatewayEnvironment = z.object({
  ...commonEnvironment,
  GATEWAY_PORT: portSetting(8081),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'a list of host:port is needed')))
    .describe('host:port, separated by commas'),
  REGISTRY_URL: z.url().describe("base of the schema registry's Confluent-compatible API"),
  REDIS_URL: z.url().describe('holds quotas and the positions of published events; may be away'),
  // Above the largest request, or that request could never pass.
  RATE_LIMIT_EVENTS_PER_SECOND: count().min(1_000).default(50_000).describe('per department'),
  BODY_LIMIT_BYTES: count().default(8 * 1_048_576),
  PUBLISH_TIMEOUT_MS: count().default(10_000).describe('then the answer is 503, and sending again is safe'),
  SHUTDOWN_TIMEOUT_MS: count().default(15_000),
});

/** The parsed settings. */
export type GatewayConfig = Readonly<z.output<typeof gatewayEnvironment>>;

/** The settings that an environment gives; CONFIG_INVALID lists all that is wrong with them. */
export const readConfigFrom = (environment: NodeJS.ProcessEnv): GatewayConfig =>
  parseConfig(gatewayEnvironment, environment);

/** The settings of this process. */
export const readConfig = (): GatewayConfig => readConfigFrom(process.env);
