// One dataset into PostgreSQL, by us with every guard on and by the peer as a plain upsert, in turn; then the same as updates.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, defaultPartitions, EventCodec, SchemaRegistry, toMessage } from '@huitong/change-event';
import { createPublisher, createTopicAdmin } from '@huitong/event-stream';
import { createLanes, createTablesSql } from '@huitong/subject-engine';
import { oneDataset } from './one-dataset-plan.mjs';
import { committedAtSql } from './latency.mjs';
import { startConnect, version as peerVersion } from './peers/connect.mjs';
import { flatMessages, tableSql } from './peers/flat-events.mjs';
import { createDatabase, residentMb } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

const { dataset, topic } = oneDataset.factTables[0];
const peerTopic = 'peer.household';

/** Who is measured: we with the dataset's table alone, we with the record as well, and the peer. */
const sides = ['facts', 'record', 'peer'];

/** Who the peer is, and the best of each side's rounds. */
export const sameWorkOf = (runs, people) => ({
  ...{ peer: peerVersion, people, runs },
  summary: ['load', 'update'].map((work) => summaryOf(runs, work)),
});

/**
 * Events/s of each side, for the load of `people` persons and for a correction of each, in turn; the peer has one task in even rounds and
 * two in odd ones. Each round wants a stack of its own: from topics that hold the corrections already, a load would apply these too.
 */
export async function measureRound(stack, { people, round }) {
  const publish = await publisherOf(stack);
  const runs = [];
  const tasks = 1 + (round % 2);
  const made = {};
  for (const side of sides)
    made[side] = await (side === 'peer' ? peerSide : ourSide)(stack, { people, form: side, tasks });
  for (const [version, work] of [
    [1, 'load'],
    [2, 'update'],
  ]) {
    await publish(people, version);
    const run = { work, round, tasks };
    for (const side of sides) run[side] = await made[side].run(version);
    runs.push(run);
    console.log(JSON.stringify(run));
  }
  for (const side of sides) await made[side].end();
  return runs;
}

/** The best of each side's rounds, and how many times as fast as the peer we are. */
function summaryOf(runs, work) {
  const mine = runs.filter((run) => run.work === work);
  const best = (side) => Math.max(...mine.map((run) => run[side].eventsPerSecond));
  const ratio = (side) => Math.round((best(side) / best('peer')) * 100) / 100;
  return {
    ...{ work, facts: best('facts'), record: best('record'), peer: best('peer') },
    ...{ factsRatio: ratio('facts'), recordRatio: ratio('record') },
  };
}

async function publisherOf({ parts }) {
  const brokers = parts.kafkaBrokers.split(',');
  const admin = createTopicAdmin({ brokers, clientId: 'bench' });
  await admin.ensureTopics([topic, peerTopic].map((name) => ({ topic: name, partitions: defaultPartitions })));
  await admin.disconnect();
  const codec = await EventCodec.connect(new SchemaRegistry(parts.registryUrl), [dataset]);
  const flat = await flatMessages({ parts }, peerTopic);
  return async (people, version) => {
    const publisher = await createPublisher({ brokers, clientId: 'bench', sendTimeoutMs: 60_000 });
    const batches = { [topic]: [], [peerTopic]: [] };
    const flush = async (least) => {
      for (const [name, messages] of Object.entries(batches))
        if (messages.length >= least) await publisher.publish(name, messages.splice(0));
    };
    for (const each of personEvents({ datasets, people, version, among: [dataset] })) {
      batches[topic].push(toMessage({ ...each, codec, source: '/bench' }));
      batches[peerTopic].push(flat(each));
      await flush(2_000);
    }
    await flush(1);
    await publisher.disconnect();
  };
}

/**
 * Waits until `total` rows of a table have the version, and answers rows/s by PostgreSQL's own commit times, from the first commit
 * to the last: a start is no part of it, and neither is how often somebody looks. Counting reads the table, so it is done seldom.
 */
async function rateOf(database, { table, version }, total, alive) {
  const where = `from ${table.name} where ${table.version} >= $1`;
  for (;;) {
    const { rows } = await database.query(`select count(*)::int as seen ${where}`, [version]);
    if (rows[0].seen >= total) break;
    if (!alive()) throw new Error('the process under measurement has ended, see its log');
    await sleep(1_000);
  }
  const { rows } = await database.query(
    `select ${committedAtSql} as at, count(*)::int as count ${where} group by 1 order by 1`,
    [version],
  );
  const [first, ...later] = rows;
  const count = later.reduce((sum, commit) => sum + commit.count, 0);
  return Math.round(count / ((Number(later.at(-1).at) - Number(first.at)) / 1_000));
}

async function ourSide({ home, parts }, { people, form }) {
  const name = `ours_${form}`;
  const { url, database } = await createDatabase(parts, name);
  await database.query(createTablesSql(oneDataset));
  await createLanes(database, defaultPartitions);
  const table = { name: oneDataset.factTables[0].table, version: 'source_version' };
  return {
    async run(version) {
      const script = join(import.meta.dirname, 'one-dataset.mjs');
      const child = spawn(process.execPath, [script, url, parts.kafkaBrokers, parts.registryUrl, form], {
        env: { ...process.env, HUITONG_HOME: home },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const eventsPerSecond = await rateOf(database, { table, version }, people, () => child.exitCode === null);
      const memoryMb = await residentMb(child.pid);
      child.kill('SIGTERM');
      await ended;
      return { eventsPerSecond, memoryMb };
    },
    end: () => database.end(),
  };
}

async function peerSide(stack, { people, tasks }) {
  const name = 'peer';
  const { url, database } = await createDatabase(stack.parts, name);
  await database.query(tableSql(name));
  const table = { name, version: 'version' };
  return {
    async run(version) {
      const peer = await startConnect(stack, {
        topic: peerTopic,
        table: name,
        databaseUrl: url,
        tasks,
        columnsFixed: true,
      });
      const eventsPerSecond = await rateOf(database, { table, version }, people, () => peer.child.exitCode === null);
      const memoryMb = await residentMb(peer.child.pid);
      await peer.stop();
      return { eventsPerSecond, memoryMb };
    },
    end: () => database.end(),
  };
}
