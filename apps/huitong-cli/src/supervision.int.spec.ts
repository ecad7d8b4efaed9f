import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, isRunning, processIdOf, removeHome, runningParts, signalProcess } from '@huitong/local-stack';
import { Redis } from 'ioredis';
import { repository } from './config.ts';
import { stopAll } from './down.ts';
import { isReady } from './health.ts';
import type { Service } from './services.ts';
import { readServiceIds, readStack, readStatus } from './stack.ts';
import { Supervision } from './supervision.ts';

const home = join(process.env.HUITONG_HOME!, 'supervision-spec');

/** A service in a dozen lines: it answers its health over HTTPS. */
const source = `
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
const pem = (name) => readFileSync(process.env.CERTS_DIR + '/' + name + '.pem');
createServer({ cert: pem('server'), key: pem('server-key') }, (_, response) => response.end()).listen(process.env.SPEC_PORT);
process.on('SIGTERM', () => process.exit(0));
`;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

/** The id that Redis draws at each start; undefined when it does not answer. */
async function runId(command: 'info' | 'shutdown'): Promise<string | undefined> {
  const redis = new Redis(readStack(home)!.redisUrl, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  try {
    return /run_id:(\w+)/.exec(String(await redis.on('error', () => undefined).call(command)))?.[1];
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}

describe('a supervised stack', () => {
  let supervision: Supervision;
  let port = 0;
  let ended: Promise<number>;
  const ready = () => isReady(port, join(home, 'certs'));
  const prepared: string[] = [];

  beforeAll(async () => {
    port = await freePort();
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'service.mjs'), source);
    const service: Service = {
      name: 'spec-service',
      title: { zh: '测试服务', en: 'service of a spec' },
      entry: relative(repository, join(home, 'service.mjs')),
      args: [],
      port: { env: 'UNUSED_PORT', default: port },
      env: () => ({ SPEC_PORT: String(port) }),
    };
    supervision = new Supervision({
      home,
      empty: true,
      services: [service],
      ports: 'free',
      prepare: async (stack) => void prepared.push(stack.kafkaBrokers),
    });
    ended = supervision.run();
    await until(() => readStatus(home)?.phase === 'ready');
  }, 120_000);

  afterAll(async () => {
    supervision.end();
    await ended;
    await removeHome(home);
  }, 120_000);

  it('is prepared before its services start, and says what is where', async () => {
    const stack = readStack(home);
    expect(prepared).toEqual([stack?.kafkaBrokers]);
    expect(stack?.urls['spec-service']).toBe(`https://127.0.0.1:${port}`);
    expect(await ready()).toBe(true);
  });

  it('starts a killed service again', async () => {
    signalProcess(readServiceIds(home)['spec-service'], 'SIGKILL');
    await until(async () => !(await ready()));
    await until(ready);
    expect(readStatus(home)?.restarts['spec-service']).toBe(1);
  }, 10_000);

  it('has a part that ended started again, by itself or by Docker', async () => {
    const first = await runId('info');
    await runId('shutdown');
    await until(async () => ![undefined, first].includes(await runId('info')));
    if (readStack(home)!.pids.redis !== undefined) expect(readStatus(home)?.restarts['redis']).toBe(1);
  }, 120_000);

  it('stops all when it is told to', async () => {
    const id = readServiceIds(home)['spec-service'];
    supervision.end();
    expect(await ended).toBe(0);
    expect(isRunning(id)).toBe(false);
    expect(runningParts(home)).toEqual({});
    expect(await stopAll(home)).toEqual([]);
  }, 120_000);
});

describe('a process id', () => {
  it('does not stand for a later process of the same number', () => {
    const self = processIdOf(process.pid);
    expect(isRunning(self)).toBe(true);
    expect(isRunning({ ...self, startedAt: `${self.startedAt}0` })).toBe(false);
  });
});
