import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDatabase } from '@huitong/postgres';
import { openNetwork, type Network } from '@huitong/testkit';
import { Prover, proverConnections } from './prover.ts';
import { people, TestPeople } from './test-people.spec.ts';

const point = { dataset: 'psb.vehicle', topic: 'dept.psb.vehicle.v1', lane: 0, offset: 0, from: 0 } as const;

let city: TestPeople;
let network: Network;

beforeAll(async () => {
  city = await TestPeople.create();
  network = await openNetwork(city.url);
});
afterAll(async () => {
  await network.close();
  await city.drop();
});

it('lets the lanes go on where the database falls silent while a snapshot is opened, and proves again when it speaks', async () => {
  const database = openDatabase({ url: network.url, applicationName: 'spec', connectionsMax: proverConnections });
  const skipped: string[] = [];
  const prover = new Prover(database, people, { proved: () => {}, skipped: (_, why) => skipped.push(why) });
  await prover.cut([point]);
  await prover.idle();
  expect(skipped).toEqual([]);
  network.swallow(true);
  await prover.cut([point]);
  expect(skipped).toEqual(['broken']);
  network.swallow(false);
  await prover.cut([point]);
  await prover.idle();
  expect(skipped).toEqual(['broken']);
  await prover.stop();
});
