import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { createTopicAdmin } from '@huitong/event-stream';
import { AccessLog, LagWatch, placesOf, RedisPublishedEvents, SubjectReader } from '@huitong/governance';
import { Health, type ServiceOptions } from '@huitong/service-kit';
import { AccessLogController, AUDIT } from './access-log.controller.ts';
import type { QueryConfig } from './config.ts';
import { openConnections } from './connections.ts';
import { HistoryController } from './history.controller.ts';
import { LagController } from './lag.controller.ts';
import { LostLanesController } from './lost-lanes.controller.ts';
import { ParkedController } from './parked.controller.ts';
import { ProofsController } from './proofs.controller.ts';
import { QueryMetrics } from './query-metrics.ts';
import { queryOpenApi } from './query-open-api.ts';
import { RecordController } from './record.controller.ts';
import { DATABASES, PUBLISHED, TraceController } from './trace.controller.ts';

@Module({})
class AppModule {}

/** The query API as a service: what it listens on and what it is made of. */
export function serviceOf(config: QueryConfig): ServiceOptions {
  return {
    name: 'query-api',
    module: appModule(config),
    port: config.QUERY_PORT,
    host: config.LISTEN_HOST,
    certs: { dir: config.CERTS_DIR },
    logLevel: config.LOG_LEVEL,
    shutdownMs: config.SHUTDOWN_TIMEOUT_MS,
    openApi: queryOpenApi,
  };
}

function appModule(config: QueryConfig): DynamicModule {
  const connections = openConnections(config);
  const { subjects } = connections;
  const admin = createTopicAdmin({ brokers: config.KAFKA_BROKERS, clientId: 'query-api' });
  const published = new RedisPublishedEvents(config.REDIS_URL);
  const log = new AccessLog(connections.accessLog);
  return {
    module: AppModule,
    controllers: [
      RecordController,
      HistoryController,
      TraceController,
      LagController,
      ParkedController,
      LostLanesController,
      ProofsController,
      AccessLogController,
    ],
    providers: [
      { provide: DATABASES, useValue: subjects },
      { provide: PUBLISHED, useValue: published },
      { provide: AUDIT, useValue: connections.audit },
      { provide: AccessLog, useValue: log },
      {
        provide: LagWatch,
        useFactory: (registry: Registry) => {
          const metrics = new QueryMetrics(registry);
          return new LagWatch({ databases: subjects, offsets: admin, onReport: (rows) => metrics.show(rows) });
        },
        inject: [Registry],
      },
      {
        provide: SubjectReader,
        useFactory: (watch: LagWatch) => new SubjectReader({ places: placesOf(subjects), watch, log }),
        inject: [LagWatch],
      },
      {
        provide: 'lifecycle',
        useFactory: (health: Health, watch: LagWatch) => {
          for (const { name, reader } of subjects) health.register(reachable(name, reader));
          health.register(reachable('access-log', connections.accessLog));
          watch.start();
          return {
            onApplicationShutdown: async () => {
              watch.stop();
              published.disconnect();
              await Promise.all([connections.close(), admin.disconnect()]);
            },
          };
        },
        inject: [Health, LagWatch],
      },
    ],
  };
}

/** Kafka and Redis are no part of readiness: without them records are answered, with less said of freshness and traces. */
const reachable = (name: string, database: { query(text: string): Promise<unknown> }) => ({
  name,
  ready: async () => (await database.query('select 1')) !== undefined,
});
