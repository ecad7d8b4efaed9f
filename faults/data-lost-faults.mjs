import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { controlTypes, datasets, defaultPartitions, toControlMessage } from '@huitong/change-event';
import { createPublisher, createTopicAdmin } from '@huitong/event-stream';
import kafkajs from 'kafkajs';

const dataset = 'psb.vehicle';
const { topic } = datasets[dataset];
const sayWithinMs = 60_000;

async function positions(city) {
  const { rows } = await city
    .database('population')
    .query('select lane, (next_offsets ->> $1)::bigint as next from lane order by lane', [topic]);
  return rows.map(({ next }) => next ?? 0);
}

/** A city that has just come up has nothing to lose yet: until each lane has applied some messages of the topic. */
async function untilThereIsSomeToLose(city) {
  for (const sinceMs = Date.now(); Date.now() - sinceMs < sayWithinMs; await sleep(500))
    if ((await positions(city)).every((next) => next > 5)) return;
  throw new Error('the lanes have applied nothing that could be lost');
}

const whileStopped = (city, work) => city.whileDown('population-sync', 'SIGKILL', work);

/** Throws unless the service's log and `huitong lag` say DATA_LOST in time, and no position moved meanwhile. */
async function mustSayLost(city, lines, lanes, before) {
  const sinceMs = Date.now();
  let logged = false;
  let verdict;
  while (Date.now() - sinceMs < sayWithinMs && !(logged && verdict === 'DATA_LOST')) {
    await sleep(1_000);
    const said = (await city.logOf('population-sync')).slice(lines).some((line) => line.includes('DATA_LOST'));
    // From then on nothing may move; what was fetched from the old log before is applied rightly.
    if (said && !logged) before ??= await positions(city);
    logged = said;
    const { output } = await city.huitong('lag', '--json');
    const rows = output.startsWith('{') ? JSON.parse(output).lag : [];
    verdict = rows.find((row) => row.dataset === dataset && row.subjectDatabase === 'population')?.verdict;
  }
  await sleep(8_000);
  const after = await positions(city);
  const moved = lanes.filter((lane) => after[lane] !== before?.[lane]);
  const wrong = [
    ...(logged ? [] : ['the log does not say DATA_LOST']),
    ...(verdict === 'DATA_LOST' ? [] : [`huitong lag says ${verdict}`]),
    ...(moved.length > 0 ? [`${moved.length} of ${lanes.length} lanes went on`] : []),
  ];
  if (wrong.length > 0) throw new Error(wrong.join(', '));
  return `${lanes.length} lanes stopped, said after ${Math.round((Date.now() - sinceMs) / 1_000)} s`;
}

/** An operator lets the lanes go on: all that the broker has is then applied, and what was given up stays known. */
async function mustGoOn(city, lanes) {
  await city.resumeLanes(await city.lostLanes((lost) => lost.length >= lanes.length));
  const sinceMs = Date.now();
  for (;;) {
    const { output } = await city.huitong('lag', '--json');
    const rows = output.startsWith('{') ? JSON.parse(output).lag : [];
    const row = rows.find((each) => each.dataset === dataset && each.subjectDatabase === 'population');
    if (row?.records === 0 && row.verdict !== 'DATA_LOST' && row.gaps.length >= lanes.length) return;
    if (Date.now() - sinceMs > sayWithinMs)
      throw new Error(
        `after resuming, huitong lag says ${row?.verdict}, ${row?.records} waiting, ${row?.gaps.length} gaps`,
      );
    await sleep(1_000);
  }
}

/** What must be said of lost events, and how the lanes go on after it. */
async function mustStandStill(city, lines, lanes, before) {
  const said = await mustSayLost(city, lines, lanes, before);
  await mustGoOn(city, lanes);
  return `${said}, went on when resumed`;
}

/** A lane's position is beyond the end of the log; an operator lets it go on where it had been, and nothing is missing. */
export const positionsAhead = {
  name: 'positions-ahead',
  async strike({ city, random }) {
    const lane = Math.floor(random.between(0, defaultPartitions));
    const before = await positions(city);
    const lines = (await city.logOf('population-sync')).length;
    await whileStopped(city, () =>
      city
        .database('population')
        .query(
          'update lane set next_offsets = next_offsets || jsonb_build_object($1::text, $2::bigint) where lane = $3',
          [topic, before[lane] + 100_000, lane],
        ),
    );
    return mustStandStill(city, lines, [lane], await positions(city));
  },
};

