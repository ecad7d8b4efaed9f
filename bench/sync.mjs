// The sync service on real parts: events/s of an initial load, then publish to visible at steady rates. Beside it, in the same
// run and in turn, one dataset by us with every guard on and by Kafka Connect as a plain upsert; for the time to visible by
// Benthos too, where Go is there to build it. Usage: npm run bench [-- --events 500000 --seconds 10 --warm-up 10 --rounds 4
// --peer-people 150000]; `--rounds 0` leaves the peers out.
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets } from '@huitong/change-event';
import { rounded, runAlone } from './alone.mjs';
import { measureLatency } from './latency.mjs';
import { measureRound, sameWorkOf } from './same-work.mjs';
import { freshPopulation, publishAll, relayedAll, residentMb, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

const sync = {
  name: 'sync',
  title: 'sync service, population, everything on',
  defaults: { events: 500_000, seconds: 10, 'warm-up': 10, rounds: 4, 'peer-people': 150_000 },
  measure,
  text,
};

const factsOfPerson = 3;

/** Events/s at which publish to visible is measured. */
const rates = [200, 2_000];

// Each in a stack of its own: the same persons in topics that hold them already would be conflicts, and what is visible how soon is
// measured on a broker and a database that did nothing else before.
async function measure({ events, seconds, 'warm-up': warmUp, rounds, 'peer-people': people }) {
  const peers = rounds > 0;
  const loads = [];
  const runs = [];
  for (let round = 0; round < (rounds || 1); round += 1) {
    loads.push(await withStack((stack) => measureLoad(stack, events)));
    if (peers) runs.push(...(await withStack((stack) => measureRound(stack, { people, round }))));
  }
  return {
    loads,
    ...(await withStack((stack) => measureLatency(stack, { rates, seconds, warmUp, rounds: rounds || 1, peers }))),
    ...(peers && { sameWork: sameWorkOf(runs, people) }),
  };
}

async function withStack(work) {
  const stack = await startBenchStack();
  try {
    return await work(stack);
  } finally {
    await stack.stop();
  }
}

async function measureLoad(stack, events) {
  const population = await freshPopulation(stack);
  const people = Math.ceil(events / factsOfPerson);
  const published = await publishAll(stack, population.codec, personEvents({ datasets, people }));
  console.log(`published ${published} events of ${people} synthetic persons`);
  const service = await startSync(stack, population.url);
  const load = await rateOf(population, published);
  console.log('initial load', load);
  const memoryMb = await residentMb(service.child.pid);
  await service.stop();
  await population.database.end();
  await population.admin.disconnect();
  return { ...load, memoryMb };
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

/** The section of the report. */
function text({ loads, latency, latencyRounds, sameWork }) {
  const rows = latency.map(
    ({ who, eventsPerSecond, p50Ms, p95Ms, p99Ms, maxMs }) =>
      `| ${who} | ${eventsPerSecond} | ${p50Ms} | ${p95Ms} | ${p99Ms} | ${maxMs} |`,
  );
  const load = loads.reduce((best, one) => (one.eventsPerSecond > best.eventsPerSecond ? one : best));
  const memoryMb = Math.max(...loads.map((one) => one.memoryMb));
  return `
Initial load: ${load.events} events of three datasets in ${load.seconds} s, the best of ${loads.length} rounds: **${load.eventsPerSecond} events/s**
applied (facts, record, history, event log, offsets), with the relay of all changes at work beside it and done at
**${load.relayedEventsPerSecond} events/s**. Memory of the service: ${memoryMb} MB at most.

Publish to visible, milliseconds: corrections of existing subjects of one dataset at a steady rate, each side in turn, the median of ${latencyRounds.at(-1).round + 1}
rounds. We derive the subject's record, its history and the changes that are published; the peers upsert one plain table: "peer" is
the one below, "benthos" Benthos 4.27.0 with \`sql_insert\`. "Ours, three datasets" has as many events, of three topics.

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
