import { expect, it } from '@jest/globals';
import { freePort } from './ports.ts';

it('gives no port twice, though nobody listens on any of them', async () => {
  const ports: number[] = [];
  for (let count = 0; count < 20; count += 1) ports.push(await freePort(29_900, 29_999));
  expect(new Set(ports).size).toBe(20);
});
