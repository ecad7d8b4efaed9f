import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';
import {
  assertPortFree,
  endProcess,
  ensureCertificates,
  isRunning,
  restartPart,
  runningParts,
  spawnDetached,
  startParts,
  stopParts,
  type PartName,
  type Parts,
} from '@huitong/local-stack';
import { inheritedEnvironment, repository } from './config.ts';
import { isReady } from './health.ts';
import { commonEnvironment, portOfService, type Service } from './services.ts';
import {
  readServiceIds,
  removeStack,
  writeServiceIds,
  writeStack,
  writeStatus,
  type Stack,
  type Status,
  type Step,
} from './stack.ts';

const lookEveryMs = 200;
const readyWithinMs = 120_000;
/** A service that ends this often before it was ready will not become so by itself. */
const mostRestartsAtStart = 5;
/** A service lets the requests in hand finish within 15 s; then it is killed. */
const endWithinMs = 20_000;
const longestPauseMs = 10_000;
/** Who has run this long is healthy: the next restart is immediate again. */
const healthyAfterMs = 30_000;

interface SupervisionOptions {
  home: string;
  empty: boolean;
  services: Service[];
  prepare: (stack: Stack) => Promise<void>;
  /** The well-known ports, or free ones in specs. */
  ports?: 'fixed' | 'free';
}

/**
 * Starts the parts, prepares them, starts the services and keeps all of them running until {@link end}: whatever ends by
 * itself is started again, at once the first time, then ever later up to 10 s. Tells how far it is in `run/status.json`
 * and what is where in `run/stack.json`.
 */
export class Supervision {
  readonly #options: SupervisionOptions;
  readonly #status: Status;
  readonly #ending = new AbortController();
  #stack: Stack | undefined;

  constructor(options: SupervisionOptions) {
    this.#options = options;
    this.#status = { phase: 'starting', empty: options.empty, steps: [], restarts: {} };
  }

  /** Asks {@link run} to stop everything and return; may be called at any moment, and more than once. */
  end(): void {
    this.#ending.abort();
  }

