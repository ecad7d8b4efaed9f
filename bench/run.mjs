// Measures the sync service on real parts: events/s of an initial load, then publish to visible at steady rates.
// Beside it, in the same run and in turn, one dataset by us with every guard on and by Kafka Connect as a plain upsert; for the
// time to visible by Benthos too, where Go is there to build it.
// Usage: npm run bench [-- --events 500000 --rates 200,2000 --seconds 30 --warm-up 20 --rounds 2 --peer-people 150000].
// `--rounds 0` leaves the peer out. Writes bench/results/<date>.{json,md}.
import { cpus, totalmem } from 'node:os';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { datasets, toMessage } from '@huitong/change-event';
import { freshPopulation, publishAll, residentMb, startBenchStack, startSync } from './stack.mjs';
import { rounded } from './alone.mjs';
import { committedAtSql, publishSteadily, visibleAfter } from './latency.mjs';
import { measurePeerLatency, measureSameWork } from './same-work.mjs';
import { personEvents } from './synthetic-events.mjs';

const { values: settings } = parseArgs({
  options: {
    events: { type: 'string', default: '500000' },
    rates: { type: 'string', default: '200,2000' },
    seconds: { type: 'string', default: '30' },
    'warm-up': { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    'peer-people': { type: 'string', default: '150000' },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    'npm run bench -- [--events 500000] [--rates 200,2000] [--seconds 30] [--warm-up 20] [--rounds 2] [--peer-people 150000]',
  );
  process.exit(0);
}
const people = Math.ceil(Number(settings.events) / 3);
const stack = await startBenchStack();
const results = { at: new Date().toISOString(), machine: machine(), settings };
try {
  const population = await freshPopulation(stack);
  const published = await publishAll(stack, population.codec, personEvents({ datasets, people }));
  console.log(`published ${published} events of ${people} synthetic persons`);
  const sync = await startSync(stack, population.url);
  results.load = await measureLoad(population, published);
  console.log('initial load', results.load);
  results.latency = [];
  // A broker whose code is not compiled yet takes a whole core at 2,000 events/s; nobody runs one for seconds only.
  let version = 2;
  await measureLatency(population, { rate: 2_000, seconds: Number(settings['warm-up']), version: version++ });
  for (const rate of settings.rates.split(',').map(Number)) {
    const measured = await measureLatency(population, { rate, seconds: Number(settings.seconds), version: version++ });
    results.latency.push(measured);
    console.log('publish to visible', measured);
  }
  results.memoryMb = await residentMb(sync.child.pid);
  await sync.stop();
  await population.database.end();
  await population.admin.disconnect();
} finally {
  await stack.stop();
}
if (Number(settings.rounds) > 0) await measurePeers();
await report();

/** In a stack of its own: the same persons in topics that hold them already would be conflicts. */
async function measurePeers() {
  const fresh = await startBenchStack();
  try {
    const [people, rounds] = [Number(settings['peer-people']), Number(settings.rounds)];
    results.sameWork = await measureSameWork(fresh, { people, rounds });
    const rates = settings.rates.split(',').map(Number);
    const [seconds, warmUp] = [Number(settings.seconds), Number(settings['warm-up'])];
    const shared = { rates, seconds, warmUp, people: Math.max(...rates) * seconds };
    results.peerLatency = await measurePeerLatency(fresh, shared);
  } finally {
    await fresh.stop();
  }
}

async function applied(database) {
  const { rows } = await database.query(
    'select coalesce(sum(o.value::bigint), 0)::bigint as count from lane, jsonb_each_text(next_offsets) o',
  );
  return rows[0].count;
}

/** From the first event seen applied to the last: start-up is not part of the rate. */
async function measureLoad({ database }, total) {
  let first;
  for (;;) {
    const count = await applied(database);
    if (count > 0) first ??= { count, at: performance.now() };
    if (count >= total) {
      const seconds = (performance.now() - first.at) / 1_000;
      await relayedAll(database);
      const relayedSeconds = (performance.now() - first.at) / 1_000;
      const rate = (taken) => Math.round((total - first.count) / taken);
      return {
        events: total,
        seconds: rounded(seconds),
        eventsPerSecond: rate(seconds),
        relayedSeconds: rounded(relayedSeconds),
        relayedEventsPerSecond: rate(relayedSeconds),
      };
    }
    await sleep(100);
  }
}

/** Until every change is on its topic too: what is still to be relayed would disturb what is measured next. */
async function relayedAll(database) {
  for (;;) {
    const { rows } = await database.query(
      `select count(*) as behind from lane l where (select coalesce(max(h.id), 0) from population_history h where h.lane = l.lane)
         > coalesce((select r.history_id from relay r where r.lane = l.lane), 0)`,
    );
    if (rows[0].behind === 0) return;
    await sleep(100);
  }
}

/** Corrections of persons that are there, at a steady rate; visible is when PostgreSQL says that it committed. */
async function measureLatency({ database, codec }, { rate, seconds, version }) {
  const items = [...personEvents({ datasets, people: Math.min(people, Math.ceil((rate * seconds) / 3)), version })];
  const sentAt = await publishSteadily(stack.parts.kafkaBrokers, items, {
    rate,
    messageOf: (item) => ({
      topic: datasets[item.dataset].topic,
      key: item.event.event_id,
      message: toMessage({ ...item, codec, source: '/bench' }),
    }),
  });
  return visibleAfter(sentAt, {
    rate,
    committed: async (ids) => {
      const { rows } = await database.query(
        `select event_id as key, ${committedAtSql} as at from event_log where event_id = any($1)`,
        [ids],
      );
      return rows;
    },
  });
}

function machine() {
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

async function report() {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const name = join(folder, results.at.slice(0, 10));
  await writeFile(`${name}.json`, `${JSON.stringify(results, null, 2)}\n`);
  const latencies = [...results.latency, ...(results.peerLatency ?? [])];
  const rows = latencies.map(
    ({ who = 'ours', eventsPerSecond, p50Ms, p95Ms, p99Ms, maxMs }) =>
      `| ${who} | ${eventsPerSecond} | ${p50Ms} | ${p95Ms} | ${p99Ms} | ${maxMs} |`,
  );
  await writeFile(
    `${name}.md`,
    `# ${results.at.slice(0, 10)}: sync service, population, everything on

${results.machine.cpus} cores (${results.machine.model}), ${results.machine.memoryGb} GB, Node ${results.machine.node};
Kafka, PostgreSQL, registry, publisher and the service on the same cores.

Initial load: ${results.load.events} events of three datasets in ${results.load.seconds} s: **${results.load.eventsPerSecond} events/s**
applied (facts, record, history, event log, offsets), with the relay of all changes at work beside it and done at
**${results.load.relayedEventsPerSecond} events/s**. Memory of the service: ${results.memoryMb} MB.

Publish to visible, corrections of existing subjects, ${settings.seconds} s each after a warm-up of ${settings['warm-up']} s, milliseconds:

| who | events/s | p50 | p95 | p99 | max |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The peers upsert one plain table: "peer" is the one below, "benthos" Benthos 4.27.0 with \`sql_insert\`.
${results.sameWork ? sameWorkText(results) : ''}`,
  );
  console.log(`written: ${name}.md`);
}

function sameWorkText({ sameWork: { peer, people, runs, summary }, load }) {
  const rows = summary.map(
    ({ work, facts, factsRatio, record, recordRatio, peer: theirs }) =>
      `| ${work} | ${theirs} | ${facts} | ${factsRatio} | ${record} | ${recordRatio} |`,
  );
  const full = Math.round((load.eventsPerSecond / summary[0].peer) * 100) / 100;
  const tasks = [...new Set(runs.map((run) => run.tasks))].join(' and ');
  const memory = (side) => Math.max(...runs.map((run) => run[side].memoryMb));
  return `
One dataset, ${people} events for the load and as many corrections, events/s, the best of ${runs.length / 2} rounds in turn. "One table" keeps the
dataset's newest versions with a version guard, past versions, event log and offsets with fencing; "with record" derives the
subject's record and its history too; the peer upserts one plain table. Peer: ${peer}, tasks: ${tasks}.

| work | peer | one table | ratio | with record | ratio |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The load of three datasets with everything on (above) against the peer's load: ${load.eventsPerSecond} to ${summary[0].peer}, ${full} times.
Memory under this load: one table ${memory('facts')} MB, with record ${memory('record')} MB, the peer ${memory('peer')} MB.
`;
}
