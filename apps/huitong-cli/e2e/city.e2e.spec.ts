import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@huitong/local-stack';
import { Agent, fetch } from 'undici';

/** A small city on ports and in a folder of its own, started, hurt and proved by the command that users have. */
const cli = join(import.meta.dirname, '../dist/main.js');
const portNames = [
  'KAFKA_PORT',
  'REGISTRY_PORT',
  'POSTGRES_PORT',
  'REDIS_PORT',
  'GATEWAY_PORT',
  'QUERY_PORT',
  'POPULATION_SYNC_PORT',
  'LEGAL_PERSON_SYNC_PORT',
  'HOUSING_SYNC_PORT',
  'DEMO_CITY_PORT',
];
const environment: Record<string, string | undefined> = { ...process.env, DEMO_PEOPLE: '400', DEMO_LIVE_RATE: '40' };
let home: string;
let officer: Agent;

async function huitong(...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], {
      env: environment,
      maxBuffer: 1 << 24,
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

interface Run {
  pids: Record<string, number>;
  urls: Record<string, string>;
}
const readRun = async (): Promise<Run> => JSON.parse(await readFile(join(home, 'run', 'stack.json'), 'utf8')) as Run;

async function ask(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const { urls } = await readRun();
  const answer = await fetch(urls['query-api'] + path, { dispatcher: officer });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'huitong-city-'));
  Object.assign(environment, { HUITONG_HOME: home });
  for (const name of portNames) environment[name] = String(await freePort());
  const { code, output } = await huitong('up');
  if (code !== 0) throw new Error(output);
  const pem = (name: string): Promise<Buffer> => readFile(join(home, 'certs', name));
  officer = new Agent({
    connect: { ca: await pem('ca.pem'), cert: await pem('officer.pem'), key: await pem('officer-key.pem') },
  });
}, 180_000);

afterAll(async () => {
  await officer?.close();
  const { code } = await huitong('down');
  await rm(home, { recursive: true, force: true });
  expect(code).toBe(0);
}, 60_000);

describe('a living city', () => {
  it('equals its truth after the load and live changes, with a sync service and the broker killed in the middle', async () => {
    await sleep(3_000);
    process.kill((await readRun()).pids['population-sync']!, 'SIGKILL');
    await sleep(4_000);
    process.kill((await readRun()).pids['kafka']!, 'SIGKILL');
    await sleep(4_000);
    process.kill((await readRun()).pids['legal-person-sync']!, 'SIGKILL');
    const proof = await huitong('prove', '--demo', '--json', '--wait', '150');
    expect(proof).toMatchObject({ code: 0 });
    const again = await huitong('prove', '--demo', '--json', '--wait', '60');
    expect(again).toMatchObject({ code: 0 });
  }, 300_000);

  it('says what runs', async () => {
    const { code, output } = await huitong('status', '--json');
    expect(code).toBe(0);
    expect(output).toContain('population-sync');
  }, 30_000);

  it('answers nothing about a person without a purpose, and no department', async () => {
    const path = '/v1/subjects/population/340203197004189913';
    expect(await ask(path)).toMatchObject({ status: 400, body: { code: 'PURPOSE_REQUIRED' } });
    expect(await ask(`${path}?purpose=e2e`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  }, 30_000);

  it('leaves no value of a record in its logs', async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', `cat ${join(home, 'logs')}/*.log`], {
      maxBuffer: 1 << 28,
    });
    expect(stdout).not.toMatch(/[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]/);
    expect(stdout).not.toContain('340203197004189913');
  }, 30_000);
});
