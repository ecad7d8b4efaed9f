import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';
import { endProcess } from '@huitong/local-stack';
import {
  inTransaction,
  migrationSums,
  openDatabase,
  restoreDatabase,
  type BackupManifest,
  type Database,
  type DatabaseBackup,
  type RowsProgress,
} from '@huitong/postgres';
import { forbidFormerOwners } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { registry, stampOf, type KeptState } from './backup-run.ts';
import {
  asSuperuser,
  createDatabase,
  createRoles,
  databaseNames,
  exchange,
  migrationFolders,
  prepareDatabase,
} from './prepare-databases.ts';
import { databaseUrl, readServiceIds, type DatabaseServer } from './stack.ts';

/** What only grows is not put back over more of it: each with the table that is empty where it was lost. */
const growing: Readonly<Record<string, string>> = { [exchange]: 'access_log', [registry]: 'content' };
/** A sync service lets the chunk in hand finish within 15 s. */
const endWithinMs = 20_000;

/** What `huitong restore` prints as JSON. */
export interface RestoreReport {
  readonly takenAt: string;
  readonly seconds: number;
  readonly restored: readonly {
    readonly database: string;
    readonly rows: number;
    readonly snapshotAt: string;
    /** The name under which the replaced database is kept; null where there was none. */
    readonly replaced: string | null;
  }[];
  /** Databases of the backup that hold all of it and more, and were not asked for by name. */
  readonly left: readonly string[];
  /** Sync services that were ended, for their supervisor to start again. */
  readonly restarted: readonly string[];
}

const beside = (database: string): string => `${database}_restoring`;

/**
 * Puts databases of a verified backup back: each is filled beside the live one, then all take their places in one transaction
 * that renames. A replaced database is kept under another name. Sync services of before are fenced by the lanes' epochs,
 * wherever they run, and those of this stack are ended. Throws REQUEST_INVALID before anything was touched where the
 * backup does not fit this version.
 */
export async function restoreBackup(options: {
  stack: DatabaseServer;
  folder: string;
  manifest: BackupManifest;
  only?: readonly string[] | undefined;
  onProgress: (database: string, progress: RowsProgress) => void;
}): Promise<RestoreReport> {
  const { stack, folder, manifest, only, onProgress } = options;
  assertFits(manifest, only);
  const since = Date.now();
  return asSuperuser(stack, async (server) => {
    await createRoles(server, stack);
    const wanted: DatabaseBackup[] = [];
    const left: string[] = [];
    for (const backup of manifest.databases)
      if (only ? only.includes(backup.database) : await mayReplace(stack, server, backup.database)) wanted.push(backup);
      else if (!only) left.push(backup.database);
    for (const backup of wanted)
      await fillBeside(stack, server, {
        backup,
        folder,
        onProgress: (progress) => onProgress(backup.database, progress),
      });
    const names = wanted.map(({ database }) => database);
    const replaced = await swap(server, names, stampOf(new Date()));
    const restarted = await endSyncServices(stack.home, names);
    return {
      takenAt: manifest.takenAt,
      seconds: Math.round((Date.now() - since) / 100) / 10,
      restored: wanted.map(({ database, tables, snapshotAt }) => ({
        database,
        rows: tables.reduce((sum, { rows }) => sum + rows, 0),
        snapshotAt,
        replaced: replaced.get(database) ?? null,
      })),
      left,
      restarted,
    };
  });
}

/** Drops the databases that earlier restores replaced; answers their names. */
export async function dropReplaced(stack: DatabaseServer): Promise<string[]> {
  return asSuperuser(stack, async (server) => {
    const names = [...(await databaseNames(server))].filter((name) => /_replaced_\d{8}t\d{6}$/.test(name));
    for (const name of names) await server.query(`drop database ${name} with (force)`);
    return names;
  });
}

