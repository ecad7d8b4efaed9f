import { openDatabase, type Database } from '@huitong/postgres';
import { randomUUID } from 'node:crypto';

/** A database of one spec's own, dropped at its end. */
export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the run's PostgreSQL, in the collation that production has, and runs the given SQL in it.
 * Isolation is by database: roles and the server's settings are shared by all specs.
 */
export async function createTestDatabase(sql: string): Promise<TestDatabase> {
  const serverUrl = process.env['POSTGRES_URL'];
  if (!serverUrl) throw new Error('POSTGRES_URL is not set: integration specs run by `npm test` or `npm run jest`');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const server = openDatabase({ url: serverUrl, applicationName: 'testkit', connectionsMax: 1 });
  await server.query(
    `create database ${name} template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
  );
  const url = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const database = openDatabase({ url, applicationName: 'spec', connectionsMax: 8 });
  if (sql) await database.query(sql);
  return {
    url,
    database,
    async drop() {
      await database.end();
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
