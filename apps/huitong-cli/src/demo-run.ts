import { join } from 'node:path';
import { Controller, Get, HttpCode, Inject, Module, Post, type DynamicModule } from '@nestjs/common';
import { writeJson } from '@huitong/local-stack';
import { createLogger, Roles, startService, type Logger } from '@huitong/service-kit';
import { DemoCity, type DemoState } from './demo-city.ts';
import { GatewayClient } from './demo-gateway.ts';
import { openJournal, writeJournal } from './demo-journal.ts';
import { CityRegister } from './demo-register.ts';

/** What `huitong demo run` is told; `chosen` says which were chosen on purpose. */
export interface DemoSettings {
  readonly home: string;
  readonly people: number;
  readonly seed: string;
  readonly liveRate: number;
  readonly port: number;
  readonly gatewayPort: number;
  readonly queryPort: number;
  readonly certs: string;
  readonly logLevel: string;
  readonly chosen: { readonly people: boolean; readonly seed: boolean };
}

const heartbeatMs = 5_000;
const progressMs = 1_000;
/** Progress lines in the log: often while loading, seldom after. */
const logEveryMs = { loading: 5_000, live: 60_000 };
/** A stop waits this long for the gateway to confirm what is under way; later it is sent again. */
const stopWithinMs = 8_000;

/** Tells how far the city is, and holds it still while somebody compares. */
@Controller('v1')
class DemoController {
  readonly #city: DemoCity;

  constructor(@Inject(DemoCity) city: DemoCity) {
    this.#city = city;
  }

  @Get('state')
  @Roles('operator')
  state(): DemoState {
    return this.#city.state;
  }

  @Post('pause')
  @HttpCode(200)
  @Roles('operator')
  pause(): Promise<DemoState> {
    return this.#city.pause();
  }

  @Post('resume')
  @HttpCode(200)
  @Roles('operator')
  resume(): DemoState {
    return this.#city.resume();
  }
}

@Module({})
class DemoModule {}

const moduleOf = (city: DemoCity): DynamicModule => ({
  module: DemoModule,
  controllers: [DemoController],
  providers: [{ provide: DemoCity, useValue: city }],
});

/** The process of the demo city: publishes until a signal ends it, and answers on its control port. */
export async function runDemo(settings: DemoSettings): Promise<void> {
  const { home, port, gatewayPort, queryPort, certs, liveRate } = settings;
  const logger = createLogger('demo-city', { level: settings.logLevel });
  const ending = new AbortController();
  const journal = openJournal(home, settings, Date.now());
  const gateway = new GatewayClient({ port: gatewayPort, queryPort, certs, logger, signal: ending.signal });
  const register = new CityRegister({ home, gateway, logger });
  await register.catchUp(journal);
  const city = new DemoCity(journal, {
    liveRate,
    logger,
    sender: register,
    save: (state) => writeJournal(home, state),
    atRest: () => register.atRest(),
  });
  const timers = watch({ city, gateway, home, logger });
  await startService({
    name: 'demo-city',
    module: moduleOf(city),
    port,
    certs: { dir: certs },
    logger,
    onShutdown: async () => {
      timers.forEach((timer) => clearInterval(timer));
      register.stop();
      await city.pause(stopWithinMs).catch((error: unknown) => logger.info({ err: error }, 'stopping amid an outage'));
      ending.abort();
      await gateway.close();
      register.close();
    },
  });
  logger.info(city.state, 'publishing');
  register.listen();
  await city.run().catch((error: unknown) => {
    if (ending.signal.aborted) return;
    logger.fatal({ err: error }, 'publishing failed');
    process.exit(1);
  });
}

function watch(parts: { city: DemoCity; gateway: GatewayClient; home: string; logger: Logger }): NodeJS.Timeout[] {
  const { city, gateway, home, logger } = parts;
  let beating = false;
  let last = { atMs: Date.now(), events: city.state.eventsSent };
  let loggedAtMs = 0;
  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    await gateway.heartbeats(city.completeUntilMs(Date.now())).finally(() => (beating = false));
  };
  const tell = (): void => {
    const { state } = city;
    const now = { atMs: Date.now(), events: state.eventsSent };
    const eventsPerSecond = Math.round(((now.events - last.events) * 1_000) / Math.max(1, now.atMs - last.atMs));
    last = now;
    const progress = { ...state, eventsPerSecond, at: new Date(now.atMs).toISOString() };
    writeJson(join(home, 'demo', 'progress.json'), progress);
    if (now.atMs - loggedAtMs < logEveryMs[state.phase]) return;
    loggedAtMs = now.atMs;
    logger.info(progress, 'progress');
  };
  return [setInterval(() => void beat(), heartbeatMs), setInterval(tell, progressMs)];
}
