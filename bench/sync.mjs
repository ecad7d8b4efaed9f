// The sync service on real parts: events/s of an initial load, then publish to visible at steady rates. Beside it, in the same
// run and in turn, one dataset by us with every guard on and by Kafka Connect as a plain upsert; for the time to visible by
// Benthos too, where Go is there to build it. Usage: npm run bench [-- --events 500000 --seconds 30 --warm-up 20 --rounds 4
// --peer-people 150000]; `--rounds 0` leaves the peers out.
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, toMessage } from '@huitong/change-event';
import { rounded, runAlone } from './alone.mjs';
import { committedAtSql, publishSteadily, visibleAfter } from './latency.mjs';
import { measurePeerLatency, measureSameWork } from './same-work.mjs';
import { freshPopulation, publishAll, relayedAll, residentMb, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

const sync = {
  name: 'sync',
  title: 'sync service, population, everything on',
  defaults: { events: 500_000, seconds: 30, 'warm-up': 20, rounds: 4, 'peer-people': 150_000 },
  measure,
  text,
};

const factsOfPerson = 3;

/** Events/s at which publish to visible is measured. */
const rates = [200, 2_000];

async function measure(settings) {
  // Each in a stack of its own: the same persons in topics that hold them already would be conflicts, and what is visible how soon
  // is measured of everyone on a broker and a database that did nothing else before.
  const ours = {
    ...(await withStack((stack) => measureLoad(stack, settings))),
    latency: await withStack((stack) => measureLatency(stack, settings)),
  };
  return settings.rounds > 0 ? { ...ours, ...(await measurePeers(settings)) } : ours;
}

async function withStack(work) {
  const stack = await startBenchStack();
  try {
    return await work(stack);
  } finally {
    await stack.stop();
  }
}

async function measureLoad(stack, { events }) {
  const population = await freshPopulation(stack);
  const people = Math.ceil(events / factsOfPerson);
  const published = await publishAll(stack, population.codec, personEvents({ datasets, people }));
  console.log(`published ${published} events of ${people} synthetic persons`);
  const service = await startSync(stack, population.url);
  const load = await rateOf(population, published);
  console.log('initial load', load);
  const memoryMb = await residentMb(service.child.pid);
  await stopped(service, population);
  return { load, memoryMb };
}

/** The peers' course: events of persons who are new, a warm-up at the highest rate, then corrections at each. */
async function measureLatency(stack, { seconds, 'warm-up': warmUp }) {
  const population = await freshPopulation(stack);
  const service = await startSync(stack, population.url);
  const most = Math.max(...rates);
  let version = 1;
  const at = (rate, lasting) =>
    latencyAt(stack, population, {
      rate,
      people: (Math.min(rate, most) * lasting) / factsOfPerson,
      version: version++,
    });
  await at(5_000, seconds);
  // A broker whose code is not compiled yet takes a whole core at 2,000 events/s; nobody runs one for seconds only.
  await at(most, Math.min(warmUp, seconds));
  const latency = [];
  for (const rate of rates) {
    latency.push({ who: 'ours', ...(await at(rate, seconds)) });
    console.log('publish to visible', latency.at(-1));
  }
  await stopped(service, population);
  return latency;
}

async function stopped(service, { database, admin }) {
  await service.stop();
  await database.end();
  await admin.disconnect();
}

async function measurePeers({ 'peer-people': people, rounds, seconds, 'warm-up': warmUp }) {
  const sameWork = await measureSameWork(withStack, { people, rounds });
  const shared = { rates, seconds, warmUp, people: Math.max(...rates) * seconds };
  return { sameWork, peerLatency: await withStack((stack) => measurePeerLatency(stack, shared)) };
}

async function applied(database) {
  const { rows } = await database.query(
    'select coalesce(sum(o.value::bigint), 0)::bigint as count from lane, jsonb_each_text(next_offsets) o',
  );
  return rows[0].count;
}

/** From the first event seen applied to the last: start-up is not part of the rate. */
async function rateOf({ database }, total) {
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

/** Corrections of persons that are there, at a steady rate; visible is when PostgreSQL says that it committed. */
async function latencyAt(stack, { database, codec }, { rate, people, version }) {
  const items = [...personEvents({ datasets, people, version })];
  const began = new Date();
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
        `select e.id as key, ${committedAtSql} as at from applied_chunk c, unnest(c.event_ids) as e(id)
         where c.applied_at >= $2 and e.id = any($1::uuid[])`,
        [ids, began],
      );
      return rows;
    },
  });
}

/** The section of the report. */
function text({ load, latency, memoryMb, sameWork, peerLatency = [] }) {
  const rows = [...latency, ...peerLatency].map(
    ({ who, eventsPerSecond, p50Ms, p95Ms, p99Ms, maxMs }) =>
      `| ${who} | ${eventsPerSecond} | ${p50Ms} | ${p95Ms} | ${p99Ms} | ${maxMs} |`,
  );
  return `
Initial load: ${load.events} events of three datasets in ${load.seconds} s: **${load.eventsPerSecond} events/s**
applied (facts, record, history, event log, offsets), with the relay of all changes at work beside it and done at
**${load.relayedEventsPerSecond} events/s**. Memory of the service: ${memoryMb} MB.

Publish to visible, corrections of existing subjects at a steady rate after a warm-up, milliseconds. The peers upsert one plain
table: "peer" is the one below, "benthos" Benthos 4.27.0 with \`sql_insert\`.

| who | events/s | p50 | p95 | p99 | max |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
${sameWork ? sameWorkText({ sameWork, load }) : ''}`;
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

if (import.meta.main) await runAlone(sync);
