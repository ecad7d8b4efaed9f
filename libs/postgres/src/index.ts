export { copyRows } from './copy-rows.ts';
export { allEnded, inTransaction, openDatabase, sending, translateDatabaseError } from './database.ts';
export type { Connection, Database, Queryable, Send } from './database.ts';
export { migrate, migrationSums } from './migrate.ts';
export { backupDatabase } from './backup.ts';
export type { RowsProgress } from './backup.ts';
export { verifyBackup, writeManifest } from './backup-folder.ts';
export type { BackupManifest, DatabaseBackup } from './backup-folder.ts';
export { restoreDatabase } from './restore.ts';
