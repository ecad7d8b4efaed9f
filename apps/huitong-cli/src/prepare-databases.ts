import { defaultPartitions } from '@huitong/change-event';
import { exchangeGrants, exchangeMigrations, subjectDatabaseGrants } from '@huitong/governance';
import { ensureSecrets, type Secrets } from '@huitong/local-stack';
import { migrate, openDatabase, type Database } from '@huitong/postgres';
import { createLanes } from '@huitong/subject-engine';
import { databases, migrationsOf } from '@huitong/subjects';
import { databaseUrl, type DatabaseServer } from './stack.ts';

/** The database of the access log. */
export const exchange = 'exchange';

/** The databases whose form is ours, by name, with the folder of their migrations. */
export const migrationFolders: ReadonlyMap<string, string> = new Map([
  ...[...databases.keys()].map((name): [string, string] => [name, migrationsOf(name)]),
  [exchange, exchangeMigrations],
]);

/** Runs `work` as the superuser, who alone creates, renames and drops databases and roles, over two connections. */
export async function asSuperuser<Result>(
  stack: DatabaseServer,
  work: (server: Database) => Promise<Result>,
): Promise<Result> {
  const url = databaseUrl(stack, 'postgres', 'postgres');
  const server = openDatabase({ url, applicationName: 'huitong-prepare', connectionsMax: 2 });
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}

/** Roles are the guard: a reader cannot write, the access log cannot be read or changed by those who write it. */
export async function createRoles(server: Database, { home }: DatabaseServer): Promise<void> {
  const secrets: Secrets = ensureSecrets(home);
  for (const [role, password] of Object.entries(secrets)) {
    if (role === 'postgres') continue;
    const { rowCount } = await server.query('select 1 from pg_roles where rolname = $1', [role]);
    // Utility statements take no parameters; role and password are our own, made of letters, digits and underscores.
    await server.query(`${rowCount ? 'alter' : 'create'} role ${role} login password '${password}'`);
  }
}

export async function databaseNames(server: Database): Promise<Set<string>> {
  const { rows } = await server.query<{ datname: string }>('select datname from pg_database');
  return new Set(rows.map(({ datname }) => datname));
}

/** Compared by code point, as the oracle does, and faster than any language's rules. */
export async function createDatabase(server: Database, name: string, owner: string): Promise<void> {
  await server.query(
    `create database ${name} owner ${owner} template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
  );
}

/** Migrates a database of ours and grants what its roles may do; `at` is its name where it does not stand in its own place. */
export async function prepareDatabase(stack: DatabaseServer, name: string, at = name): Promise<void> {
  const url = databaseUrl(stack, 'huitong_sync', at);
  await migrate(url, migrationFolders.get(name)!);
  const owner = openDatabase({ url, applicationName: 'huitong-prepare', connectionsMax: 1 });
  try {
    if (name !== exchange) await createLanes(owner, defaultPartitions);
    await owner.query(name === exchange ? exchangeGrants : subjectDatabaseGrants);
  } finally {
    await owner.end();
  }
}
