import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 60 * 60 * 1000;
const validDays = 730;
const renewBeforeDays = 60;

const departments = ['psb', 'nhc', 'mca', 'hrss', 'amr', 'sco', 'nrb', 'hcb', 'hpf', 'dpf'];
const people = ['officer', 'operator', 'steward', 'auditor', 'administrator'];

/** Certificate name to role: what the services read from CN and OU. */
const clients: [name: string, role: string][] = [
  ...departments.map((name): [string, string] => [name, 'department']),
  ...people.map((name): [string, string] => [name, name]),
  ['service', 'service'],
];

interface Authority {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/**
 * Makes the local certificate authority in `<home>/certs` and the certificates that it signs: `server` for localhost,
 * 127.0.0.1 and ::1, and a client certificate with CN and OU (the role) for each department, person and service of the
 * demo. ECDSA P-256, valid for two years; renewed within 60 days of their end, otherwise left as they are. Key files have
 * mode 0600. For development and demonstration: a city brings its own authority. Returns the folder.
 */
export async function ensureCertificates(options: { home: string }): Promise<string> {
  const folder = join(resolve(options.home), 'certs');
  await mkdir(folder, { recursive: true });
  const authority = await ensureAuthority(folder);
  const issuer = new X509Certificate(authority.certificate.toString('pem'));
  const issue = async (name: string, subject: string, extensions: () => x509.Extension[]) => {
    const current = await readCertificate(folder, name);
    if (current && isFresh(current) && current.verify(issuer.publicKey)) return;
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(),
      serialNumber: newSerialNumber(),
      subject,
      issuer: authority.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
        ...extensions(),
      ],
    });
    await save(folder, name, `${name}-key`, certificate, keys);
  };
  await issue('server', 'CN=localhost, O=Huitong, OU=server', () => [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
    ]),
  ]);
  for (const [name, role] of clients) {
    await issue(name, `CN=${name}, O=Huitong, OU=${role}`, () => [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ]);
  }
  return folder;
}

async function ensureAuthority(folder: string): Promise<Authority> {
  const current = await readCertificate(folder, 'ca');
  if (current && isFresh(current)) {
    const keyPem = await readFile(join(folder, 'ca-key.pem'), 'utf8');
    const certificate = new x509.X509Certificate(current.raw);
    const privateKey = await webcrypto.subtle.importKey(
      'pkcs8',
      x509.PemConverter.decodeFirst(keyPem),
      algorithm,
      false,
      ['sign'],
    );
    return {
      certificate,
      keys: { privateKey, publicKey: (await certificate.publicKey.export()) as webcrypto.CryptoKey },
    };
  }
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: newSerialNumber(),
    // The name is new with each authority, so that a client never tries an older one of the same name.
    name: `CN=Huitong local CA ${newSerialNumber().slice(-8)}, O=Huitong`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await save(folder, 'ca', 'ca-key', certificate, keys);
  return { certificate, keys };
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** Positive, as RFC 5280 4.1.2.2 asks: the first bit is clear. */
const newSerialNumber = (): string => `01${randomBytes(15).toString('hex')}`;

/** From an hour ago, for a browser or container whose clock is a little behind. */
const validity = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - 60 * 60 * 1000),
  notAfter: new Date(Date.now() + validDays * dayMs),
});

const isFresh = (certificate: X509Certificate): boolean =>
  certificate.validToDate.getTime() - Date.now() > renewBeforeDays * dayMs;

async function readCertificate(folder: string, name: string): Promise<X509Certificate | undefined> {
  if (!existsSync(join(folder, `${name}-key.pem`))) return undefined;
  try {
    return new X509Certificate(await readFile(join(folder, `${name}.pem`)));
  } catch {
    return undefined;
  }
}

/** The key first: a crash between the two leaves a certificate that does not exist, not one without its key. */
async function save(
  folder: string,
  certificateName: string,
  keyName: string,
  certificate: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<void> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const files = [
    { name: keyName, text: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), mode: 0o600 },
    { name: certificateName, text: certificate.toString('pem'), mode: 0o644 },
  ];
  for (const { name, text, mode } of files) {
    const file = join(folder, `${name}.pem`);
    await writeFile(`${file}.new`, `${text}\n`, { mode });
    await rename(`${file}.new`, file);
  }
}
