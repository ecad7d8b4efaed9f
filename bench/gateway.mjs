// Events/s that the gateway accepts and Kafka has on disk, on one core, and plain kafkajs with the same messages and no
// checks on the same core, in turn. Usage: node bench/gateway.mjs [--rounds 3 --seconds 8 --batch 1000 --in-flight 4].
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { datasetNames, datasets, defaultPartitions } from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { freePort } from '@huitong/local-stack';
import { rounded, runAlone } from './alone.mjs';
import { startNode } from './node-process.mjs';
import { startBenchStack, untilLed } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

export const gateway = {
  name: 'gateway',
  title: 'department gateway, events accepted on one core',
  defaults: { rounds: 3, seconds: 8, batch: 1_000, 'in-flight': 4 },
  measure,
  text,
};

const dataset = 'psb.household-register';
/** Whoever is measured has this core for itself; broker, parts and driver share the other ones. */
const measuredCore = 0;
/** Persons whose events are sent again and again; the gateway keeps nothing of an event that would make that cheaper. */
const people = 20_000;

/** Events/s of each side, best of the rounds; `ratio` is ours to kafkajs with messages that lie ready. */
async function measure({ rounds, seconds, batch, 'in-flight': inFlight }) {
  const bench = await startBenchStack();
  const own = execFileSync('taskset', ['-cp', String(process.pid)])
    .toString()
    .split(': ')[1]
    .trim();
  try {
    const others = coresBesides(measuredCore);
    for (const pid of [process.pid, ...Object.values(bench.parts.pids)]) placeOn(others, pid);
    await createTopics(bench);
    const runs = [];
    for (let round = 0; round < rounds; round += 1)
      for (const [side, start] of Object.entries(sides)) {
        const going = await start(bench, { batch, inFlight });
        await going.run(4);
        const { events, seconds: took, cpuSeconds } = await going.run(seconds);
        await going.stop();
        const run = {
          side,
          round,
          perSecond: Math.round(events / took),
          perCpuSecond: Math.round(events / cpuSeconds),
        };
        console.log(run);
        runs.push(run);
      }
    const best = Object.fromEntries(
      Object.keys(sides).map((side) => [
        side,
        runs.filter((run) => run.side === side).toSorted((a, b) => b.perSecond - a.perSecond)[0],
      ]),
    );
    const ratioTo = (side) => rounded(best.ours.perSecond / best[side].perSecond, 2);
    return { batch, inFlight, seconds, runs, best, ratio: ratioTo('ready'), ratioToEncoding: ratioTo('encode') };
  } finally {
    placeOn(own, process.pid);
    await bench.stop();
  }
}

/** The section of the report. */
function text({ batch, inFlight, seconds, runs, best, ratio, ratioToEncoding }) {
  const rounds = runs.length / Object.keys(sides).length;
  const row = (name, { perSecond, perCpuSecond }) => `| ${name} | ${perSecond} | ${perCpuSecond} |`;
  return `
Gateway: events/s accepted, each on Kafka's disk as far as acks=all says, requests of ${batch} events, ${inFlight} under way; all threads of the measured process on one core,
broker and driver on the other; the best of ${rounds} rounds of ${seconds} s, in turn. The gateway takes JSON over TLS with a client
certificate, counts against the department's limit, checks every field and identifier, encodes, publishes, and notes in Redis where each event went.

| side | events/s | events per second of processor time |
| --- | --- | --- |
${row('department gateway', best.ours)}
${row('kafkajs, messages lie ready', best.ready)}
${row('kafkajs, Avro bytes made from events as they go', best.encode)}

Ratio to kafkajs whose messages lie ready: **${ratio}** (wanted: 0.5); to kafkajs that encodes: ${ratioToEncoding}.
`;
}

const sides = {
  ready: (bench, load) => startProducer(bench, load, 'ready'),
  encode: (bench, load) => startProducer(bench, load, 'encode'),
  ours: startGateway,
};

function coresBesides(core) {
  const all = execFileSync('nproc', ['--all']).toString().trim();
  return Array.from({ length: Number(all) }, (_, at) => at)
    .filter((at) => at !== core)
    .join(',');
}

