import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { inTransaction, openDatabase } from './database.ts';

/** A network before PostgreSQL that lets everything pass until it is told to swallow it, without an end or a reset. */
let network: Server;
let isSwallowing = false;
const sockets = new Set<Socket>();
const direct = new URL(process.env['POSTGRES_URL'] ?? 'postgres://none');

beforeAll(async () => {
  network = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ host: direct.hostname, port: Number(direct.port), allowHalfOpen: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => isSwallowing || to.write(bytes));
      from.on('end', () => isSwallowing || to.end());
      from.on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => network.close(resolve));
});

describe('a database behind a network that swallows packets', () => {
  it.each([true, false])(
    'is given up on and reached again by another connection (pipelined: %s)',
    async (pipelined) => {
      const url = new URL(direct);
      url.port = String((network.address() as AddressInfo).port);
      const options = { applicationName: 'spec', connectionsMax: 1, answerWithinMs: 1_000, pipelined };
      const database = openDatabase({ url: url.href, ...options });
      const work = () =>
        inTransaction(database, async (connection) => (await connection.query('select 1 as one')).rows);
      expect(await work()).toEqual([{ one: 1 }]);
      isSwallowing = true;
      await expect(work()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      isSwallowing = false;
      // The connection that nobody answered on is not given to anyone again.
      expect(await work()).toEqual([{ one: 1 }]);
      await database.end();
    },
    60_000,
  );
});
