import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DatabaseBackup, TableBackup } from './backup-folder.ts';
import { translateDatabaseError, type Queryable } from './database.ts';
import { readSchema } from './schema-text.ts';

/** Rows done so far, and the number that is expected: an estimate while a backup is taken. */
export interface RowsProgress {
  readonly done: number;
  readonly total: number;
}

const newline = 0x0a;

/**
 * Writes one database, as it was in one instant, into files of `folder`, and says what they hold; `sums` gets each file's
 * SHA-256. Nobody waits for it: it reads one snapshot. A statement that changes a table's form waits for it.
 */
export async function backupDatabase(options: {
  url: string;
  folder: string;
  leaveOut?: readonly string[];
  sums: Map<string, string>;
  /** Reads what else should be kept of the same instant. */
  state?: (snapshot: Queryable) => Promise<unknown>;
  onProgress?: (progress: RowsProgress) => void;
}): Promise<DatabaseBackup> {
  const client = new pg.Client({ connectionString: options.url, application_name: 'huitong-backup', keepAlive: true });
  client.on('error', () => {});
  try {
    await client.connect();
    return await backupSnapshot(client, options);
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function backupSnapshot(
  client: pg.Client,
  { folder, leaveOut = [], sums, state, onProgress }: Parameters<typeof backupDatabase>[0],
): Promise<DatabaseBackup> {
  const names = (await readSchema(client, leaveOut)).tables.map(({ name }) => name);
  await client.query('begin transaction isolation level repeatable read');
  // Locked before the first look, which makes the snapshot: a table that was swapped in after it would seem empty.
  for (const name of names) await client.query(`lock table ${pg.escapeIdentifier(name)} in access share mode`);
  const { rows } = await client.query<{ database: string; owner: string; at: Date; expected: number }>(
    `select current_database() as database, pg_get_userbyid(datdba) as owner, clock_timestamp() as at,
      (select coalesce(sum(greatest(reltuples, 0)), 0) from pg_class
       where relnamespace = 'public'::regnamespace and relname = any($1)) as expected
    from pg_database where datname = current_database()`,
    [names],
  );
  const { database, owner, at, expected } = rows[0]!;
  const schema = await readSchema(client, leaveOut);
  const kept = await state?.(client);
  await mkdir(join(folder, database), { recursive: true, mode: 0o700 });
  const tables: TableBackup[] = [];
  let before = 0;
  for (const { name: table, columns } of schema.tables) {
    const file = `${database}/${table}.copy.zst`;
    const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
    const { rows: count, sum } = await writeRows(
      client.query(copyTo(`copy ${pg.escapeIdentifier(table)} (${list}) to stdout`)),
      join(folder, file),
      (done) => onProgress?.({ done: before + done, total: Math.max(expected, before + done) }),
    );
    tables.push({ table, columns, rows: count, file });
    sums.set(file, sum);
    before += count;
  }
  await client.query('commit');
  return { database, owner, snapshotAt: at.toISOString(), schema, tables, state: kept ?? null };
}

/** The copy's text has one line a row, whatever the values hold. */
async function writeRows(
  source: NodeJS.ReadableStream,
  file: string,
  onRows: (rows: number) => void,
): Promise<{ rows: number; sum: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  await pipeline(
    source,
    async function* (chunks) {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) rows += 1;
        onRows(rows);
        yield chunk;
      }
    },
    createZstdCompress(),
    async function* (chunks) {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file, { mode: 0o600, flush: true }),
  );
  return { rows, sum: hash.digest('hex') };
}
