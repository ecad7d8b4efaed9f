import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCertificates, removeHome, startParts } from '@huitong/local-stack';

/** The real parts of one Jest run, shared by its projects; on globalThis because Jest may load this file once for each. */
interface Run {
  users: number;
  started: Promise<string>;
}
const shared = globalThis as { huitongTestRun?: Run };

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const runs = join(repository, '.huitong-test');

/** Starts the real parts on free ports with empty data, once for each Jest run, and tells the specs by environment where they are. */
export default async function globalSetup(): Promise<void> {
  shared.huitongTestRun ??= { users: 0, started: start() };
  shared.huitongTestRun.users += 1;
  await shared.huitongTestRun.started;
}

/** Stops the parts when the last project that uses them has ended, and removes their data. */
export async function endOfProject(): Promise<void> {
  const run = shared.huitongTestRun;
  if (run === undefined) return;
  run.users -= 1;
  if (run.users > 0) return;
  delete shared.huitongTestRun;
  await removeHome(await run.started);
}

async function start(): Promise<string> {
  await removeLeftovers();
  process.env.HUITONG_CACHE ??= join(repository, '.huitong', 'cache');
  const home = join(runs, String(process.pid));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void removeHome(home).finally(() => process.exit(130)));
  }
  const parts = await startParts({ home, ports: 'free' });
  const engine = { docker: '在 Docker 中 / in Docker', process: '为本地进程 / as local processes' }[parts.engine];
  process.stderr.write(`真实部件 / the real parts: ${engine}\n`);
  Object.assign(process.env, {
    HUITONG_HOME: home,
    CERTS_DIR: await ensureCertificates({ home }),
    KAFKA_BROKERS: parts.kafkaBrokers,
    REGISTRY_URL: parts.registryUrl,
    POSTGRES_URL: parts.postgresUrl,
    REDIS_URL: parts.redisUrl,
  });
  return home;
}

/** A run that was killed could not clean up: its folder is named after its process. */
async function removeLeftovers(): Promise<void> {
  for (const pid of await readdir(runs).catch(() => [])) if (!exists(Number(pid))) await removeHome(join(runs, pid));
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
