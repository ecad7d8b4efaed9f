import { openPool, openSubjectDatabases, readOnly, type SubjectDatabase } from '@huitong/governance';
import type { Database } from '@huitong/postgres';
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

/** Opens the pools; nothing connects before the first query. */
export function openConnections(config: QueryConfig): Connections {
  const subjects = openSubjectDatabases({
    databases,
    urlOf: config.urlOf,
    applicationName,
    readerConnections: config.READER_CONNECTIONS,
  });
  const accessLog = openPool({ url: config.ACCESS_LOG_URL, applicationName, connectionsMax: 2 });
  const audit = openPool({ url: readOnly(config.AUDIT_URL), applicationName, connectionsMax: 2 });
  const pools = [...subjects.flatMap(({ reader, operator }) => [reader, operator]), accessLog, audit];
  return { subjects, accessLog, audit, close: async () => void (await Promise.all(pools.map((pool) => pool.end()))) };
}
