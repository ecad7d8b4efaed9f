import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openNetwork, type Network } from '@huitong/testkit';
import { inTransaction, openDatabase } from './database.ts';

let network: Network;

beforeAll(async () => {
  network = await openNetwork(process.env['POSTGRES_URL'] ?? 'postgres://none');
});
afterAll(() => network.close());

describe('a database behind a network that swallows packets', () => {
  it.each([true, false])(
    'is given up on and reached again by another connection (pipelined: %s)',
    async (pipelined) => {
      const options = { applicationName: 'spec', connectionsMax: 1, answerWithinMs: 1_000, pipelined };
      const database = openDatabase({ url: network.url, ...options });
      const work = () =>
        inTransaction(database, async (connection) => (await connection.query('select 1 as one')).rows);
      expect(await work()).toEqual([{ one: 1 }]);
      network.swallow(true);
      await expect(work()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      network.swallow(false);
      // The connection that nobody answered on is not given to anyone again.
      expect(await work()).toEqual([{ one: 1 }]);
      await database.end();
    },
    60_000,
  );
});
