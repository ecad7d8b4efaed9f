import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Place } from './part.ts';
import type { PartName } from './parts-record.ts';
import { run, type Command } from './processes.ts';

/** The repository's file; this module lies in `libs/local-stack/src` or `dist`. */
const composeFile = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url));

/** One project for each home folder, so that a test run never meets the containers or volumes of another. */
const compose = (place: Place, ...args: string[]): Command => ({
  file: 'docker',
  args: [
    ...['compose', '-f', composeFile],
    ...['-p', `huitong-${createHash('sha256').update(place.home).digest('hex').slice(0, 8)}`, ...args],
  ],
  env: {
    ...process.env,
    KAFKA_PORT: String(place.ports.kafka),
    REGISTRY_PORT: String(place.ports.registry),
    POSTGRES_PORT: String(place.ports.postgres),
    REDIS_PORT: String(place.ports.redis),
    POSTGRES_PASSWORD: place.secrets.postgres,
  },
});

const failed = { code: 'PART_FAILED', what: 'docker compose 失败 / docker compose failed' } as const;

/** True when a Docker engine answers and knows `compose`. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await run({ file: 'docker', args: ['info', '--format', '{{.ServerVersion}}'] }, failed);
    await run({ file: 'docker', args: ['compose', 'version'] }, failed);
    return true;
  } catch {
    return false;
  }
}

export async function dockerUp(place: Place): Promise<void> {
  await run(compose(place, 'up', '--detach', '--wait', '--wait-timeout', '300'), failed);
}

/** Removes the containers and keeps the volumes with the data. */
export async function dockerDown(place: Place): Promise<void> {
  await run(compose(place, 'down', '--timeout', '30'), failed);
}

export async function dockerRestart(place: Place, name: PartName): Promise<void> {
  await run(compose(place, 'restart', name), failed);
}

export async function dockerKill(place: Place, name: PartName, signal: NodeJS.Signals): Promise<boolean> {
  await run(compose(place, 'kill', '--signal', signal, name), failed);
  return true;
}
