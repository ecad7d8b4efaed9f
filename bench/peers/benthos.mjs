// Benthos with its SQL output, the second peer for latency: a Go program that is built here once, where Go is.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { columns } from './flat-events.mjs';
import { stopped } from './stopped.mjs';

const run = promisify(execFile);

/** The built program, some minutes after the first call; `undefined` without Go. */
export async function benthosFile() {
  const file = join(process.env.HUITONG_CACHE, 'benthos');
  if (existsSync(file)) return file;
  try {
    await run('go', ['version']);
  } catch {
    return undefined;
  }
  await run('go', ['build', '-o', file, '.'], { cwd: join(import.meta.dirname, 'benthos') });
  return file;
}

/** Starts Benthos upserting `topic` into `table`, in batches of what comes within 20 ms. */
export async function startBenthos(file, { home, parts }, { topic, table, databaseUrl }) {
  const all = [...columns, 'version', 'effective_at'];
  const settings = {
    http: { enabled: false },
    input: {
      kafka_franz: {
        ...{ seed_brokers: parts.kafkaBrokers.split(','), topics: [topic], consumer_group: `benthos-${table}` },
        ...{ start_from_oldest: true, batching: { count: 4_000, period: '20ms' } },
      },
    },
    pipeline: { threads: 2, processors: [{ schema_registry_decode: { url: parts.registryUrl } }] },
    output: {
      sql_insert: {
        ...{ driver: 'postgres', dsn: `${databaseUrl}?sslmode=disable`, table, columns: all, max_in_flight: 4 },
        args_mapping: `root = [${all.map((name) => `this.${name}`).join(',')}]`,
        suffix: `ON CONFLICT (citizen_id) DO UPDATE SET ${all
          .slice(1)
          .map((name) => `${name}=excluded.${name}`)
          .join(',')}`,
      },
    },
  };
  const config = join(home, `benthos-${table}.json`);
  await writeFile(config, JSON.stringify(settings));
  const log = createWriteStream(join(home, `benthos-${table}.log`), { flags: 'a' });
  const child = spawn(file, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return { child, stop: () => stopped(child) };
}