/** A backup of a newer version, or one whose tables came about in another way, would not fit the code that works on it. */
function assertFits(manifest: BackupManifest, only: readonly string[] | undefined): void {
  const names = manifest.databases.map(({ database }) => database);
  const known = [...migrationFolders.keys(), registry];
  const unknown = (only ?? []).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new HuitongError(
      'REQUEST_INVALID',
      `备份中只有 ${names.join(', ')} / restoring what is not in the backup, which has ${names.join(', ')}`,
    );
  for (const { database, state } of manifest.databases) {
    const migrations = (state as KeptState).migrations ?? {};
    const folder = migrationFolders.get(database);
    const own = folder ? migrationSums(folder, Object.keys(migrations)) : {};
    const other = Object.entries(migrations).filter(([name, sum]) => own[name] !== sum);
    if (!known.includes(database) || other.length > 0)
      throw new HuitongError(
        'REQUEST_INVALID',
        `备份的表结构与本版本不符 / restoring a backup whose tables were made otherwise than this version makes them: ${database} ${other.map(([name]) => name).join(', ')}`,
        { context: { database } },
      );
  }
}

async function mayReplace(stack: DatabaseServer, server: Database, name: string): Promise<boolean> {
  const table = growing[name];
  if (!table || !(await databaseNames(server)).has(name)) return true;
  const database = openDatabase({
    url: databaseUrl(stack, 'postgres', name),
    applicationName: 'huitong-restore',
    connectionsMax: 1,
  });
  try {
    const { rows } = await database.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    return !rows[0]!.there || (await database.query(`select 1 from ${table} limit 1`)).rowCount === 0;
  } finally {
    await database.end();
  }
}

async function fillBeside(
  stack: DatabaseServer,
  server: Database,
  options: { backup: DatabaseBackup; folder: string; onProgress: (progress: RowsProgress) => void },
): Promise<void> {
  const { database, owner } = options.backup;
  const at = beside(database);
  await server.query(`drop database if exists ${at} with (force)`);
  await createDatabase(server, at, owner);
  const role = owner === 'huitong_sync' ? 'huitong_sync' : 'postgres';
  await restoreDatabase({ ...options, url: databaseUrl(stack, role, at) });
  if (!migrationFolders.has(database)) return;
  await prepareDatabase(stack, database, at);
  if (!databases.has(database)) return;
  const lanes = openDatabase({
    url: databaseUrl(stack, role, at),
    applicationName: 'huitong-restore',
    connectionsMax: 1,
  });
  try {
    await forbidFormerOwners(lanes);
  } finally {
    await lanes.end();
  }
}

/**
 * Renames all in one transaction. A rename locks the database against newcomers, then waits 5 s for whoever is connected: they
 * are turned out meanwhile, by the second connection. A crash leaves everything either as it was or as it should be.
 */
async function swap(server: Database, names: readonly string[], stamp: string): Promise<Map<string, string>> {
  const existing = await databaseNames(server);
  const replaced = new Map(
    names.filter((name) => existing.has(name)).map((name) => [name, `${name}_replaced_${stamp}`]),
  );
  const renames = names.flatMap((name) => [
    ...(replaced.has(name) ? [`alter database ${name} rename to ${replaced.get(name)!}`] : []),
    `alter database ${beside(name)} rename to ${name}`,
  ]);
  const renaming = inTransaction(server, async (connection) => {
    for (const rename of renames) await connection.query(rename);
  });
  const renamed = renaming.then(() => true);
  renamed.catch(() => {});
  const involved = [...replaced.keys(), ...names.map(beside)];
  do await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1)', [involved]);
  while (!(await Promise.race([renamed, sleep(100, false)])));
  return replaced;
}

/** Their supervisor starts them again; they claim their lanes where the restored database says. */
async function endSyncServices(home: string, names: readonly string[]): Promise<string[]> {
  const running = readServiceIds(home);
  const services = names.map((name) => `${name.replaceAll('_', '-')}-sync`);
  const ended = await Promise.all(
    services.map(async (name) => ((await endProcess(running[name], 'SIGTERM', endWithinMs)) ? [name] : [])),
  );
  return ended.flat();
}
