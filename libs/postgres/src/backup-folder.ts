import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import type { SchemaText } from './schema-text.ts';

/** One table's rows in a file: PostgreSQL's COPY text format, compressed by Zstandard. */
export interface TableBackup {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly file: string;
}

/** One database in one instant. */
export interface DatabaseBackup {
  readonly database: string;
  readonly owner: string;
  readonly snapshotAt: string;
  readonly schema: SchemaText;
  readonly tables: readonly TableBackup[];
  /** What whoever took the backup read in the same snapshot. */
  readonly state: unknown;
}

/** What `manifest.json` of a backup says. */
export interface BackupManifest {
  readonly format: 1;
  readonly takenAt: string;
  /** Of PostgreSQL, and whatever else the taker wants known. */
  readonly versions: Readonly<Record<string, string>>;
  readonly databases: readonly DatabaseBackup[];
}

const sumsFile = 'SHA256SUMS';

/** The SHA-256 of a file, as `sha256sum` prints it. */
async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const some of createReadStream(file)) hash.update(some as Buffer);
  return hash.digest('hex');
}

/** Writes the manifest, and the sums of all files in the form that `sha256sum -c` reads. A folder without them is no backup. */
export async function writeManifest(
  folder: string,
  manifest: BackupManifest,
  sums: ReadonlyMap<string, string>,
): Promise<void> {
  const options = { mode: 0o600, flush: true } as const;
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, options);
  const all = new Map([...sums, ['manifest.json', await sumOf(join(folder, 'manifest.json'))]]);
  await writeFile(join(folder, sumsFile), [...all].map(([file, sum]) => `${sum}  ${file}\n`).join(''), options);
}

/**
 * Reads a backup's manifest after every byte of the backup was held against its sums. Throws REQUEST_INVALID, naming the
 * file, where one is missing or was changed, or where the folder is no finished backup.
 */
export async function verifyBackup(folder: string): Promise<BackupManifest> {
  const refuse = (attempting: string, context = {}): never => {
    throw new HuitongError('REQUEST_INVALID', attempting, { context });
  };
  if (!existsSync(join(folder, sumsFile)))
    return refuse(`此目录不是完整的备份 / reading a folder that is not a finished backup: ${folder}`);
  const sums = new Map(
    (await readFile(join(folder, sumsFile), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const [file, sum] of sums)
    if (!existsSync(join(folder, file)) || (await sumOf(join(folder, file))) !== sum)
      refuse(`备份文件缺失或已损坏 / reading a backup of which a file is missing or was changed: ${file}`, { file });
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as BackupManifest;
  if ((manifest.format as number) !== 1) refuse('备份格式未知 / reading a backup of a form that is not known');
  const files = manifest.databases.flatMap(({ tables }) => tables.map(({ file }) => file));
  for (const file of ['manifest.json', ...files])
    if (!sums.has(file)) refuse(`备份缺少校验和 / reading a backup without the sum of a file: ${file}`, { file });
  return manifest;
}
