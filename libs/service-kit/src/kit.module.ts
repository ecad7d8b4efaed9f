import { Controller, Get, Header, Inject, NotFoundException, Res, type DynamicModule } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Public } from './caller.ts';
import { Health, type HealthReport } from './health.ts';
import { LOGGER, type Logger } from './logger.ts';

const OPEN_API = Symbol('openapi');

/** The routes that every service has, open to all: health, metrics, OpenAPI. They hold no value of any record. */
@Controller()
class ServiceController {
  readonly #health: Health;
  readonly #registry: Registry;
  readonly #openApi: object | null;

  constructor(
    @Inject(Health) health: Health,
    @Inject(Registry) registry: Registry,
    @Inject(OPEN_API) openApi: object | null,
  ) {
    this.#health = health;
    this.#registry = registry;
    this.#openApi = openApi;
  }

  @Get('health/live')
  @Public()
  async live(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.#health.report('live'));
  }

  @Get('health/ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.#health.report('ready'));
  }

  @Get('metrics')
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.#registry.metrics();
  }

  @Get('openapi.json')
  @Public()
  openApi(): object {
    if (!this.#openApi) throw new NotFoundException();
    return this.#openApi;
  }
}

function answer(reply: FastifyReply, report: HealthReport): HealthReport {
  reply.status(report.status === 'up' ? 200 : 503);
  return report;
}

class KitModule {}

/** The global module of every service; it gives LOGGER, {@link Health} and prom-client's `Registry` to all others. */
export function kitModule(parts: {
  logger: Logger;
  health: Health;
  registry: Registry;
  openApi: object | undefined;
}): DynamicModule {
  return {
    module: KitModule,
    global: true,
    controllers: [ServiceController],
    providers: [
      { provide: LOGGER, useValue: parts.logger },
      { provide: Health, useValue: parts.health },
      { provide: Registry, useValue: parts.registry },
      { provide: OPEN_API, useValue: parts.openApi ?? null },
    ],
    exports: [LOGGER, Health, Registry],
  };
}
