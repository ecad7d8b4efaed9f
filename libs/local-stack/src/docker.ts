import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HuitongError } from '@huitong/change-event';
import { sharedBuffers } from './database.ts';
import type { Place } from './part.ts';
import type { PartName } from './parts-record.ts';
import { run, type Command } from './processes.ts';
import type { OnProgress } from './progress.ts';

/** The repository's file; this module lies in `libs/local-stack/src` or `dist`. */
const composeFile = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url));

/** One project for each home folder, so that a test run never meets the containers or volumes of another. */
const projectOf = (home: string): string =>
  `huitong-${createHash('sha256').update(resolve(home)).digest('hex').slice(0, 8)}`;

/** Where no container is made, the password that the file asks for is not used. */
const compose = (home: string, args: string[], env: NodeJS.ProcessEnv = { POSTGRES_PASSWORD: 'unused' }): Command => ({
  file: 'docker',
  args: ['compose', '-f', composeFile, '-p', projectOf(home), ...args],
  env: { ...process.env, ...env },
});

const failed = { code: 'PART_FAILED', what: 'docker compose 失败 / docker compose failed' } as const;

/** An engine that hangs counts as none. */
const engineAnswersWithinMs = 20_000;

/** True when a Docker engine answers and knows `compose`. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    for (const args of [
      ['info', '--format', '{{.ServerVersion}}'],
      ['compose', 'version'],
    ])
      await run({ file: 'docker', args }, { ...failed, signal: AbortSignal.timeout(engineAnswersWithinMs) });
    return true;
  } catch {
    return false;
  }
}

/** Written when all parts have answered for the first time: before, what a killed start left in the volumes is half made. */
const volumesFile = (home: string): string => join(home, 'data', 'docker');

/** True when Docker volumes hold the data of a home folder. */
export const dockerHoldsData = (home: string): boolean => existsSync(volumesFile(home));

/** Call when all parts have answered: from now on the volumes are kept. The file names their project. */
export async function dockerKeepsData(home: string): Promise<void> {
  if (dockerHoldsData(home)) return;
  await mkdir(dirname(volumesFile(home)), { recursive: true });
  await writeFile(volumesFile(home), `${projectOf(home)}\n`);
}

/**
 * Starts the containers and returns when all are healthy; fetches the images first where the engine has not got them. Throws
 * PART_MISSING where it cannot, else PART_FAILED.
 */
export async function dockerUp(place: Place, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  const env = {
    KAFKA_PORT: String(place.ports.kafka),
    REGISTRY_PORT: String(place.ports.registry),
    POSTGRES_PORT: String(place.ports.postgres),
    REDIS_PORT: String(place.ports.redis),
    POSTGRES_PASSWORD: place.secrets.postgres,
    POSTGRES_BUFFERS: sharedBuffers,
  };
  const args = ['up', '--detach', '--wait', '--wait-timeout', '300'];
  const awaited = new Set<string>();
  // Compose says ` kafka Pulling ` and ` kafka Pulled `: a first start fetches for minutes, which is worth a line each.
  const onLine = (line: string) => {
    const [, name, state] = /^ ?(\w+) (Pulling|Pulled)\s*$/.exec(line) ?? [];
    if (name === undefined) return;
    if (state === 'Pulling') {
      awaited.add(name);
      onProgress({ zh: `下载 ${name} 镜像`, en: `downloading the image of ${name}` });
    } else {
      awaited.delete(name);
      onProgress({ zh: `已下载 ${name} 镜像`, en: `downloaded the image of ${name}` });
    }
  };
  try {
    await run(compose(place.home, args, env), { ...failed, signal, onLine });
  } catch (error) {
    if (awaited.size === 0 || !(error instanceof HuitongError)) throw error;
    throw new HuitongError(
      'PART_MISSING',
      `无法下载镜像, 请给 Docker 引擎设可达的镜像源, 或设 HUITONG_PARTS=process / could not download the images: ` +
        `give the Docker engine a mirror that it reaches, or set HUITONG_PARTS=process; ${error.message}`,
      { cause: error },
    );
  }
}

/**
 * Writes what the containers printed to `<home>/logs/docker.log`, because {@link dockerDown} takes it away, and returns that
 * name; undefined where they printed nothing.
 */
export async function dockerSaveLogs(home: string): Promise<string | undefined> {
  const printed = await run(compose(home, ['logs', '--no-color', '--timestamps']), failed);
  if (printed.trim() === '') return undefined;
  const file = join(home, 'logs', 'docker.log');
  await writeFile(file, printed);
  return file;
}

/** Removes the containers, and the volumes where they hold nothing yet or `withData` says so. */
export async function dockerDown(home: string, options: { withData?: boolean } = {}): Promise<void> {
  if (!(await dockerAnswers())) {
    throw new HuitongError(
      'PART_MISSING',
      '部件在 Docker 中, 但引擎没有应答: 请启动它再试 / the parts are in Docker, whose engine does not answer: start it, then try again',
    );
  }
  const volumes = (options.withData ?? !dockerHoldsData(home)) ? ['--volumes'] : [];
  await run(compose(home, ['down', '--timeout', '30', ...volumes]), failed);
}

export async function dockerRestart(home: string, name: PartName): Promise<void> {
  await run(compose(home, ['restart', name]), failed);
}

export async function dockerKill(home: string, name: PartName, signal: NodeJS.Signals): Promise<boolean> {
  await run(compose(home, ['kill', '--signal', signal, name]), failed);
  return true;
}
