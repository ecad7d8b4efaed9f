import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PemConverter } from '@peculiar/x509';
import { BmpString, OctetString } from 'asn1js';
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs';
import { HuitongError } from '@huitong/change-event';

/** PBES2 with AES-256 and a SHA-256 MAC, as OpenSSL 3 writes it; older formats rest on ciphers that are broken. */
const encryption = { name: 'AES-CBC', length: 256 } as const;
const hash = 'SHA-256';
/** OWASP's advice is more; this is what keeps the file readable at once on a slow machine, for a password that is random. */
const iterations = 100_000;

const bagIds = { key: '1.2.840.113549.1.12.10.1.2', certificate: '1.2.840.113549.1.12.10.1.3' };
const attributeIds = { friendlyName: '1.2.840.113549.1.9.20', localKeyId: '1.2.840.113549.1.9.21' };

/**
 * A client certificate of `certsDir` with its key, as the PKCS #12 file (RFC 7292) that browsers import: `name.pem` and
 * `name-key.pem`, encrypted with the password. PART_MISSING where there is no such certificate.
 */
export async function browserCertificate(options: {
  certsDir: string;
  name: string;
  password: string;
}): Promise<Buffer> {
  const { certsDir, name } = options;
  const read = (file: string) => readFile(join(certsDir, file), 'utf8').then((pem) => PemConverter.decodeFirst(pem));
  const [certificate, key] = await Promise.all([read(`${name}.pem`), read(`${name}-key.pem`)]).catch(
    (cause: unknown) => {
      throw new HuitongError('PART_MISSING', `没有这个证书 / there is no such certificate: ${name}`, { cause });
    },
  );
  const password = new TextEncoder().encode(options.password).buffer;
  const protection = {
    password,
    contentEncryptionAlgorithm: encryption,
    hmacHashAlgorithm: hash,
    iterationCount: iterations,
  };
  // By the two attributes a browser knows which key belongs to which certificate, and shows a name.
  const attributes = [
    new Attribute({ type: attributeIds.friendlyName, values: [new BmpString({ value: `Huitong ${name}` })] }),
    new Attribute({
      type: attributeIds.localKeyId,
      values: [
        new OctetString({
          valueHex: Uint8Array.from(createHash('sha1').update(Buffer.from(certificate)).digest()).buffer,
        }),
      ],
    }),
  ];
  const keyBag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(key) });
  await keyBag.makeInternalValues(protection);
  const certificateBag = new CertBag({ parsedValue: Certificate.fromBER(certificate) });
  const contents = (bagId: string, bagValue: PKCS8ShroudedKeyBag | CertBag) =>
    new SafeContents({ safeBags: [new SafeBag({ bagId, bagValue, bagAttributes: attributes })] });
  const safe = new AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        { privacyMode: 1, value: contents(bagIds.certificate, certificateBag) },
        // The key within is encrypted already.
        { privacyMode: 0, value: contents(bagIds.key, keyBag) },
      ],
    },
  });
  await safe.makeInternalValues({ safeContents: [protection, {}] });
  const file = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } });
  await file.makeInternalValues({ password, iterations, pbkdf2HashAlgorithm: hash, hmacHashAlgorithm: hash });
  return Buffer.from(file.toSchema().toBER(false));
}
