import { join } from 'node:path';
import { createLogger, Health, serve, type RunningService } from '@huitong/service-kit';
import { freePort } from '@huitong/local-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceWatch } from './service-watch.ts';

class Module {}

const dir = process.env['CERTS_DIR']!;
const lacks = new Set<string>();
let service: RunningService;
let watch: ServiceWatch;

beforeAll(async () => {
  service = await serve({
    name: 'spec',
    module: Module,
    port: 0,
    certs: { dir },
    logger: createLogger('spec', { level: 'silent' }),
  });
  for (const name of ['population', 'housing'])
    service.app.get(Health).register({ name, ready: () => !lacks.has(name) });
  const services = { there: service.url, away: `https://127.0.0.1:${await freePort()}` };
  watch = new ServiceWatch(new Map(Object.entries(services)), join(dir, 'ca.pem'));
});
afterAll(async () => {
  await watch.close();
  await service.close();
});

describe('the watch over services', () => {
  it('says of each whether it can work, and what it lacks', async () => {
    const away = { service: 'away', isReady: false, reason: 'no answer' };
    expect(await watch.look()).toEqual([{ service: 'there', isReady: true, reason: '' }, away]);
    lacks.add('housing');
    expect(await watch.look()).toEqual([{ service: 'there', isReady: false, reason: 'housing' }, away]);
    lacks.clear();
    expect(await watch.look()).toEqual([{ service: 'there', isReady: true, reason: '' }, away]);
  });

  it('trusts nobody but who has a certificate of our authority', async () => {
    // Any other authority than ours.
    const stranger = new ServiceWatch(new Map([['there', service.url]]), join(dir, 'operator.pem'));
    expect(await stranger.look()).toEqual([{ service: 'there', isReady: false, reason: 'no answer' }]);
    await stranger.close();
  });
});
