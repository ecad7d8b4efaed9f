import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJson, writeJson } from './parts-record.ts';

const roles = [
  'postgres',
  'huitong_sync',
  'huitong_reader',
  'huitong_access',
  'huitong_operator',
  'huitong_steward',
  'huitong_auditor',
] as const;

/** The passwords of the PostgreSQL roles. */
export type Secrets = Record<(typeof roles)[number], string>;

/** The passwords in `<home>/secrets.json` (mode 0600), drawn at random where they are missing and never changed after. */
export function ensureSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  const known = readJson<Partial<Secrets>>(file) ?? {};
  const secrets = Object.fromEntries(roles.map((role) => [role, known[role] ?? randomBytes(24).toString('hex')]));
  if (roles.some((role) => known[role] === undefined)) writeJson(file, secrets, 0o600);
  return secrets as Secrets;
}
