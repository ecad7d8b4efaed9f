// Rebuilds subject records from the facts and from Kafka, and says how fast, beside what the peer needs for a first load.
// Usage: node bench/rebuild.mjs [--records 1000000 --datasets 1 --peer 0]; `--peer` is the peer's rows/s, measured in the same
// hour; 0 leaves the ratio out. `--datasets` 1 to 3 feed each record.
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { openDatabase } from '@huitong/postgres';
import { rebuildSubject } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { rebuildFromKafka } from '../apps/huitong-cli/dist/rebuild-from-kafka.js';
import { databaseUrl } from '../apps/huitong-cli/dist/stack.js';
import { rounded, runAlone } from './alone.mjs';
import { preparedStack } from './prepared-stack.mjs';
import { publishAll, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

export const rebuild = {
  name: 'rebuild',
  title: 'rebuild of subject records',
  defaults: { records: 1_000_000, datasets: 1, peer: 0 },
  measure,
  text,
};

const plan = databases.get('population');
const kinds = ['psb.household-register', 'psb.residence-permit', 'hrss.pension-payment'];

/** Records/s of a whole rebuild, comparison and swap included; `peer` is what a first load through the peer makes, in rows/s. */
async function measure({ records, datasets: feeding, peer }) {
  const bench = await startBenchStack();
  try {
    const stack = await preparedStack(bench);
    const used = kinds.slice(0, feeding);
    const events = await load(bench, stack, records, used);
    const url = databaseUrl(stack, 'huitong_sync', 'population');
    const database = openDatabase({ url, applicationName: 'bench', connectionsMax: 6 });
    await database.query('vacuum analyze');
    const steps = [];
    const since = performance.now();
    const facts = await rebuildSubject(database, plan.subjects[0], { onProgress: () => {} });
    const factsSeconds = (performance.now() - since) / 1_000;
    assertEqual(facts.status, facts.differences, facts.records.next, records);
    await database.query('drop table population_previous');
    const log = await timed(steps, () =>
      rebuildFromKafka(stack, 'population', {
        from: 'log',
        onProgress: (progress) => steps.push({ ...progress, at: performance.now() }),
      }),
    );
    const { differences, records: counted } = log.outcome.subjects.population;
    assertEqual(log.outcome.status, differences, counted.next, records);
    await database.end();
    const result = (seconds, more) => ({
      seconds: rounded(seconds),
      recordsPerSecond: Math.round(records / seconds),
      ...(peer > 0 ? { ratio: rounded(records / seconds / peer, 2) } : {}),
      ...more,
    });
    return {
      ...{ records, events, peer },
      facts: result(factsSeconds, { fillSeconds: rounded(facts.fillSeconds), pauseMs: facts.pauseMs }),
      kafka: result(log.seconds, { readSeconds: rounded(log.readSeconds), pauseMs: log.outcome.pauseMs }),
    };
  } finally {
    await bench.stop();
  }
}

/** The section of the report. */
function text({ records, events, peer, facts, kafka }) {
  const row = (name, { seconds, recordsPerSecond, pauseMs, ratio }) =>
    `| ${name} | ${seconds} | ${recordsPerSecond} | ${pauseMs} | ${ratio ?? ''} |`;
  const against = peer > 0 ? `, against the peer's first load of ${peer} rows/s in the same run` : '';
  return `
Rebuild of ${records} subject records of ${events} events beside the live ones: filled, vacuumed, compared row by row and swapped in${against}.
From Kafka everything is made anew: facts, event log and records. The sync service stands still.

| rebuild | seconds | records/s | lanes stood still, ms | ratio |
| --- | --- | --- | --- | --- |
${row('from facts', facts)}
${row('from Kafka', kafka)}

Of these, filling from facts took ${facts.fillSeconds} s, reading Kafka ${kafka.readSeconds} s. Wanted: 4 times the peer from facts, 2 times from Kafka.
`;
}

async function timed(steps, work) {
  const since = performance.now();
  const outcome = await work();
  const read = steps.find(({ done, total }) => done === total)?.at ?? performance.now();
  return { outcome, seconds: (performance.now() - since) / 1_000, readSeconds: (read - since) / 1_000 };
}

function assertEqual(status, { missing, extra, differing }, rebuilt, records) {
  if (status !== 'swapped' || missing + extra + differing > 0 || rebuilt !== records)
    throw new Error(
      `the rebuild came to ${status} with ${missing + extra + differing} differences in ${rebuilt} records`,
    );
}

async function load(bench, stack, people, used) {
  const codec = await EventCodec.connect(new SchemaRegistry(stack.registryUrl), used);
  const url = databaseUrl(stack, 'huitong_sync', 'population');
  const events = personEvents({ datasets, people, among: used });
  const total = await publishAll(bench, codec, events);
  const sync = await startSync(bench, url);
  const database = openDatabase({ url, applicationName: 'bench', connectionsMax: 1 });
  for (let applied = 0; applied < total; await sleep(200)) {
    const { rows } = await database.query(
      'select coalesce(sum(o.value::bigint), 0)::bigint as count from lane, jsonb_each_text(next_offsets) o',
    );
    applied = rows[0].count;
  }
  await sync.stop();
  await database.end();
  return total;
}

if (import.meta.main) await runAlone(rebuild);
