import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network before a server that lets everything pass until it is told to swallow it, without an end or a reset. */
export interface Network {
  /** The server's address, through this network. */
  readonly url: string;
  swallow(everything: boolean): void;
  close(): Promise<void>;
}

/** Opens a network before the server of a URL. */
export async function openNetwork(serverUrl: string): Promise<Network> {
  const direct = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const network = createServer({ allowHalfOpen: true }, (client) => {
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
  const through = new URL(direct);
  through.port = String((network.address() as AddressInfo).port);
  return {
    url: through.href,
    swallow: (everything) => (isSwallowing = everything),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => network.close(resolve));
    },
  };
}
