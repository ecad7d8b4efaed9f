import { Module, type DynamicModule } from '@nestjs/common';
import { Health, LOGGER, type Logger, type ServiceOptions } from '@huitong/service-kit';
import { Registry } from 'prom-client';
import type { SyncConfig } from './config.ts';
import { SubjectSync } from './subject-sync.ts';
import { SyncMetrics } from './sync-metrics.ts';

@Module({})
class AppModule {}

/** A sync service: the facts and subject records of one database, kept from Kafka; health and metrics are all its HTTP. */
export function serviceOf(config: SyncConfig): ServiceOptions {
  return {
    name: config.name,
    module: appModule(config),
    port: config.portOf(config.database),
    host: config.LISTEN_HOST,
    certs: { dir: config.CERTS_DIR },
    logLevel: config.LOG_LEVEL,
    shutdownMs: config.SHUTDOWN_TIMEOUT_MS,
  };
}

function appModule(config: SyncConfig): DynamicModule {
  return {
    module: AppModule,
    providers: [
      { provide: SyncMetrics, useFactory: (registry: Registry) => new SyncMetrics(registry), inject: [Registry] },
      {
        provide: SubjectSync,
        useFactory: (logger: Logger, health: Health, metrics: SyncMetrics) =>
          new SubjectSync({ config, logger, health, metrics }),
        inject: [LOGGER, Health, SyncMetrics],
      },
    ],
  };
}