/** Retention is faster than a service that does not run: the lanes concerned stand still, and go on behind the gap when resumed. */
export const retentionOverran = {
  name: 'retention-overran',
  leavesLoss: true,
  async strike({ city }) {
    const lines = (await city.logOf('population-sync')).length;
    let before;
    const removed = await whileStopped(city, async () => {
      before = await positions(city);
      await sleep(12_000);
      return removeAllBut(city, 1);
    });
    const lanes = before.flatMap((next, lane) => (removed[lane] > next ? [lane] : []));
    if (lanes.length === 0) throw new Error('nothing came while the service was stopped');
    return mustStandStill(city, lines, lanes, before);
  },
};

/** Removes what each partition has but the last few messages; answers where each begins now. */
async function removeAllBut(city, count) {
  const admin = new kafkajs.Kafka({ brokers: city.stack.kafkaBrokers.split(','), logLevel: 0 }).admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: String(Math.max(0, high - count)) }));
    await admin.deleteTopicRecords({ topic, partitions });
    const begins = [];
    for (const { partition, offset } of partitions) begins[partition] = Number(offset);
    return begins;
  } finally {
    await admin.disconnect();
  }
}

async function deleteTopic(city) {
  const kafka = join(city.settings.HUITONG_CACHE, 'kafka', '*');
  const args = ['-cp', kafka, 'org.apache.kafka.tools.TopicCommand', '--bootstrap-server', city.stack.kafkaBrokers];
  await promisify(execFile)('java', [...args, '--delete', '--topic', topic]);
}

async function createTopic(city) {
  const admin = createTopicAdmin({ brokers: city.stack.kafkaBrokers.split(','), clientId: 'faults' });
  try {
    // The deletion is done a moment after it is answered.
    for (let attempt = 0; ; attempt += 1) {
      const created = await admin.ensureTopics([{ topic, partitions: defaultPartitions }]).catch(() => []);
      if (created.length > 0) return;
      if (attempt > 40) throw new Error('the topic could not be created again');
      await sleep(250);
    }
  } finally {
    await admin.disconnect();
  }
}

/** The topic is deleted and made again under the running service, its new log shorter than the old. */
export const topicRecreated = {
  name: 'topic-recreated',
  leavesLoss: true,
  async strike({ city }) {
    await untilThereIsSomeToLose(city);
    await city.demo('pause');
    const lines = (await city.logOf('population-sync')).length;
    const held = (await positions(city)).flatMap((next, lane) => (next > 5 ? [lane] : []));
    await deleteTopic(city);
    await createTopic(city);
    await city.demo('resume');
    return mustStandStill(city, lines, held);
  },
};

/** The topic is deleted and made again while the service is stopped, and its new log grows longer than the old one was. */
export const topicRefilled = {
  name: 'topic-refilled',
  leavesLoss: true,
  async strike({ city }) {
    await untilThereIsSomeToLose(city);
    await city.demo('pause');
    const lines = (await city.logOf('population-sync')).length;
    let before;
    await whileStopped(city, async () => {
      before = await positions(city);
      await deleteTopic(city);
      await createTopic(city);
      await fill(city, Math.max(...before) + 50);
    });
    const held = before.flatMap((next, lane) => (next > 0 ? [lane] : []));
    return mustStandStill(city, lines, held, before);
  },
};

/** As many control records in every partition: they say nothing but take offsets. */
async function fill(city, count) {
  const publisher = await createPublisher({ brokers: city.stack.kafkaBrokers.split(','), clientId: 'faults' });
  try {
    for (let partition = 0; partition < defaultPartitions; partition += 1) {
      const record = () => {
        const at = new Date().toISOString();
        const about = { type: controlTypes.heartbeat, id: randomUUID(), source: '/faults', content: { at } };
        return toControlMessage({ ...about, partition, atMs: Date.now() });
      };
      await publisher.publish(topic, Array.from({ length: count }, record));
    }
  } finally {
    await publisher.disconnect();
  }
}
