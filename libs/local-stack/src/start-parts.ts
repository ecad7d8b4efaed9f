import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';
import { database } from './database.ts';
import {
  dockerDown,
  dockerHoldsData,
  dockerKeepsData,
  dockerKill,
  dockerRestart,
  dockerSaveLogs,
  dockerUp,
} from './docker.ts';
import { download } from './downloads.ts';
import { chooseEngine, type Engine } from './engine.ts';
import { kafka } from './kafka.ts';
import type { Part, Place } from './part.ts';
import { brokerNames, partNames, readPartsRecord, removePartsRecord, writePartsRecord } from './parts-record.ts';
import type { PartName, PartsRecord } from './parts-record.ts';
import { chooseBrokers, choosePorts } from './ports.ts';
import { endProcess, isRunning, signalProcess, spawnDetached } from './processes.ts';
import type { ProcessId } from './processes.ts';
import type { OnProgress } from './progress.ts';
import { redis } from './redis.ts';
import { registry, registryUrl } from './registry.ts';
import { assertDiskFree, assertJava } from './requirements.ts';
import { ensureSecrets } from './secrets.ts';

const parts: Record<PartName, Part> = {
  ...(Object.fromEntries(brokerNames.map((name) => [name, kafka(name)])) as Record<(typeof brokerNames)[number], Part>),
  registry,
  postgres: database,
  redis,
};

const readyWithinMs = 120_000;

/** Clients before what they depend on. */
const stopOrder: PartName[] = ['registry', ...brokerNames, 'redis', 'postgres'];

/** The parts that a record speaks of. */
const namesOf = ({ brokers }: Pick<PartsRecord, 'brokers'>): PartName[] => [
  ...new Set<PartName>([...brokers.map(({ name }) => name), ...partNames]),
];

/** Where the running parts are. `postgresUrl` is the superuser's, of the database `postgres`. */
export interface Parts {
  engine: Engine;
  kafkaBrokers: string;
  registryUrl: string;
  postgresUrl: string;
  redisUrl: string;
  /** Empty where Docker runs them. */
  pids: Partial<Record<PartName, number>>;
  stop(): Promise<void>;
}

/**
 * Starts the real Kafka, schema registry, PostgreSQL and Redis for a home folder and returns when all of them answer:
 * in Docker where an engine answers, else as detached local processes on 127.0.0.1; HUITONG_PARTS=process or docker decides
 * otherwise, and a home folder stays with the engine that has its data. Data are resumed; what a crashed predecessor left
 * running is stopped first. Throws PORT_BUSY, PART_MISSING, PART_FAILED, CONFIG_INVALID or DISK_FULL, and then leaves
 * nothing running.
 */
export async function startParts(options: {
  home: string;
  ports: 'fixed' | 'free';
  onProgress?: OnProgress;
  /** Breaks the start off. */
  signal?: AbortSignal;
}): Promise<Parts> {
  const home = resolve(options.home);
  const onProgress = options.onProgress ?? (() => undefined);
  const cache = resolve(process.env.HUITONG_CACHE ?? join(home, 'cache'));
  for (const folder of ['data', 'logs', 'run']) await mkdir(join(home, folder), { recursive: true });
  await assertDiskFree(home);
  await stopParts(home);
  const engine = await chooseEngine(home);
  // What a removed folder or a killed first start left in Docker would keep its ports, and its password is not known.
  if (engine === 'docker' && !dockerHoldsData(home)) await dockerDown(home);
  const ports = await choosePorts(options.ports);
  const brokers = await chooseBrokers(ports, engine === 'process' && process.env.HUITONG_BROKERS === '3' ? 3 : 1);
  const record: PartsRecord = { engine, cache, ports, ...brokers, processes: {} };
  const place = placeOf(home, record);
  writePartsRecord(home, record);
  try {
    options.signal?.throwIfAborted();
    await (engine === 'docker' ? dockerStart : processStart)(place, onProgress, options.signal);
  } catch (error) {
    await stopParts(home);
    throw error;
  }
  return describe(place, engine);
}

