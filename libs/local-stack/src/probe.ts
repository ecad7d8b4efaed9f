import { connect } from 'node:net';

/** Sends bytes to a port of 127.0.0.1 and returns the first that come back; undefined when nothing does within a second. */
export const ask = (port: number, bytes: Buffer | string): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes));
    const end = (answer?: Buffer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end());
    socket.once('data', (answer) => end(answer));
    socket.once('error', () => end());
    socket.once('close', () => end());
  });

/** True when a GET of this address is answered with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