  /** Returns the exit code: 0 after an {@link end}, 1 when the start or the stop failed; nothing runs any more, unless it could not be stopped. */
  async run(): Promise<number> {
    const keepers: Promise<void>[] = [];
    try {
      await this.#start(keepers);
      await this.#until(() => false);
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#failed(error);
    }
    this.end();
    this.#phase('stopping');
    await Promise.allSettled(keepers);
    await stopServices(this.#options.home);
    await stopParts(this.#options.home).catch((error: unknown) => this.#failed(error));
    removeStack(this.#options.home);
    this.#phase(this.#status.error ? 'failed' : 'stopped');
    return this.#status.error ? 1 : 0;
  }

  async #start(keepers: Promise<void>[]): Promise<void> {
    const { home, services, prepare } = this.#options;
    writeStatus(home, this.#status);
    for (const service of services) await assertPortFree(service.name, portOfService(service), service.port.env);
    const certsDir = await this.#step('证书就绪', 'certificates are ready', () => ensureCertificates({ home }));
    const onProgress = (step: Step) => this.#told(step);
    const parts = await startParts({
      home,
      ports: this.#options.ports ?? 'fixed',
      onProgress,
      signal: this.#ending.signal,
    });
    this.#ending.signal.throwIfAborted();
    const stack = stackOf(home, certsDir, parts, services);
    this.#stack = stack;
    writeStack(stack);
    for (const name of Object.keys(parts.pids) as PartName[]) {
      keepers.push(
        this.#keep(
          name,
          () => restartPart(home, name),
          () => runningParts(home)[name] ?? false,
          true,
        ),
      );
    }
    await this.#step('模式, 主题与数据库就绪', 'schemas, topics and databases are ready', () => prepare(stack));
    for (const service of services) {
      const running = () => isRunning(readServiceIds(home)[service.name]);
      keepers.push(this.#keep(service.name, () => this.#startService(service, stack), running, false));
    }
    await Promise.all(services.map((service) => this.#awaitReady(service, certsDir)));
    this.#phase('ready');
  }

  async #startService(service: Service, stack: Stack): Promise<number> {
    const command = {
      file: process.execPath,
      args: ['--enable-source-maps', join(repository, service.entry), ...service.args],
      cwd: repository,
      env: { ...inheritedEnvironment(), ...commonEnvironment(stack), ...service.env(stack) },
    };
    const id = await spawnDetached(command, join(stack.home, 'logs', `${service.name}.log`));
    writeServiceIds(stack.home, { ...readServiceIds(stack.home), [service.name]: id });
    return id.pid;
  }

  /** One loop for each part and service. Never throws: what cannot be started is tried again. */
  async #keep(
    name: string,
    start: () => Promise<number | undefined>,
    running: () => boolean,
    isStarted: boolean,
  ): Promise<void> {
    let pauseMs = 0;
    for (let first = true; !this.#isEnding(); first = false) {
      const since = Date.now();
      if (!first || !isStarted) await this.#startOne(name, start);
      await this.#until(() => !running()).catch(() => undefined);
      if (this.#isEnding()) return;
      pauseMs = Date.now() - since > healthyAfterMs ? 0 : Math.min(Math.max(pauseMs * 2, 100), longestPauseMs);
      this.#status.restarts[name] = (this.#status.restarts[name] ?? 0) + 1;
      this.#log(`${name} ended, starting it again in ${pauseMs} ms`);
      writeStatus(this.#options.home, this.#status);
      await sleep(pauseMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  async #startOne(name: string, start: () => Promise<number | undefined>): Promise<void> {
    try {
      const pid = await start();
      if (this.#stack === undefined || pid === undefined) return;
      this.#stack.pids[name] = pid;
      writeStack(this.#stack);
    } catch (error) {
      this.#log(`${name}: ${String(error)}`);
    }
  }

  async #awaitReady(service: Service, certsDir: string): Promise<void> {
    const since = Date.now();
    while (!(await isReady(portOfService(service), certsDir))) {
      if (Date.now() - since > readyWithinMs || (this.#status.restarts[service.name] ?? 0) >= mostRestartsAtStart) {
        const log = join(this.#options.home, 'logs', `${service.name}.log`);
        throw new HuitongError(
          'PART_FAILED',
          `${service.title.zh}未就绪, 见 / ${service.title.en} is not ready, see ${log}`,
        );
      }
      await sleep(lookEveryMs, undefined, { signal: this.#ending.signal });
    }
    this.#told({ zh: `${service.title.zh}就绪`, en: `${service.title.en} is ready`, seconds: secondsSince(since) });
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(lookEveryMs, undefined, { signal: this.#ending.signal });
  }

  async #step<T>(zh: string, en: string, work: () => Promise<T>): Promise<T> {
    const since = Date.now();
    const result = await work();
    this.#ending.signal.throwIfAborted();
    this.#told({ zh, en, seconds: secondsSince(since) });
    return result;
  }

  #told(step: Step): void {
    this.#status.steps.push(step);
    writeStatus(this.#options.home, this.#status);
  }

  #phase(phase: Status['phase']): void {
    this.#status.phase = phase;
    writeStatus(this.#options.home, this.#status);
  }

  #failed(error: unknown): void {
    const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error) };
    this.#status.error = { code, message };
    this.#log(`${code} ${error instanceof Error ? error.stack : message}`);
  }

  #log(line: string): void {
    process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  }
}

const secondsSince = (since: number): number => Math.round((Date.now() - since) / 100) / 10;

function stackOf(home: string, certsDir: string, parts: Parts, services: Service[]): Stack {
  const { hostname, port } = new URL(parts.postgresUrl);
  return {
    home,
    certsDir,
    kafkaBrokers: parts.kafkaBrokers,
    registryUrl: parts.registryUrl,
    redisUrl: parts.redisUrl,
    postgres: { host: hostname, port: Number(port) },
    urls: Object.fromEntries(services.map((service) => [service.name, `https://127.0.0.1:${portOfService(service)}`])),
    pids: { ...parts.pids },
  };
}

/** Ends the services that were started for a home folder, side by side; returns the names of those that were running. */
export async function stopServices(home: string): Promise<string[]> {
  const ended = await Promise.all(
    Object.entries(readServiceIds(home)).map(async ([name, id]) =>
      (await endProcess(id, 'SIGTERM', endWithinMs)) ? name : undefined,
    ),
  );
  writeServiceIds(home, {});
  return ended.filter((name) => name !== undefined);
}
