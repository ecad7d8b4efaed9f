import { z } from 'zod';
import { openDatabase, type Database } from '@huitong/postgres';
import type { DatabasePlan } from '@huitong/subject-engine';
import { databaseName, type StewardDatabase, type SubjectDatabase } from './subject-database.ts';

/** The roles that services read subject databases with, ask for releases, and see what is in parked events. */
type Role = 'reader' | 'operator' | 'steward';

/** The PostgreSQL databases of subjects, by name. */
type Databases = ReadonlyMap<string, DatabasePlan>;

/** The setting with the address of a database, for the role that reads and for others. */
const settingOf = (database: string, role: Role): string =>
  `${role === 'reader' ? '' : `${role.toUpperCase()}_`}${database.toUpperCase()}_DATABASE_URL`;

const usual: readonly Role[] = ['reader', 'operator'];

/** A setting that is the address of a database. */
export const databaseUrlSetting = () => z.url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// URL is needed' });

/** An address of each subject database for each role: POPULATION_DATABASE_URL, OPERATOR_POPULATION_DATABASE_URL and so on. */
export const subjectDatabaseSettings = (databases: Databases, roles = usual) =>
  z.object(
    Object.fromEntries(
      [...databases.keys()].flatMap((database) =>
        roles.map((role) => [
          settingOf(database, role),
          databaseUrlSetting().describe(`角色 huitong_${role} / role \`huitong_${role}\``),
        ]),
      ),
    ),
  );

/** {@link subjectDatabaseSettings} as {@link openSubjectDatabases} takes them. */
export const subjectDatabaseUrls = (databases: Databases, roles = usual) =>
  subjectDatabaseSettings(databases, roles).transform((urls) => ({
    urlOf: (database: string, role: Role) => urls[settingOf(database, role)]!,
  }));

/** A read takes milliseconds; what takes this long is a fault, and its caller is better told. */
const statementTimeoutMs = 5_000;
/** The network may take this long on top; then the connection is taken for dead. */
const networkMs = 1_000;

/** Opens one pool of a service; nothing connects before the first query. */
export function openPool(options: { url: string; applicationName: string; connectionsMax: number }): Database {
  return openDatabase({ ...options, statementTimeoutMs, answerWithinMs: statementTimeoutMs + networkMs });
}

/** Opens the pools of all subject databases: of the read-only role, and of the role that may ask for releases. */
export function openSubjectDatabases(options: {
  databases: Databases;
  urlOf(database: string, role: Role): string;
  applicationName: string;
  readerConnections: number;
}): SubjectDatabase[] {
  const { urlOf, applicationName } = options;
  const open = (url: string, connectionsMax: number) => openPool({ url, applicationName, connectionsMax });
  return [...options.databases].map(([name, plan]) => ({
    name: databaseName(plan),
    plan,
    reader: open(readOnly(urlOf(name, 'reader')), options.readerConnections),
    operator: open(urlOf(name, 'operator'), 1),
  }));
}

/** Adds a pool of the role that sees what is in parked events, one connection each: people open them one by one. */
export function withStewards(
  databases: readonly SubjectDatabase[],
  options: { urlOf(database: string, role: Role): string; applicationName: string },
): StewardDatabase[] {
  const { urlOf, applicationName } = options;
  return databases.map((database) => {
    const url = readOnly(urlOf(database.plan.database, 'steward'));
    return { ...database, steward: openPool({ url, applicationName, connectionsMax: 1 }) };
  });
}

/**
 * The role decides what may be read; the first setting says that nothing is ever written here. The second plans each read
 * once a connection, at 2 ms a read: planning it anew for its parameters, as PostgreSQL tries first, takes 16 ms.
 */
export function readOnly(url: string): string {
  const address = new URL(url);
  const others = address.searchParams.get('options') ?? '';
  const ours = '-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan';
  address.searchParams.set('options', `${others} ${ours}`.trim());
  return address.href;
}
