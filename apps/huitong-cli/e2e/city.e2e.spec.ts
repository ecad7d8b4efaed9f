import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proofStories } from './city-proofs.ts';
import { RunningCity } from './running-city.ts';

let city: RunningCity;
let printed: string;

beforeAll(async () => {
  city = await RunningCity.up({ DEMO_PEOPLE: '400', DEMO_LIVE_RATE: '40' });
  printed = (await city.huitong('up')).output;
}, 600_000);
afterAll(async () => {
  expect(await city.down()).toBe(0);
}, 600_000);

async function prove(): Promise<void> {
  const { code, output, errors } = await city.huitong('prove', '--demo', '--json', '--wait', '150');
  if (code !== 0) throw new Error(`not proved: ${output}${errors}`);
}

describe('a living city', () => {
  it('equals its truth after the load and live changes, with sync services and the broker killed in the middle', async () => {
    await sleep(3_000);
    await city.kill('population-sync');
    await sleep(4_000);
    await city.kill('kafka');
    await sleep(4_000);
    await city.kill('legal-person-sync');
    await prove();
    await prove();
  }, 600_000);

  it('prints a question that works as printed', async () => {
    const question = /^ +(curl .*)$/m.exec(printed)?.[1];
    const { stdout } = await promisify(execFile)('sh', ['-c', `${question} --silent`]);
    expect(JSON.parse(stdout)).toMatchObject({ subject: 'population', record: { name: expect.any(String) } });
  }, 600_000);

  it('says what runs', async () => {
    const { code, output } = await city.huitong('status', '--json');
    expect(code).toBe(0);
    expect(output).toContain('population-sync');
  }, 600_000);

  it('answers nothing about a person without a purpose', async () => {
    const path = '/v1/subjects/population/340203197004189913';
    expect(await city.ask(path)).toMatchObject({ status: 400, body: { code: 'PURPOSE_REQUIRED' } });
    expect(await city.ask(`${path}?purpose=e2e`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  }, 600_000);

  it('leaves no value of a record in its logs', async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', `cat ${join(city.home, 'logs')}/*.log`], {
      maxBuffer: 1 << 28,
    });
    expect(stdout.length).toBeGreaterThan(1_000);
    expect(stdout).not.toMatch(/[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]/);
    expect(stdout).not.toMatch(/安徽省|芜湖市/);
  }, 600_000);
});

describe('huitong prove --dataset, in that city', () => {
  proofStories(() => city);
});
