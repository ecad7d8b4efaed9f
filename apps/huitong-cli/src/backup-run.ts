import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import {
  backupDatabase,
  migrationSums,
  writeManifest,
  type DatabaseBackup,
  type Queryable,
  type RowsProgress,
} from '@huitong/postgres';
import { databases } from '@huitong/subjects';
import { repository } from './config.ts';
import { asSuperuser, exchange, migrationFolders } from './prepare-databases.ts';
import { databaseUrl, type DatabaseServer } from './stack.ts';

/** The registry's database: the numbers of its schemas stand in every message that Kafka keeps. */
export const registry = 'registry';

/** What is kept of a database beside its rows, read in the same snapshot. */
export interface KeptState {
  /** The next offset of each topic, by lane; of a subject database. */
  readonly lanes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The migrations that were done, with the sums of their texts. */
  readonly migrations?: Readonly<Record<string, string | null>>;
}

/** What `huitong backup` prints as JSON. */
export interface BackupReport {
  readonly folder: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly databases: readonly { readonly database: string; readonly rows: number; readonly snapshotAt: string }[];
}

/** The name that a backup gets where none is given: of its time, so that folders sort by age. */
export const stampOf = (at: Date): string => at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase();

/**
 * Writes all databases into a folder, each as it was in one instant, while the system runs. The folder has its name only once
 * it is complete, so a backup that was broken off is never taken for one.
 */
export async function takeBackup(options: {
  stack: DatabaseServer;
  to: string;
  onProgress: (database: string, progress: RowsProgress) => void;
}): Promise<BackupReport> {
  const { stack, onProgress } = options;
  const folder = resolve(options.to);
  if (existsSync(folder))
    throw new HuitongError('REQUEST_INVALID', `目录已存在 / backing up into a folder that exists: ${folder}`);
  const draft = `${folder}.draft`;
  const since = Date.now();
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    const sums = new Map<string, string>();
    const done: DatabaseBackup[] = [];
    for (const database of [...databases.keys(), exchange, registry])
      done.push(
        await backupDatabase({
          url: databaseUrl(stack, 'postgres', database),
          folder: draft,
          sums,
          leaveOut: generationsOf(database),
          state: (snapshot) => keptState(snapshot, database),
          onProgress: (progress) => onProgress(database, progress),
        }),
      );
    await writeManifest(
      draft,
      { format: 1, takenAt: new Date(since).toISOString(), versions: await versions(stack), databases: done },
      sums,
    );
    await rename(draft, folder);
    return {
      folder,
      bytes: await bytesOf(folder, sums.keys()),
      seconds: Math.round((Date.now() - since) / 100) / 10,
      databases: done.map(({ database, snapshotAt, tables }) => ({
        database,
        rows: tables.reduce((sum, { rows }) => sum + rows, 0),
        snapshotAt,
      })),
    };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Tables that a rebuild keeps beside the live ones: they can be made again. */
const generationsOf = (database: string): string[] =>
  (databases.get(database)?.subjects ?? []).flatMap(({ table }) => [`${table}_next`, `${table}_previous`]);

async function keptState(snapshot: Queryable, database: string): Promise<KeptState> {
  const folder = migrationFolders.get(database);
  if (!folder) return {};
  const done = await snapshot.query<{ name: string }>('select name from migration order by id');
  const migrations = migrationSums(
    folder,
    done.rows.map(({ name }) => name),
  );
  if (database === exchange) return { migrations };
  const lanes = await snapshot.query<{ lane: number; next_offsets: Record<string, number> }>(
    'select lane, next_offsets from lane order by lane',
  );
  return { migrations, lanes: Object.fromEntries(lanes.rows.map((row) => [row.lane, row.next_offsets])) };
}

async function versions(stack: DatabaseServer): Promise<Record<string, string>> {
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string };
  const { rows } = await asSuperuser(stack, (server) => server.query<{ version: string }>('select version()'));
  return { huitong: version, node: process.version, postgres: rows[0]!.version };
}

async function bytesOf(folder: string, files: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(join(folder, file))).size;
  return bytes;
}
