import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { isDeepStrictEqual } from 'node:util';
import { HuitongError } from '@huitong/change-event';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { RowsProgress } from './backup.ts';
import type { DatabaseBackup } from './backup-folder.ts';
import { translateDatabaseError } from './database.ts';
import { readSchema, type SchemaText } from './schema-text.ts';

/**
 * Fills an empty database from a backup, in one transaction, and holds the result against what the backup says of it: as many
 * rows, the same schema. Numbers that are drawn one after the other (`generated as identity`) go on at the present
 * microsecond, far beyond any that was given out before: nobody outside meets a number twice with two meanings.
 */
export async function restoreDatabase(options: {
  url: string;
  folder: string;
  backup: DatabaseBackup;
  onProgress?: (progress: RowsProgress) => void;
}): Promise<void> {
  const { backup, folder, onProgress } = options;
  const client = new pg.Client({ connectionString: options.url, application_name: 'huitong-restore', keepAlive: true });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('begin');
    await createTables(client, backup.schema);
    await copyRows(client, folder, backup, onProgress);
    for (const sql of backup.schema.after) await client.query(sql);
    const schema = await readSchema(client);
    if (!isDeepStrictEqual(formOf(schema), formOf(backup.schema)))
      throw new HuitongError('INTERNAL', 'restoring a database whose schema came out other than it was');
    await setSequences(client, backup.schema);
    await client.query('commit');
    await client.query('vacuum (analyze)');
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function createTables(client: pg.Client, { tables, sequences }: SchemaText): Promise<void> {
  for (const { create } of sequences) if (create) await client.query(create);
  for (const { create } of tables) await client.query(create);
  for (const { name, ownedBy } of sequences)
    if (ownedBy) await client.query(`alter sequence ${name} owned by ${ownedBy}`);
}

async function copyRows(
  client: pg.Client,
  folder: string,
  { tables }: DatabaseBackup,
  onProgress?: (progress: RowsProgress) => void,
): Promise<void> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { table, columns, rows, file } of tables) {
    const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
    const copy = client.query(copyFrom(`copy ${pg.escapeIdentifier(table)} (${list}) from stdin`));
    await pipeline(createReadStream(join(folder, file)), createZstdDecompress(), copy);
    if (copy.rowCount !== rows)
      throw new HuitongError('REQUEST_INVALID', 'restoring a table with other rows than its backup speaks of', {
        context: { table, rows, found: copy.rowCount },
      });
    done += rows;
    onProgress?.({ done, total });
  }
}

/** A sequence of its own goes on where it stood; those of identity columns leap. */
async function setSequences(client: pg.Client, { sequences }: SchemaText): Promise<void> {
  for (const { name, create, lastValue, isCalled } of sequences)
    await client.query(
      create
        ? 'select setval($1::regclass, $2, $3)'
        : 'select setval($1::regclass, greatest($2::bigint, (extract(epoch from clock_timestamp()) * 1e6)::bigint), $3)',
      [name, lastValue, create ? isCalled : true],
    );
}

const formOf = ({ tables, sequences, after }: SchemaText): unknown => ({
  tables,
  after,
  sequences: sequences.map(({ name, create, ownedBy }) => ({ name, create, ownedBy })),
});