const describe = ({ home, ports, brokers, postgresAdvertisedPort, secrets }: Place, engine: Engine): Parts => ({
  engine,
  kafkaBrokers: brokers.map(({ advertisedPort }) => `127.0.0.1:${advertisedPort}`).join(),
  registryUrl: registryUrl(ports.registry),
  postgresUrl: `postgres://postgres:${secrets.postgres}@127.0.0.1:${postgresAdvertisedPort}/postgres`,
  redisUrl: `redis://127.0.0.1:${ports.redis}`,
  pids: Object.fromEntries(Object.entries(recordOf(home).processes).map(([name, { pid }]) => [name, pid])),
  stop: async () => {
    await stopParts(home);
  },
});

async function processStart(place: Place, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  const breakOff = () => void stopParts(place.home);
  signal?.addEventListener('abort', breakOff);
  try {
    await assertJava();
    await download(place.cache, onProgress, signal);
    const start = (name: PartName) => timed(startPart(name, place), onProgress, parts[name].title);
    await allOrFirstError([
      start('postgres').then(() => start('registry')),
      ...place.brokers.map(({ name }) => start(name)),
      start('redis'),
    ]);
  } finally {
    signal?.removeEventListener('abort', breakOff);
  }
}

async function dockerStart(place: Place, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  try {
    await timed(dockerReady(place, onProgress, signal), onProgress, 'Docker');
  } catch (error) {
    const file = await dockerSaveLogs(place.home).catch(() => undefined);
    if (file === undefined || !(error instanceof HuitongError)) throw error;
    throw new HuitongError(error.code, `${error.message}, 见 / see ${file}`, { cause: error });
  }
  await dockerKeepsData(place.home);
}

/** Healthy containers may still refuse: the broker admits itself, and the registry opens its tables, a moment later. */
async function dockerReady(place: Place, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  await dockerUp(place, onProgress, signal);
  const deadline = Date.now() + readyWithinMs;
  for (const name of partNames) {
    while (!(await parts[name].ready(place))) {
      if (Date.now() > deadline) throw new HuitongError('PART_FAILED', `${parts[name].title} 未就绪 / is not ready`);
      await sleep(200, undefined, { signal });
    }
  }
}

/** Waits for all to end before it reports the first failure: none may start after the clean-up. */
async function allOrFirstError(work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}

async function timed(work: Promise<void>, onProgress: OnProgress, title: string): Promise<void> {
  const start = performance.now();
  await work;
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  onProgress({ zh: `${title} 就绪`, en: `${title} is ready`, seconds });
}

/** A killed predecessor may leave a lock, a port or shared memory for a moment: a part that ends early is tried again. */
async function startPart(name: PartName, place: Place): Promise<void> {
  const part = parts[name];
  await part.prepare(place);
  const logFile = join(place.home, 'logs', `${name}.log`);
  const deadline = Date.now() + readyWithinMs;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const id = await spawnDetached(await part.command(place), logFile);
    if (!recordProcess(place.home, name, id)) {
      await endProcess(id, 'SIGKILL', 0);
      throw new HuitongError('PART_FAILED', `${part.title} 启动中被停止 / was stopped while it started`);
    }
    while (isRunning(id)) {
      if (await part.ready(place)) return;
      if (Date.now() > deadline) {
        await endProcess(id, 'SIGKILL', 0);
        throw new HuitongError(
          'PART_FAILED',
          `${part.title} 120 秒内未就绪, 见 / was not ready within 120 s, see ${logFile}`,
        );
      }
      await sleep(50);
    }
    await sleep(500 * attempt);
  }
  throw new HuitongError('PART_FAILED', `${part.title} 启动后即退出, 见 / ended while it started, see ${logFile}`, {
    context: { part: name },
  });
}

/** Read and written in one go, because parts start side by side; false when the parts were stopped meanwhile. */
function recordProcess(home: string, name: PartName, id: ProcessId): boolean {
  const record = readPartsRecord(home);
  if (record === undefined) return false;
  writePartsRecord(home, { ...record, processes: { ...record.processes, [name]: id } });
  return true;
}

/**
 * Stops all parts that were started for a home folder, by this process or one that is gone: the registry, Kafka, Redis,
 * then PostgreSQL, each given time to end cleanly. Returns the names of those that were running.
 */
