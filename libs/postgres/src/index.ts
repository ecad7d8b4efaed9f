export { inTransaction, openDatabase, translateDatabaseError } from './database.ts';
export type { Connection, Database, Queryable } from './database.ts';
export { migrate } from './migrate.ts';
