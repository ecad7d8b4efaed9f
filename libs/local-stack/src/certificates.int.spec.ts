import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureCertificates } from './certificates.ts';

describe('the local certificates', () => {
  let home = '';
  let folder = '';
  const pem = (name: string) => readFile(join(folder, `${name}.pem`));

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'huitong-certs-'));
    folder = await ensureCertificates({ home });
  });
  afterEach(() => rm(home, { recursive: true }));

  it('let a department and a service know each other', async () => {
    const server = createServer(
      { ca: await pem('ca'), cert: await pem('server'), key: await pem('server-key'), requestCert: true },
      (request, response) => response.end(JSON.stringify((request.socket as TLSSocket).getPeerCertificate().subject)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const options = { ca: await pem('ca'), cert: await pem('psb'), key: await pem('psb-key'), agent: false };
    for (const host of ['localhost', '127.0.0.1']) {
      const body = await new Promise<string>((resolve, reject) => {
        get(`https://${host}:${port}/`, { ...options, family: 4 }, (response) =>
          response.setEncoding('utf8').on('data', resolve),
        ).on('error', reject);
      });
      expect(JSON.parse(body)).toMatchObject({ CN: 'psb', OU: 'department' });
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it('are kept as they are, and only a missing one is made again', async () => {
    const before = [await pem('ca'), await pem('psb'), await pem('officer')];
    await unlink(join(folder, 'officer.pem'));
    await ensureCertificates({ home });
    expect([await pem('ca'), await pem('psb')]).toEqual(before.slice(0, 2));
    expect(await pem('officer')).not.toEqual(before[2]);
  });

  it('are all renewed with a new authority', async () => {
    await unlink(join(folder, 'ca.pem'));
    await ensureCertificates({ home });
    const authority = new X509Certificate(await pem('ca'));
    for (const name of ['server', 'psb', 'service']) {
      expect(new X509Certificate(await pem(name)).verify(authority.publicKey)).toBe(true);
    }
  });

  it('keep their keys from other users', async () => {
    for (const name of ['ca-key', 'server-key', 'psb-key']) {
      expect((await stat(join(folder, `${name}.pem`))).mode & 0o777).toBe(0o600);
    }
  });
});
