// Does the rate of loading hold as the facts grow? One slab after another is published while the sync service stands still, then
// loaded; the last quarter of each slab is what counts. Usage: node bench/scale.mjs [--facts 3000000 --slab 1000000].
// Prints too what a fact takes on disk, what an event takes of write-ahead log, and what it takes in Kafka.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets } from '@huitong/change-event';
import { allOutcomes } from '@huitong/subject-engine';
import { rounded, runAlone } from './alone.mjs';
import { freshPopulation, publishAll, relayedAll, residentMb, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

export const scale = {
  name: 'scale',
  title: 'load as the facts grow',
  defaults: { facts: 3_000_000, slab: 1_000_000 },
  measure,
  text,
};

const factsOfPerson = 3;

/** Events/s at the end of each slab, with sizes; `ratio` is the last slab's rate to the first one's. */
async function measure({ facts, slab }) {
  const bench = await startBenchStack();
  try {
    const population = await freshPopulation(bench);
    const slabs = [];
    for (let people = 0; people * factsOfPerson < facts;) {
      const from = people;
      people = Math.min(Math.ceil(facts / factsOfPerson), from + Math.ceil(slab / factsOfPerson));
      await publishAll(bench, population.codec, personEvents({ datasets, people, from }));
      const [before, after] = [from, people].map((count) => count * factsOfPerson);
      slabs.push({ ...(await loadSlab(bench, population, before, after)), ...(await sizes(bench, population)) });
      console.log(slabs.at(-1));
    }
    await population.database.end();
    await population.admin.disconnect();
    const rates = slabs.map(({ endPerSecond }) => endPerSecond);
    return { slabs, ratio: rounded(rates.at(-1) / rates[0], 2) };
  } finally {
    await bench.stop();
  }
}

/** The section of the report. */
function text({ slabs, ratio }) {
  const [first, last] = [slabs[0], slabs.at(-1)];
  const row = (slab) =>
    `| ${slab.facts} | ${slab.perSecond} | ${slab.endPerSecond} | ${slab.relayedPerSecond} | ${slab.walPerEvent} | ${slab.memoryMb} |`;
  return `
Loading of three datasets, everything on, slab after slab; the sync service stands still while a slab is published.

| facts at the end | events/s of the slab | events/s of its last quarter | events/s with the relay of all changes done | WAL bytes an event | service MB |
| --- | --- | --- | --- | --- | --- |
${slabs.map(row).join('\n')}

Rate with ${last.facts} facts to the rate with ${first.facts}: **${ratio}** (wanted: 0.85). A fact takes ${last.diskPerFact} bytes in PostgreSQL with its share of
the record, history, event log and indexes (${Object.entries(last.diskOf)
    .map(([what, bytes]) => `${what} ${bytes}`)
    .join(', ')}), its event
${last.kafkaPerEvent} bytes in Kafka, and the changes that it makes to records ${last.changesPerEvent} bytes there.
`;
}

async function loadSlab(bench, { url, database }, before, after) {
  const events = after - before;
  const walBefore = await walAt(database);
  const sync = await startSync(bench, url);
  const reached = async (count) => {
    for (;;) {
      const at = performance.now();
      const { rows } = await database.query(
        'select coalesce(sum(o.value::bigint), 0)::bigint as count from lane, jsonb_each_text(next_offsets) o',
      );
      if (rows[0].count >= count) return { count: rows[0].count, at };
      await sleep(50);
    }
  };
  const first = await reached(before + 1);
  const quarter = await reached(after - events / 4);
  const last = await reached(after);
  await relayedAll(database);
  const relayedAt = performance.now();
  const rate = (from, to) => Math.round((to.count - from.count) / ((to.at - from.at) / 1_000));
  const memoryMb = await residentMb(sync.child.pid);
  await sync.stop();
  const wal = (await walAt(database)) - walBefore;
  return {
    ...{ facts: after, perSecond: rate(first, last), endPerSecond: rate(quarter, last) },
    relayedPerSecond: rate(first, { count: after, at: relayedAt }),
    ...{ walPerEvent: Math.round(wal / events), memoryMb },
  };
}

async function walAt(database) {
  const { rows } = await database.query(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as at`);
  return rows[0].at;
}

/** Bytes a fact, by what they are of. */
async function sizes({ home }, { database }) {
  const { rows } = await database.query(
    `select case when relname like 'fact\\_%' then 'facts' when relname like '%\\_history' then 'history'
        when relname in ('event_log', 'applied_chunk') then 'event log' when relname = 'population' then 'records' else 'other' end as what,
      sum(pg_total_relation_size(oid))::float8 as bytes
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace group by 1 order by 2 desc`,
  );
  const { rows: counted } = await database.query(`select count(*) as facts from ${allOutcomes()} o`);
  const facts = counted[0].facts;
  const log = join(home, 'data', 'kafka');
  const [events, changes] = await Promise.all(['dept.', 'subject.'].map((prefix) => logBytes(log, prefix)));
  return {
    diskPerFact: Math.round(rows.reduce((sum, { bytes }) => sum + bytes, 0) / facts),
    diskOf: Object.fromEntries(rows.map(({ what, bytes }) => [what, Math.round(bytes / facts)])),
    kafkaPerEvent: Math.round(events / facts),
    changesPerEvent: Math.round(changes / facts),
  };
}

/** Of the log itself: Kafka's index files are as large as they may become. */
async function logBytes(folder, prefix) {
  const files = await readdir(folder, { recursive: true });
  const logs = files.filter((file) => file.startsWith(prefix) && file.endsWith('.log'));
  const sizes = await Promise.all(logs.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

if (import.meta.main) await runAlone(scale);
