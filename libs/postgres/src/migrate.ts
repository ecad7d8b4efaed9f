import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { translateDatabaseError } from './database.ts';

/**
 * Brings a database to the newest version of the SQL files in `directory` (`<number>_<name>.sql`, forward only), each in
 * its own transaction, under an advisory lock so that several services may start at once.
 */
export async function migrate(url: string, directory: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const done = await runner({
      dbClient: client,
      dir: directory,
      direction: 'up',
      migrationsTable: 'migration',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      log: () => {},
    });
    return done.map((migration) => migration.name);
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The SHA-256 of each migration's text as this version has it; null where it does not know the migration. */
export function migrationSums(directory: string, names: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    names.map((name) => {
      const file = join(directory, `${name}.sql`);
      return [name, existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null];
    }),
  );
}
