import { Module, type DynamicModule } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { datasetNames, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { createPublisher, createTopicAdmin, type Publisher } from '@huitong/event-stream';
import { Health, LOGGER, type Logger, type ServiceOptions } from '@huitong/service-kit';
import type { GatewayConfig } from './config.ts';
import { DatasetsController } from './datasets.controller.ts';
import { EventsController } from './events.controller.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { gatewayOpenApi } from './gateway-open-api.ts';
import { Intake } from './intake.ts';
import { PublishedIndex } from './published-index.ts';
import { RateLimit } from './rate-limit.ts';
import { StatementsController } from './statements.controller.ts';
import { Upstream } from './upstream.ts';

const CODEC = Symbol('codec');
const PUBLISHER = Symbol('publisher');

@Module({})
class AppModule {}

/** The gateway as a service: what it listens on and what it is made of. */
export function serviceOf(config: GatewayConfig): ServiceOptions {
  return {
    name: 'department-gateway',
    module: appModule(config),
    port: config.GATEWAY_PORT,
    host: config.LISTEN_HOST,
    certs: { dir: config.CERTS_DIR },
    logLevel: config.LOG_LEVEL,
    bodyLimitBytes: config.BODY_LIMIT_BYTES,
    textBodies: ['application/x-ndjson'],
    shutdownMs: config.SHUTDOWN_TIMEOUT_MS,
    openApi: gatewayOpenApi,
  };
}

function appModule(config: GatewayConfig): DynamicModule {
  return {
    module: AppModule,
    controllers: [EventsController, StatementsController, DatasetsController],
    providers: [
      { provide: Redis, useFactory: () => connectRedis(config.REDIS_URL) },
      { provide: GatewayMetrics, useFactory: (registry: Registry) => new GatewayMetrics(registry), inject: [Registry] },
      { provide: CODEC, useFactory: (logger: Logger) => reachCodec(config, logger), inject: [LOGGER] },
      { provide: PUBLISHER, useFactory: (logger: Logger) => reachPublisher(config, logger), inject: [LOGGER] },
      {
        provide: Intake,
        useFactory: (
          codec: Upstream<EventCodec>,
          publisher: Upstream<Publisher>,
          redis: Redis,
          metrics: GatewayMetrics,
        ) =>
          new Intake({
            codec,
            publisher,
            metrics,
            rateLimit: new RateLimit(redis, config.RATE_LIMIT_EVENTS_PER_SECOND),
            index: new PublishedIndex(redis),
            publishTimeoutMs: config.PUBLISH_TIMEOUT_MS,
          }),
        inject: [CODEC, PUBLISHER, Redis, GatewayMetrics],
      },
      {
        provide: 'lifecycle',
        useFactory: (health: Health, codec: Upstream<EventCodec>, publisher: Upstream<Publisher>, redis: Redis) =>
          lifecycle({ config, health, codec, publisher, redis }),
        inject: [Health, CODEC, PUBLISHER, Redis],
      },
    ],
  };
}

/** Ready with Kafka and the schemas; Redis may be away. All is let go once the last request has been answered. */
function lifecycle(parts: {
  config: GatewayConfig;
  health: Health;
  codec: Upstream<EventCodec>;
  publisher: Upstream<Publisher>;
  redis: Redis;
}): object {
  const { config, health, codec, publisher, redis } = parts;
  // The publisher connects anew only when there is something to publish, so it cannot tell when Kafka is back.
  const admin = createTopicAdmin({ brokers: config.KAFKA_BROKERS, clientId: 'department-gateway-health' });
  health.register({ name: 'kafka', ready: async () => (await admin.endOffsets([])).size === 0 });
  health.register({ name: 'registry', ready: () => codec.reached !== undefined });
  return {
    onApplicationShutdown: async () => {
      codec.stop();
      publisher.stop();
      redis.disconnect();
      await Promise.all([publisher.reached?.disconnect(), admin.disconnect()]);
    },
  };
}

function reachCodec(config: GatewayConfig, logger: Logger): Upstream<EventCodec> {
  const registry = new SchemaRegistry(config.REGISTRY_URL);
  const connect = () => EventCodec.connect(registry, datasetNames);
  return new Upstream({ name: 'schema registry', away: 'REGISTRY_UNAVAILABLE', connect, logger });
}

function reachPublisher(config: GatewayConfig, logger: Logger): Upstream<Publisher> {
  const connect = () => createPublisher({ brokers: config.KAFKA_BROKERS, clientId: 'department-gateway' });
  return new Upstream({ name: 'kafka', away: 'BROKER_UNAVAILABLE', connect, logger });
}

/** Fails at once while Redis is away, instead of queueing: nothing that it holds is worth waiting for. */
function connectRedis(url: string): Redis {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 500 });
  // Its absence shows in the fallback limiter; without a listener ioredis writes to the console.
  redis.on('error', () => undefined);
  return redis;
}
