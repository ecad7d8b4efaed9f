// One dataset into PostgreSQL, by us with every guard on and by the peer as a plain upsert, in turn; then the same as updates.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, defaultPartitions, EventCodec, SchemaRegistry, toMessage } from '@huitong/change-event';
import { createPublisher, createTopicAdmin } from '@huitong/event-stream';
import { createLanes, createTablesSql } from '@huitong/subject-engine';
import { oneDataset } from './one-dataset-plan.mjs';
import { startConnect, version as peerVersion } from './peers/connect.mjs';
import { flatMessages, tableSql } from './peers/flat-events.mjs';
import { createDatabase, residentMb } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

const { dataset, topic } = oneDataset.factTables[0];
const peerTopic = 'peer.household';

/** Events/s of both, for the load of `people` persons and for a correction of each; the best of the rounds. */
export async function measureSameWork(stack, { people, rounds }) {
  const publish = await publisherOf(stack);
  const runs = [];
  await publish(people, 1);
  for (let round = 0; round < rounds; round += 1) {
    // The broker keeps what earlier rounds published, so each round reads all of it and the last version counts.
    const ours = await ourSide(stack, { people, name: `ours_${round}` });
    const peer = await peerSide(stack, { people, name: `peer_${round}`, tasks: 1 + (round % 2) });
    runs.push({ work: 'load', round, ours: await ours.run(1), peer: await peer.run(1), tasks: peer.tasks });
    if (round === 0) await publish(people, 2);
    runs.push({ work: 'update', round, ours: await ours.run(2), peer: await peer.run(2), tasks: peer.tasks });
    await ours.end();
    await peer.end();
    console.log(runs.at(-2), runs.at(-1));
  }
  return { peer: peerVersion, people, runs, summary: ['load', 'update'].map((work) => summaryOf(runs, work)) };
}

function summaryOf(runs, work) {
  const mine = runs.filter((run) => run.work === work);
  const best = (side) => Math.max(...mine.map((run) => run[side].eventsPerSecond));
  return { work, ours: best('ours'), peer: best('peer'), ratio: Math.round((best('ours') / best('peer')) * 100) / 100 };
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
    for (const each of personEvents({ datasets, people, version })) {
      if (each.dataset !== dataset) continue;
      batches[topic].push(toMessage({ ...each, codec, source: '/bench' }));
      batches[peerTopic].push(flat(each));
      await flush(2_000);
    }
    await flush(1);
    await publisher.disconnect();
  };
}

/** Polls until `count` reaches `total`; the rate is from the first poll that saw any, so that a start is not part of it. */
async function rateOf(count, total, alive) {
  let first;
  for (;;) {
    const seen = await count();
    if (seen > 0) first ??= { seen, at: performance.now() };
    if (seen >= total) return Math.round((total - first.seen) / ((performance.now() - first.at) / 1_000));
    if (!alive()) throw new Error('the process under measurement has ended, see its log');
    await sleep(200);
  }
}

async function ourSide({ home, parts }, { people, name }) {
  const { url, database } = await createDatabase(parts, name);
  await database.query(createTablesSql(oneDataset));
  await createLanes(database, defaultPartitions);
  const count = (version) => async () => {
    const { rows } = await database.query(
      `select count(*) as seen from ${oneDataset.factTables[0].table} where source_version >= $1`,
      [version],
    );
    return rows[0].seen;
  };
  return {
    async run(version) {
      const script = join(import.meta.dirname, 'one-dataset.mjs');
      const child = spawn(process.execPath, [script, url, parts.kafkaBrokers, parts.registryUrl], {
        env: { ...process.env, HUITONG_HOME: home },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const eventsPerSecond = await rateOf(count(version), people, () => child.exitCode === null);
      const memoryMb = await residentMb(child.pid);
      child.kill('SIGTERM');
      await ended;
      return { eventsPerSecond, memoryMb };
    },
    end: () => database.end(),
  };
}

async function peerSide(stack, { people, name, tasks }) {
  const { url, database } = await createDatabase(stack.parts, name);
  await database.query(tableSql(name));
  const count = (version) => async () => {
    const { rows } = await database.query(`select count(*) as seen from ${name} where version >= $1`, [version]);
    return rows[0].seen;
  };
  return {
    tasks,
    async run(version) {
      const peer = await startConnect(stack, {
        topic: peerTopic,
        table: name,
        databaseUrl: url,
        tasks,
        columnsFixed: true,
      });
      const eventsPerSecond = await rateOf(count(version), people, () => peer.child.exitCode === null);
      const memoryMb = await residentMb(peer.child.pid);
      await peer.stop();
      return { eventsPerSecond, memoryMb };
    },
    end: () => database.end(),
  };
}
