import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import type { Part } from './part.ts';
import { ask } from './probe.ts';

/** True when `redis-server` is on the PATH. */
export function hasOwnRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The file for this machine among those of the Maven artifact, named like `redis-server-6.2.6-v5-linux-amd64`. */
async function downloadedRedis(folder: string): Promise<string> {
  const ending = `-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const name = (await readdir(folder)).find((file) => file.endsWith(ending));
  if (name === undefined) {
    throw new HuitongError(
      'PART_MISSING',
      `此系统没有可下载的 Redis, 请安装 redis-server / there is no Redis to download for this system: install redis-server`,
    );
  }
  return join(folder, name);
}

/** Redis holds only what may be lost, so nothing is written to disk. */
export const redis: Part = {
  title: 'Redis',
  stopSignal: 'SIGTERM',
  stopWaitMs: 5000,

  async prepare(place) {
    await mkdir(join(place.home, 'data', 'redis'), { recursive: true });
  },

  async command(place) {
    return {
      file: hasOwnRedis() ? 'redis-server' : await downloadedRedis(join(place.cache, 'redis')),
      args: [
        ...['--port', String(place.ports.redis), '--bind', '127.0.0.1', '--dir', join(place.home, 'data', 'redis')],
        ...['--save', '', '--appendonly', 'no', '--maxmemory', '128mb', '--maxmemory-policy', 'volatile-lru'],
      ],
    };
  },

  ready: async (place) => (await ask(place.ports.redis, 'PING\r\n'))?.toString().startsWith('+PONG') ?? false,
};
