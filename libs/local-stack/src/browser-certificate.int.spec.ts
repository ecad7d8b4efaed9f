import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browserCertificate } from './browser-certificate.ts';
import { ensureCertificates } from './certificates.ts';

describe('the file with a certificate for a browser', () => {
  let home = '';
  let certsDir = '';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'huitong-p12-'));
    certsDir = await ensureCertificates({ home });
  });
  afterAll(() => rm(home, { recursive: true }));

  it('lets its bearer in, under the name and role of the certificate', async () => {
    const pem = (name: string) => readFile(join(certsDir, `${name}.pem`));
    const pfx = await browserCertificate({ certsDir, name: 'operator', password: '密码 secret' });
    const server = createServer(
      { ca: await pem('ca'), cert: await pem('server'), key: await pem('server-key'), requestCert: true },
      (request, response) => response.end(JSON.stringify((request.socket as TLSSocket).getPeerCertificate().subject)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const options = { ca: await pem('ca'), pfx, passphrase: '密码 secret', agent: false };
    const body = await new Promise<string>((resolve, reject) => {
      get(`https://127.0.0.1:${port}/`, options, (response) => response.setEncoding('utf8').on('data', resolve)).on(
        'error',
        reject,
      );
    });
    await new Promise((resolve) => server.close(resolve));
    expect(JSON.parse(body)).toMatchObject({ CN: 'operator', OU: 'operator' });
  });

  it('opens with its password only', async () => {
    const pfx = await browserCertificate({ certsDir, name: 'auditor', password: 'right' });
    expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow('mac verify failure');
  });

  it('is not made of a certificate that is not there', async () => {
    await expect(browserCertificate({ certsDir, name: 'nobody', password: 'x' })).rejects.toMatchObject({
      code: 'PART_MISSING',
    });
  });
});
