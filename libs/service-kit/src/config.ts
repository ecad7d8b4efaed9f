import { z } from 'zod';
import { HuitongError } from '@huitong/change-event';

/**
 * Reads an app's environment once, before anything starts: the frozen settings, or CONFIG_INVALID that lists every
 * problem at once by the setting's name, never with its value.
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<Schema>> {
  // An empty variable is what `NAME=` leaves behind; it means "not set".
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(settings)'}: ${issue.message}`);
  throw new HuitongError('CONFIG_INVALID', `reading the settings: ${problems.join('; ')}`, {
    context: { problems: problems.length },
  });
}

/** A TCP port as a setting; 0 lets the operating system choose one, which is what specs do. */
export function portSetting(defaultPort: number) {
  return z.coerce.number().int().min(0).max(65_535).default(defaultPort);
}

/** A count or a number of milliseconds as a setting: a whole number, at least `min`. */
export function countSetting(defaultCount: number, min = 1) {
  return z.coerce.number().int().min(min).default(defaultCount);
}

/**
 * The settings that every service shares; spread them into the app's own `z.object`. Loopback is the default host. Each
 * setting describes itself as `中文 / English`, for the table in the READMEs.
 */
export const commonEnvironment = {
  HUITONG_HOME: z.string().min(1).default('.huitong').describe('运行目录 / runtime folder'),
  CERTS_DIR: z
    .string()
    .min(1)
    .default('.huitong/certs')
    .describe('内有 ca.pem、server.pem、server-key.pem 的目录 / folder with ca.pem, server.pem and server-key.pem'),
  LISTEN_HOST: z.string().min(1).default('127.0.0.1').describe('监听地址 / address to listen on'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('日志级别，取 pino 的名称 / level of the log, by pino’s names'),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'a list of host:port is needed')))
    .describe('主机:端口，以逗号分隔 / host:port, separated by commas'),
  SHUTDOWN_TIMEOUT_MS: countSetting(15_000).describe('停止时至多等待的毫秒数 / milliseconds that a stop may take'),
};
