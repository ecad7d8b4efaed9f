import { databaseName, type SubjectDatabase } from '@huitong/governance';
import { openDatabase, type Database } from '@huitong/postgres';
import { databases } from '@huitong/subjects';
import type { QueryConfig } from './config.ts';

/** Every connection pool of the query API; each role can do one thing. */
export interface Connections {
  readonly subjects: readonly SubjectDatabase[];
  readonly accessLog: Database;
  readonly audit: Database;
  close(): Promise<void>;
}

const applicationName = 'query-api';
/** A read of one subject takes milliseconds; what takes this long is a fault, and its caller is better told. */
const statementTimeoutMs = 5_000;

/** The network may take this long on top; then the connection is taken for dead. */
const networkMs = 1_000;

/** Opens the pools; nothing connects before the first query. */
export function openConnections(config: QueryConfig): Connections {
  const answerWithinMs = statementTimeoutMs + networkMs;
  const open = (url: string, connectionsMax: number): Database =>
    openDatabase({ url, applicationName, connectionsMax, statementTimeoutMs, answerWithinMs });
  const subjects = [...databases].map(([name, plan]) => ({
    name: databaseName(plan),
    plan,
    reader: open(readOnly(config.urlOf(name, 'reader')), config.READER_CONNECTIONS),
    operator: open(config.urlOf(name, 'operator'), 1),
  }));
  const accessLog = open(config.ACCESS_LOG_URL, 2);
  const audit = open(readOnly(config.AUDIT_URL), 2);
  const pools = [...subjects.flatMap(({ reader, operator }) => [reader, operator]), accessLog, audit];
  return { subjects, accessLog, audit, close: async () => void (await Promise.all(pools.map((pool) => pool.end()))) };
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
