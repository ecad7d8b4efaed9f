import { runner, type RunnerOption } from 'node-pg-migrate';
import pg from 'pg';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { translateDatabaseError } from './database.ts';

/** Of our own drawing; one for each database, since PostgreSQL keeps advisory locks apart by database. */
const lockNumber = 7_241_980_311;
/** Whoever comes after a statement that waits for a table waits behind it: so it does not wait for long, and tries again. */
const lockTimeoutMs = 2_000;
const triesMax = 30;
/** A lock not had in time, or a deadlock with transactions that take the same tables in another order: nothing was done. */
const lockFaults = new Set<string | undefined>(['55P03', '40P01']);

/**
 * Brings a database to the newest version of the SQL files in `directory` (`<number>_<name>.sql`, forward only), each in
 * its own transaction, or statement by statement where the file says `-- outside a transaction`. One at a time, by an advisory lock, so that
 * several services may start at once. Waits 2 s for a table that others hold, lets them pass, and tries again for about two minutes;
 * then throws DATABASE_UNAVAILABLE.
 */
export async function migrate(url: string, directory: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'huitong-migrate' });
  client.on('error', () => {});
  try {
    await client.connect();
    await awaitTurn(client);
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    for (let tries = 1; ; tries += 1)
      try {
        return await runAll(client, directory);
      } catch (error) {
        await client.query('rollback');
        if (!(error instanceof pg.DatabaseError) || !lockFaults.has(error.code) || tries === triesMax) throw error;
        await sleep(2_000);
      }
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Asks again and again instead of waiting: a statement that waits has a snapshot, and `create index concurrently` waits for its end. */
async function awaitTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [lockNumber]);
    if (rows[0]!.mine) return;
    await sleep(200);
  }
}

async function runAll(client: pg.Client, directory: string): Promise<string[]> {
  const done = await runner({
    dbClient: client,
    dir: directory,
    direction: 'up',
    migrationsTable: 'migration',
    singleTransaction: false,
    noLock: true,
    migrationLoaderStrategies: [sqlFiles],
    log: () => {},
  });
  return done.map((migration) => migration.name);
}

const sqlFiles: NonNullable<RunnerOption['migrationLoaderStrategies']>[number] = {
  extensions: ['.sql'],
  loader: (paths) =>
    Promise.all(
      paths.map(async (path) => {
        const text = await readFile(path, 'utf8');
        const outside = /^-- outside a transaction$/m.test(text);
        return {
          id: path,
          filePaths: [path],
          actions: {
            up: (pgm) => {
              if (!outside) return pgm.sql(text);
              pgm.noTransaction();
              // `create index concurrently` waits for whoever works with the table, and holds nobody up meanwhile.
              pgm.sql('set lock_timeout = 0');
              for (const statement of text.split(/;\s*$/m)) if (statement.trim()) pgm.sql(statement);
              pgm.sql(`set lock_timeout = ${lockTimeoutMs}`);
            },
            down: false as const,
          },
        };
      }),
    ),
};

/** The SHA-256 of each migration's text as this version has it; null where it does not know the migration. */
export function migrationSums(directory: string, names: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    names.map((name) => {
      const file = join(directory, `${name}.sql`);
      return [name, existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null];
    }),
  );
}
