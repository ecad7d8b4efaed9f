import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';

/** True when a service answers `/health/ready` with success, its certificate checked against the local authority. */
export async function isReady(port: number, certsDir: string): Promise<boolean> {
  const ca = await readFile(join(certsDir, 'ca.pem')).catch(() => undefined);
  if (ca === undefined) return false;
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/health/ready', ca, agent: false, timeout: 2000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