function placeOn(cores, pid) {
  execFileSync('taskset', ['-acp', String(cores), String(pid)]);
}

async function createTopics({ parts }) {
  const admin = createTopicAdmin({ brokers: parts.kafkaBrokers.split(','), clientId: 'bench' });
  const topics = datasetNames.map((name) => datasets[name].topic);
  await admin.ensureTopics(topics.map((topic) => ({ topic, partitions: defaultPartitions })));
  await untilLed(admin, topics);
  await admin.disconnect();
}

async function startProducer({ home, parts }, { batch, inFlight }, how) {
  const script = join(import.meta.dirname, 'peers/bare-producer.mjs');
  const args = [parts.kafkaBrokers, parts.registryUrl, people, batch, inFlight, how].map(String);
  const producer = await startNode({ home, name: 'bare-producer', script, args, core: measuredCore });
  const lines = createInterface({ input: producer.child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async run(seconds) {
      producer.child.stdin.write(`go ${seconds}\n`);
      return JSON.parse((await lines.next()).value);
    },
    async stop() {
      producer.child.stdin.end();
      await once(producer.child, 'exit');
    },
  };
}

async function startGateway({ home, parts }, { batch, inFlight }) {
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const certs = join(home, 'certs');
  const file = (name) => readFileSync(join(certs, name));
  const client = new Pool(url, {
    connections: inFlight,
    pipelining: 1,
    connect: { ca: file('ca.pem'), cert: file('psb.pem'), key: file('psb-key.pem') },
  });
  const gateway = await startNode({
    ...{ home, name: 'department-gateway', core: measuredCore },
    script: join(import.meta.dirname, '../apps/department-gateway/dist/main.js'),
    env: {
      ...{ HUITONG_HOME: home, CERTS_DIR: certs, GATEWAY_PORT: String(port), KAFKA_BROKERS: parts.kafkaBrokers },
      ...{ REGISTRY_URL: parts.registryUrl, REDIS_URL: parts.redisUrl, RATE_LIMIT_EVENTS_PER_SECOND: '100000000' },
    },
    ready: () => isReady(client),
  });
  const bodies = requestBodies(batch);
  return {
    async run(seconds) {
      const [started, cpuBefore] = [performance.now(), await gateway.cpuSeconds()];
      let events = 0;
      let next = 0;
      const worker = async () => {
        while (performance.now() < started + seconds * 1_000) {
          const accepted = await post(client, bodies[next++ % bodies.length]);
          events += accepted;
        }
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
      const cpuSeconds = (await gateway.cpuSeconds()) - cpuBefore;
      return { events, seconds: (performance.now() - started) / 1_000, cpuSeconds };
    },
    async stop() {
      await client.close();
      await gateway.stop();
    },
  };
}

async function isReady(client) {
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path: '/health/ready' });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

async function post(client, body) {
  const path = `/v1/datasets/${dataset}/events`;
  const answer = await client.request({ method: 'POST', path, headers: { 'content-type': 'application/json' }, body });
  const result = await answer.body.json();
  // The broker was too slow: nothing is promised, and the department sends again.
  if (answer.statusCode === 503) return 0;
  if (answer.statusCode !== 202 || result.rejected.length > 0)
    throw new Error(`${answer.statusCode}: ${JSON.stringify(result).slice(0, 300)}`);
  return result.accepted;
}

/** JSON arrays of `batch` events as a department's system would send them. */
function requestBodies(batch) {
  const all = [...personEvents({ datasets, people, among: [dataset] })];
  const events = all.map(({ event }) => ({
    ...{ eventId: event.event_id, verb: event.verb, reason: event.reason, sourceRecordId: event.source_record_id },
    ...{ sourceVersion: event.source_version, validFrom: event.valid_from, validTo: event.valid_to },
    recordedAt: new Date(event.recorded_at).toISOString(),
    data: event.data,
  }));
  return Array.from({ length: Math.floor(events.length / batch) }, (_, at) =>
    Buffer.from(JSON.stringify(events.slice(at * batch, (at + 1) * batch))),
  );
}

if (import.meta.main) await runAlone(gateway);
