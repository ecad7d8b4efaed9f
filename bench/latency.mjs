// Publish to visible: events at a steady rate, and how long each took from the publisher to the commit that makes it visible. By us with
// everything on and by the peers as a plain upsert, the same events of one dataset, in turn; by us for three datasets too.
import { createPublisher, createTopicAdmin } from '@huitong/event-stream';
import { datasets, defaultPartitions, toMessage } from '@huitong/change-event';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, rounded } from './alone.mjs';
import { oneDataset } from './one-dataset-plan.mjs';
import { benthosFile, startBenthos } from './peers/benthos.mjs';
import { startConnect } from './peers/connect.mjs';
import { flatMessages, tableSql } from './peers/flat-events.mjs';
import { createDatabase, freshPopulation, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

const { dataset } = oneDataset.factTables[0];

/** SQL: when the row's last writer committed, epoch milliseconds. */
export const committedAtSql = 'extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000';

/** Subjects come at this rate before anything is measured. */
const loadRate = 5_000;

/**
 * The time from publish to visible of each side at each of `rates`, events a second: in `rounds` of `seconds`, one side after the other,
 * corrections of subjects that are there. Of each share of the events the median of all rounds is answered. Before, each side takes its
 * subjects, and `warmUp` seconds at the highest rate: a broker whose code is not compiled yet takes a whole core at 2,000 events/s, and
 * nobody runs one for seconds only. All sides run all the time, so each waits for the others' looks at Kafka; `peers` says whether there are any but us.
 */
export async function measureLatency(stack, { rates, seconds, warmUp, rounds, peers }) {
  const sides = [...(await ourSides(stack)), ...(peers ? await peerSides(stack) : [])];
  const most = Math.max(...rates);
  let version = 0;
  const run = (side, rate, lasting) => {
    version += 1;
    return timesOf(stack, side, { rate, people: Math.ceil((rate * lasting) / side.factsOfPerson), version });
  };
  const seen = [];
  try {
    for (const side of sides) {
      if (side.takes) await run(side, loadRate, (most * seconds * side.factsOfPerson) / loadRate);
      await run(side, most, Math.min(seconds, warmUp));
    }
    for (let round = 0; round < rounds; round += 1)
      for (const rate of rates)
        for (const side of sides) {
          seen.push({ who: side.who, round, eventsPerSecond: rate, ...(await run(side, rate, seconds)) });
          console.log('publish to visible', seen.at(-1));
        }
  } finally {
    for (const side of sides) await side.stop();
  }
  const of = (who, rate) => seen.filter((one) => one.who === who && one.eventsPerSecond === rate);
  return {
    latency: sides.flatMap(({ who }) =>
      rates.map((rate) => ({ who, eventsPerSecond: rate, ...middle(of(who, rate)) })),
    ),
    latencyRounds: seen,
  };
}

/** The median of several rounds, share by share. */
function middle(rounds) {
  const median = (share) => {
    const sorted = rounds.map((round) => round[share]).sort((one, other) => one - other);
    return rounded((sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2);
  };
  return { p50Ms: median('p50Ms'), p95Ms: median('p95Ms'), p99Ms: median('p99Ms'), maxMs: median('maxMs') };
}

/** One service, with one dataset's events and with those of three. */
async function ourSides(stack) {
  const { url, database, admin, codec } = await freshPopulation(stack);
  const service = await startSync(stack, url);
  const all = {
    factsOfPerson: 3,
    takes: true,
    child: service.child,
    itemsOf: (people, version) => [...personEvents({ datasets, people, version })],
    messageOf: (item) => ({
      topic: datasets[item.dataset].topic,
      key: item.event.event_id,
      message: toMessage({ ...item, codec, source: '/bench' }),
    }),
    async committed(ids, { began }) {
      const { rows } = await database.query(
        `select e.id as key, ${committedAtSql} as at from applied_chunk c, unnest(c.event_ids) as e(id)
         where c.applied_at >= $2 and e.id = any($1::uuid[])`,
        [ids, began],
      );
      return rows;
    },
    async stop() {
      await service.stop();
      await database.end();
      await admin.disconnect();
    },
  };
  const one = { factsOfPerson: 1, itemsOf: itemsOfOne, takes: false, stop: () => {} };
  return [
    { ...all, who: 'ours, three datasets' },
    { ...all, ...one, who: 'ours' },
  ];
}

const itemsOfOne = (people, version) => [...personEvents({ datasets, people, version, among: [dataset] })];

async function peerSides(stack) {
  const benthos = await benthosFile();
  if (!benthos) console.log('Benthos is left out: there is no Go to build it with');
  return [
    await peerSide(stack, 'peer', (sink) => startConnect(stack, { ...sink, tasks: 1, columnsFixed: true })),
    ...(benthos ? [await peerSide(stack, 'benthos', (sink) => startBenthos(benthos, stack, sink))] : []),
  ];
}

async function peerSide(stack, who, start) {
  const topic = `${who}.latency`;
  const admin = createTopicAdmin({ brokers: stack.parts.kafkaBrokers.split(','), clientId: 'bench' });
  await admin.ensureTopics([{ topic, partitions: defaultPartitions }]);
  await admin.disconnect();
  const flat = await flatMessages(stack, topic);
  const table = `${who}_latency`;
  const { url, database } = await createDatabase(stack.parts, table);
  await database.query(tableSql(table));
  const { child, stop } = await start({ topic, table, databaseUrl: url });
  return {
    ...{ who, factsOfPerson: 1, takes: true, child, itemsOf: itemsOfOne },
    messageOf: (item) => ({ topic, key: item.subjectId, message: flat(item) }),
    async committed(ids, { version }) {
      const { rows } = await database.query(
        `select citizen_id as key, ${committedAtSql} as at from ${table} where citizen_id = any($1) and version = $2`,
        [ids, version],
      );
      return rows;
    },
    async stop() {
      await stop();
      await database.end();
    },
  };
}

/** Publishes a version of so many persons at a rate, and waits until all of it is visible; answers how long that took. */
async function timesOf(stack, { child, itemsOf, messageOf, committed }, { rate, people, version }) {
  const began = new Date();
  const sentAt = await publishSteadily(stack.parts.kafkaBrokers, itemsOf(people, version), { rate, messageOf });
  const keys = [...sentAt.keys()];
  for (;;) {
    const rows = await committed(keys, { began, version });
    if (rows.length >= keys.length) return sharesOf(rows.map(({ key, at }) => Number(at) - sentAt.get(key)));
    if (child.exitCode !== null) throw new Error('the process under measurement has ended, see its log');
    await sleep(500);
  }
}

function sharesOf(ms) {
  const share = (part) => rounded(quantile(ms, part));
  return { events: ms.length, p50Ms: share(0.5), p95Ms: share(0.95), p99Ms: share(0.99), maxMs: share(1) };
}

/**
 * Publishes `items` at `rate` a second, in steps of 5 ms; `messageOf` answers topic, message and the key under which its
 * commit is looked up. Answers when each key was handed to the publisher, epoch milliseconds.
 */
async function publishSteadily(brokers, items, { rate, messageOf }) {
  const publisher = await createPublisher({ brokers: brokers.split(','), clientId: 'bench' });
  const sentAt = new Map();
  const inFlight = [];
  const started = performance.now();
  for (let next = 0; next < items.length;) {
    const due = Math.min(items.length, Math.floor(((performance.now() - started) / 1_000) * rate));
    const now = performance.timeOrigin + performance.now();
    const made = items.slice(next, due).map(messageOf);
    for (const { key } of made) sentAt.set(key, now);
    for (const [topic, list] of Map.groupBy(made, ({ topic }) => topic)) {
      const messages = list.map(({ message }) => message);
      inFlight.push(publisher.publish(topic, messages));
    }
    next = Math.max(next, due);
    await sleep(5);
  }
  await Promise.all(inFlight);
  await publisher.disconnect();
  return sentAt;
}