export async function stopParts(home: string): Promise<PartName[]> {
  const record = readPartsRecord(resolve(home));
  if (record === undefined) return [];
  const stopped: PartName[] = [];
  if (record.engine === 'docker') {
    await dockerDown(home);
    stopped.push(...partNames);
  } else {
    for (const name of stopOrder) {
      const { stopSignal, stopWaitMs } = parts[name];
      if (await endProcess(record.processes[name], stopSignal, stopWaitMs)) stopped.push(name);
    }
  }
  removePartsRecord(resolve(home));
  return stopped;
}

/** Stops the parts and removes the home folder with all data, Docker's volumes too: for tests and benchmarks. */
export async function removeHome(home: string): Promise<void> {
  await stopParts(home);
  if (dockerHoldsData(home)) await dockerDown(home, { withData: true });
  await rm(home, { recursive: true, force: true });
}

const placeOf = (home: string, record: PartsRecord): Place => ({
  home: resolve(home),
  cache: record.cache,
  ports: record.ports,
  brokers: record.brokers,
  postgresAdvertisedPort: record.postgresAdvertisedPort,
  secrets: ensureSecrets(resolve(home)),
});

function recordOf(home: string): PartsRecord {
  const record = readPartsRecord(resolve(home));
  if (record === undefined) throw new HuitongError('PART_MISSING', `此目录下没有运行的部件 / no parts run for ${home}`);
  return record;
}

/**
 * Stops one part cleanly if it runs, then starts it on the same port with the same data; returns when it answers, with its
 * process id where it is a local process.
 */
export async function restartPart(home: string, name: PartName): Promise<number | undefined> {
  const record = recordOf(home);
  if (record.engine === 'docker') {
    await dockerRestart(home, name);
    await dockerReady(placeOf(home, record), () => undefined);
    return undefined;
  }
  await endProcess(record.processes[name], parts[name].stopSignal, parts[name].stopWaitMs);
  const place = placeOf(home, record);
  await startPart(name, place);
  // The registry answers again when it has dropped the connections that broke with the database.
  const deadline = Date.now() + 10_000;
  while (
    name === 'postgres' &&
    runningParts(home).registry &&
    !(await registry.ready(place)) &&
    Date.now() < deadline
  ) {
    await sleep(20);
  }
  return recordOf(home).processes[name]?.pid;
}

/**
 * Sends a signal to one part, SIGKILL for a crash; false when it does not run. Nothing restarts it but its supervisor, and in
 * Docker, whose restart policy leaves alone what was killed through it, {@link restartPart}.
 */
export async function killPart(home: string, name: PartName, signal: NodeJS.Signals): Promise<boolean> {
  const record = recordOf(home);
  if (record.engine === 'docker') return dockerKill(home, name, signal);
  return signalProcess(record.processes[name], signal);
}

/** Which parts run now, as processes of a home folder. Where Docker runs them, its restart policy watches them instead. */
export function runningParts(home: string): Partial<Record<PartName, boolean>> {
  const record = readPartsRecord(resolve(home));
  if (record === undefined || record.engine === 'docker') return {};
  return Object.fromEntries(namesOf(record).map((name) => [name, isRunning(record.processes[name])]));
}

/** Each part of a home folder: its port, its pid where it is a local process, and whether it answers now. Empty when none was started. */
export async function describeParts(home: string): Promise<PartState[]> {
  const record = readPartsRecord(resolve(home));
  if (record === undefined) return [];
  const place = placeOf(home, record);
  return Promise.all(
    namesOf(record).map(async (name) => {
      const id = record.processes[name];
      const ready = (record.engine === 'docker' || isRunning(id)) && (await parts[name].ready(place));
      const { engine, ports, brokers } = record;
      const port = brokers.find((broker) => broker.name === name)?.port ?? ports[name as 'redis'];
      return { name, title: parts[name].title, engine, port, pid: id?.pid, ready };
    }),
  );
}

/** What {@link describeParts} tells of one part. */
export interface PartState {
  name: PartName;
  title: string;
  engine: Engine;
  port: number;
  pid: number | undefined;
  ready: boolean;
}
