import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTopicAdmin } from '@huitong/event-stream';
import { allOutcomes } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';

const fullMs = 12_000;

/** Writes until there is no room; answers how many bytes that were. */
function fill(file) {
  const open = openSync(file, 'w');
  let written = 0;
  for (const size of [1 << 20, 1 << 12]) {
    const zeros = Buffer.alloc(size);
    try {
      for (;;) written += writeSync(open, zeros);
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
  fsyncSync(open);
  closeSync(open);
  return written;
}

/** A part's data folder is full for a while, under load, and then has room again. */
const full = (part, spareMb, signs) => ({
  name: `disk-full-${part}`,
  async strike({ city }) {
    const data = await city.narrow(part, spareMb);
    await city.recovered(Date.now());
    const before = await city.logs();
    const ballast = join(data, 'ballast');
    const bytes = fill(ballast);
    await sleep(fullMs);
    rmSync(ballast);
    const seen = (await city.logs()).flatMap(({ name, lines }) => {
      const from = before.find((log) => log.name === name)?.lines.length ?? 0;
      return lines.slice(from).filter((line) => signs.some((sign) => line.includes(sign)));
    });
    if (seen.length === 0) throw new Error('nobody met the full disk');
    return `${Math.round(bytes / 2 ** 20)} MB taken away for ${fullMs / 1_000} s, met ${seen.length} times`;
  },
});

/** Each has a city of its own, on a file system in memory. */
export const fullDisks = [
  full('postgres', 300, ['DISK_FULL', 'No space left']),
  full('kafka', 150, ['No space left', 'BROKER_UNAVAILABLE']),
];

const folderOf = (city, part) => join(city.home, 'data', part);
const copy = (from, to) => execFileSync('cp', ['-a', '--sparse=always', from, to]);

/** Puts a part's data folder back to what it was before `meanwhile`, as from a backup; the part is down for both. */
async function putBack(city, part, signal, meanwhile) {
  const data = folderOf(city, part);
  await city.whileDown(part, signal, () => copy(data, `${data}.older`));
  await city.recovered(Date.now());
  const result = await meanwhile();
  await city.whileDown(part, signal, () => {
    execFileSync('rm', ['-r', data]);
    execFileSync('mv', [`${data}.older`, data]);
  });
  return result;
}

const applied = async (city) => {
  const counts = await Promise.all(
    [...databases.keys()].map(async (name) => {
      const { rows } = await city.database(name).query(`select count(*) as events from ${allOutcomes()} o`);
      return Number(rows[0].events);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

/** PostgreSQL's data are an hour old, as it were, and Kafka's are not: all that followed is applied again, exactly once. */
export const olderDatabase = {
  name: 'older-postgres',
  async strike({ city }) {
    const before = await applied(city);
    const events = await putBack(city, 'postgres', 'SIGINT', async () => {
      await sleep(10_000);
      return (await applied(city)) - before;
    });
    if (events < 100) throw new Error(`only ${events} events came meanwhile`);
    return `put back by ${events} events`;
  },
};

/**
 * Kafka's data are older than what was applied from them: every lane that had read on stands still and says so, and goes on
 * with what is new once an operator decided.
 */
export const olderBroker = {
  name: 'older-kafka',
  async strike({ city }) {
    await putBack(city, 'kafka', 'SIGTERM', async () => {
      await sleep(10_000);
      // What is applied is not lost with the log; what is not would be.
      await city.demo('pause');
      const { equal } = await city.recovered(Date.now());
      if (!equal) throw new Error('not all was applied before');
    });
    // Each service finds its own when it is back at the broker: all have to, before the logs have grown to where they were.
    const ahead = await countAhead(city);
    await city.demo('resume');
    const lost = await city.lostLanes((lanes) => lanes.length >= ahead);
    await city.resumeLanes(lost);
    return `${lost.length} lanes stood still until an operator decided, ${ahead} of them ahead of the log`;
  },
};

/** The topics in lanes of which more was applied than Kafka has now, which may not lead all partitions yet. */
async function countAhead(city, untilMs = Date.now() + 30_000) {
  const admin = createTopicAdmin({ brokers: city.stack.kafkaBrokers.split(','), clientId: 'faults' });
  try {
    const counts = await Promise.all(
      [...databases].map(async ([name, { factTables }]) => {
        const ends = await admin.endOffsets(factTables.map(({ topic }) => topic));
        const { rows } = await city.database(name).query('select lane, next_offsets from lane');
        return rows.flatMap(({ lane, next_offsets: next }) =>
          Object.entries(next).filter(([topic, offset]) => offset > ends.get(topic)[lane]),
        ).length;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  } catch (error) {
    if (error.code !== 'BROKER_UNAVAILABLE' || Date.now() > untilMs) throw error;
    await sleep(500);
    return countAhead(city, untilMs);
  } finally {
    await admin.disconnect();
  }
}
