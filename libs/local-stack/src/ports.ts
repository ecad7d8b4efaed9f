import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { HuitongError } from '@huitong/change-event';
import { brokerNames, type Broker, type partNames, type PartsRecord } from './parts-record.ts';

/** The port of each part and the environment variable that overrides it. High numbers, so that a part already on the machine keeps its own. */
const fixedPorts = {
  kafka: { env: 'KAFKA_PORT', port: 19092 },
  registry: { env: 'REGISTRY_PORT', port: 8085 },
  postgres: { env: 'POSTGRES_PORT', port: 15432 },
  redis: { env: 'REDIS_PORT', port: 16379 },
} as const satisfies Record<(typeof partNames)[number], { env: string; port: number }>;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });

/** What this process was given, and may not listen on yet. */
const given = new Set<number>();

/**
 * A port of 127.0.0.1 that nothing listens on now, given once to a process. Below the range from which systems take the ports of outgoing
 * connections, because a client that redials a dead port of that range can end up connected to itself.
 */
export async function freePort(from = 25_000, to = 29_999): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(from, to + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new HuitongError('PORT_BUSY', `找不到空闲端口 / no free port was found between ${from} and ${to}`);
}

/** Of a range of their own: another process may have chosen the ports of services, which do not listen yet. */
const partPort = (): Promise<number> => freePort(20_000, 24_999);

/** Refuses with PORT_BUSY, naming the variable that overrides it, when something already listens on `port`. */
export async function assertPortFree(name: string, port: number, env: string): Promise<void> {
  if (await isFree(port)) return;
  throw new HuitongError(
    'PORT_BUSY',
    `端口 ${port} (${name}) 已被占用, 可用环境变量 ${env} 另选 / port ${port} for ${name} is already in use: choose another one with ${env}`,
    { context: { name, port, env } },
  );
}

const portFromEnvironment = (env: string, fallback: number): number => {
  const text = process.env[env];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new HuitongError(
    'CONFIG_INVALID',
    `${env} 应为 1 至 65535 的端口号 / ${env} must be a port number from 1 to 65535`,
  );
};

/** The ports of all parts: the well-known ones, refused with PORT_BUSY when taken, or free ones. */
export async function choosePorts(mode: 'fixed' | 'free'): Promise<PartsRecord['ports']> {
  const ports: Partial<PartsRecord['ports']> = {};
  for (const name of Object.keys(fixedPorts) as (keyof PartsRecord['ports'])[]) {
    const { env, port } = fixedPorts[name];
    if (mode === 'free') {
      ports[name] = await partPort();
    } else {
      ports[name] = portFromEnvironment(env, port);
      await assertPortFree(name, ports[name], env);
    }
  }
  return ports as PartsRecord['ports'];
}

/**
 * Where the brokers listen, and the ports by which services reach brokers and PostgreSQL: their own, unless something stands
 * between, as a proxy that a test puts there (KAFKA_ADVERTISED_PORT, POSTGRES_ADVERTISED_PORT).
 */
export async function chooseBrokers(
  ports: PartsRecord['ports'],
  count: number,
): Promise<Pick<PartsRecord, 'brokers' | 'postgresAdvertisedPort'>> {
  const brokers: Broker[] = [];
  for (const name of brokerNames.slice(0, count)) {
    const port = name === 'kafka' ? ports.kafka : await partPort();
    const advertisedPort = name === 'kafka' ? portFromEnvironment('KAFKA_ADVERTISED_PORT', port) : port;
    brokers.push({ name, port, advertisedPort, controllerPort: await partPort() });
  }
  return { brokers, postgresAdvertisedPort: portFromEnvironment('POSTGRES_ADVERTISED_PORT', ports.postgres) };
}
