// One record with provenance and access log through the query API, and the same SQL through plain `pg` behind a bare Node
// server, in turn. Usage: node bench/query.mjs [--people 20000 --rounds 4 --seconds 6 --connections 16].
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { datasets, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { AccessLog, LagWatch, openPool, openSubjectDatabases, placesOf, SubjectReader } from '@huitong/governance';
import { freePort } from '@huitong/local-stack';
import { allOutcomes } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { commonEnvironment, services } from '../apps/huitong-cli/dist/services.js';
import { databaseUrl } from '../apps/huitong-cli/dist/stack.js';
import { quantile, rounded, runAlone } from './alone.mjs';
import { startNode } from './node-process.mjs';
import { preparedStack } from './prepared-stack.mjs';
import { publishAll, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

export const query = {
  name: 'query',
  title: 'query API, one record',
  defaults: { people: 20_000, rounds: 4, seconds: 6, connections: 16 },
  measure,
  text,
};

const purpose = '测量';
const readerConnections = 8;

/** Requests/s and milliseconds of each side, best of the rounds; `ratio` is ours to the faster bare one. */
async function measure({ people, rounds, seconds, connections }) {
  const bench = await startBenchStack();
  try {
    const stack = await preparedStack(bench);
    const ids = await loadPeople(bench, stack, people);
    const statements = join(bench.home, 'statements.json');
    await writeFile(statements, JSON.stringify(await statementsOf(stack, ids[0])));
    const runs = [];
    for (let round = 0; round < rounds; round += 1)
      for (const side of Object.keys(sides)) {
        const server = await sides[side](stack, statements);
        await drive(server, { certs: stack.certsDir, ids, seconds: 3, connections });
        const run = { side, round, ...(await drive(server, { certs: stack.certsDir, ids, seconds, connections })) };
        await server.stop();
        console.log(run);
        runs.push(run);
      }
    return { people, connections, seconds, runs, ...summaryOf(runs) };
  } finally {
    await bench.stop();
  }
}

function summaryOf(runs) {
  const best = Object.fromEntries(
    Object.keys(sides).map((side) => [
      side,
      runs.filter((run) => run.side === side).toSorted((a, b) => b.perSecond - a.perSecond)[0],
    ]),
  );
  const peer = Math.max(best.bare.perSecond, best.grouped.perSecond);
  return { best, ratio: rounded(best.ours.perSecond / peer, 2) };
}

/** The section of the report. */
function text({ people, connections, seconds, runs, best, ratio }) {
  const rounds = runs.length / Object.keys(sides).length;
  const row = (name, { perSecond, p50Ms, p99Ms, cpuMs }) =>
    `| ${name} | ${perSecond} | ${p50Ms} | ${p99Ms} | ${cpuMs} |`;
  return `
Query API: one record of ${people} with provenance, access log on disk before the answer leaves; ${connections} connections kept alive, each with
one request at a time, TLS with client certificates on both sides; the best of ${rounds} rounds of ${seconds} s, in turn. The bare
server runs the same prepared statements on as many connections and does nothing else: no framework, rights, checks, freshness, metrics or log lines.

| side | requests/s | p50 ms | p99 ms | processor ms a request, of the server |
| --- | --- | --- | --- | --- |
${row('query API', best.ours)}
${row('bare server, a commit for each log entry', best.bare)}
${row('bare server that logs in groups, as the query API does', best.grouped)}

Ratio of requests/s to the faster bare server: **${ratio}** (wanted: 0.6).
`;
}

async function loadPeople(bench, stack, people) {
  const { factTables } = databases.get('population');
  const names = factTables.map(({ dataset }) => dataset);
  const codec = await EventCodec.connect(new SchemaRegistry(stack.registryUrl), names);
  const total = await publishAll(bench, codec, personEvents({ datasets, people }));
  const sync = await startSync(bench, databaseUrl(stack, 'huitong_sync', 'population'));
  const owner = openPool({
    url: databaseUrl(stack, 'huitong_sync', 'population'),
    applicationName: 'bench',
    connectionsMax: 1,
  });
  for (let applied = 0; applied < total; await sleep(200)) {
    const { rows } = await owner.query(`select count(*) as count from ${allOutcomes()} o`);
    applied = rows[0].count;
  }
  await sync.stop();
  await owner.query('vacuum analyze');
  await owner.end();
  return [...personEvents({ datasets, people })].filter((_, at) => at % 3 === 0).map(({ subjectId }) => subjectId);
}

/** What the query API asks of PostgreSQL for one record, overheard. */
async function statementsOf(stack, id) {
  const asked = new Map();
  const overheard = (pool) =>
    new Proxy(pool, {
      get(target, key) {
        if (key !== 'query') return Reflect.get(target, key);
        return (query) => {
          if (query.name) asked.set(query.name, { name: query.name, text: query.text });
          return target.query(query);
        };
      },
    });
  const subjects = openSubjectDatabases({
    databases,
    urlOf: (database, role) => databaseUrl(stack, `huitong_${role}`, database),
    applicationName: 'bench',
    readerConnections: 1,
  });
  const log = openPool({ url: logUrl(stack), applicationName: 'bench', connectionsMax: 1 });
  const offsets = createTopicAdmin({ brokers: stack.kafkaBrokers.split(','), clientId: 'bench' });
  const listened = subjects.map((subject) => ({ ...subject, reader: overheard(subject.reader) }));
  const reader = new SubjectReader({
    places: placesOf(listened),
    watch: new LagWatch({ databases: listened, offsets }),
    log: new AccessLog(overheard(log)),
  });
  const who = { caller: 'bench', role: 'officer', purpose, route: 'bench', traceId: 'bench' };
  await reader.read({ subject: 'population', id }, who);
  await Promise.all([...subjects.flatMap((each) => [each.reader, each.operator]), log].map((pool) => pool.end()));
  await offsets.disconnect();
  const named = (name) => asked.get(name) ?? fail(`the query API no longer runs the statement '${name}'`);
  return {
    lane: named('lane of population'),
    identity: named('stable id'),
    record: named('read population'),
    log: named('log access'),
  };
}

function fail(message) {
  throw new Error(message);
}

const logUrl = (stack) => databaseUrl(stack, 'huitong_access', 'exchange');

const sides = {
  bare: (stack, statements) => startBare(stack, statements, []),
  grouped: (stack, statements) => startBare(stack, statements, ['grouped']),
  ours: startQueryApi,
};

async function startBare(stack, statements, more) {
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const readerUrl = new URL(databaseUrl(stack, 'huitong_reader', 'population'));
  // The settings that the query API gives its connections; planning each read anew would cost the peer several times the read.
  readerUrl.searchParams.set('options', '-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan');
  const args = [port, stack.certsDir, readerUrl.href, logUrl(stack), readerConnections, statements, ...more];
  const script = join(import.meta.dirname, 'peers/bare-query.mjs');
  const server = await startNode({
    ...{ home: stack.home, name: 'bare-query', script, args: args.map(String) },
    ready: () => answers(url, stack.certsDir, '/none'),
  });
  return { ...server, url };
}

async function startQueryApi(stack) {
  const service = services.find(({ name }) => name === 'query-api');
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const server = await startNode({
    home: stack.home,
    name: 'query-api',
    script: join(import.meta.dirname, '..', service.entry),
    env: {
      ...commonEnvironment(stack),
      ...service.env(stack),
      QUERY_PORT: String(port),
      READER_CONNECTIONS: String(readerConnections),
    },
    ready: () => answers(url, stack.certsDir, '/health/ready'),
  });
  return { ...server, url };
}

const clientOf = (url, certs, connections) =>
  new Pool(url, {
    connections,
    pipelining: 1,
    connect: Object.fromEntries(
      [
        ['ca', 'ca.pem'],
        ['cert', 'officer.pem'],
        ['key', 'officer-key.pem'],
      ].map(([name, file]) => [name, readFileSync(join(certs, file))]),
    ),
  });

async function answers(url, certs, path) {
  const client = clientOf(url, certs, 1);
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path });
    await body.dump();
    return path === '/none' || statusCode === 200;
  } catch {
    return false;
  } finally {
    await client.destroy();
  }
}

/** As many requests as get through in `seconds`, each connection with one at a time, ids in a fixed order spread over all. */
async function drive(server, { certs, ids, seconds, connections }) {
  const client = clientOf(server.url, certs, connections);
  const query = `?purpose=${encodeURIComponent(purpose)}`;
  const times = [];
  const [started, cpuBefore] = [performance.now(), await server.cpuSeconds()];
  const endMs = started + seconds * 1_000;
  let next = 0;
  const worker = async () => {
    while (performance.now() < endMs) {
      const id = ids[(next++ * 7_919) % ids.length];
      const since = performance.now();
      const { statusCode, body } = await client.request({
        method: 'GET',
        path: `/v1/subjects/population/${id}${query}`,
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${statusCode}: ${text.slice(0, 200)}`);
      times.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const took = (performance.now() - started) / 1_000;
  const cpuMs = (((await server.cpuSeconds()) - cpuBefore) * 1_000) / times.length;
  await client.close();
  return {
    perSecond: Math.round(times.length / took),
    p50Ms: rounded(quantile(times, 0.5)),
    p99Ms: rounded(quantile(times, 0.99)),
    cpuMs: rounded(cpuMs, 2),
  };
}

if (import.meta.main) await runAlone(query);
