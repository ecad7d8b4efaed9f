// Two members of one sync service share the lanes: one works through a backlog, another joins under that load, then the first
// leaves. Usage: node bench/members.mjs [--events 600000]. Prints the rate of each phase and the longest pauses.
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets } from '@huitong/change-event';
import { allOutcomes } from '@huitong/subject-engine';
import { rounded, runAlone } from './alone.mjs';
import { freshPopulation, publishAll, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

export const members = {
  name: 'members',
  title: 'two members of a sync service, one joining and one leaving',
  defaults: { events: 600_000 },
  measure,
  text,
};

/** Lanes are looked at so often; a pause is known to this. */
const lookEveryMs = 20;

/** Events/s of each phase, and the longest time without progress: of all lanes together, and of one lane with work left. */
async function measure({ events }) {
  const bench = await startBenchStack();
  try {
    const population = await freshPopulation(bench);
    const people = Math.ceil(events / 3);
    const total = await publishAll(bench, population.codec, personEvents({ datasets, people }));
    const ends = await population.admin.endOffsets(population.topics);
    const watch = new LaneWatch(population.database);
    watch.enter('one member');
    const first = await startSync(bench, population.url);
    await watch.until(() => watch.applied >= total / 4);
    watch.enter('another joins');
    const second = await startSync(bench, population.url);
    await watch.until(() => watch.owners.size === 2);
    watch.enter('two members');
    await watch.until(() => watch.applied >= (total * 2) / 3);
    watch.enter('the first leaves');
    const leaving = first.stop();
    await watch.until(() => watch.owners.size === 1 && !watch.owners.has(first.child.pid));
    watch.enter('the other alone');
    await watch.until(() => watch.applied >= total);
    watch.end();
    await leaving;
    await second.stop();
    const { rows } = await population.database.query(`select count(*) as count from ${allOutcomes()} o`);
    await population.database.end();
    await population.admin.disconnect();
    return {
      events: total,
      appliedOnce: rows[0].count === total,
      phases: watch.phases,
      lanes: ends.values().next().value.length,
    };
  } finally {
    await bench.stop();
  }
}

/** The section of the report. */
function text({ events, appliedOnce, phases, lanes }) {
  const row = ({ name, seconds, perSecond, pauseMs, lanePauseMs }) =>
    `| ${name} | ${seconds} | ${perSecond} | ${pauseMs} | ${lanePauseMs} |`;
  const most = (of) => Math.max(...phases.map((phase) => phase[of]));
  return `
Two members of one sync service, ${lanes} lanes, a backlog of ${events} events of three datasets. A pause is counted to the phase in which it
ended; a lane's pause only while it had events to apply. All on the same cores, so that a second member adds safety here, not speed.

| phase | seconds | events/s | longest pause of all lanes together, ms | longest pause of one lane, ms |
| --- | --- | --- | --- | --- |
${phases.map(row).join('\n')}

Largest pause: **${most('pauseMs')} ms** without any event applied, ${most('lanePauseMs')} ms for one lane. ${appliedOnce ? 'Every event was applied, each once.' : '**Not every event was applied once.**'}
`;
}

/** Looks at the lanes all the time and notes their progress by phase. */
class LaneWatch {
  applied = 0;
  owners = new Set();
  phases = [];
  #database;
  #phase;
  #lanes = new Map();
  #lastMs;

  constructor(database) {
    this.#database = database;
  }

  enter(name) {
    this.end();
    this.#phase = { name, startedMs: performance.now(), from: this.applied, pauseMs: 0, lanePauseMs: 0 };
  }

  end() {
    if (!this.#phase) return;
    const { name, startedMs, from, pauseMs, lanePauseMs } = this.#phase;
    const seconds = (performance.now() - startedMs) / 1_000;
    this.phases.push({
      ...{ name, seconds: rounded(seconds), perSecond: Math.round((this.applied - from) / seconds) },
      ...{ pauseMs: Math.round(pauseMs), lanePauseMs: Math.round(lanePauseMs) },
    });
    console.log(this.phases.at(-1));
  }

  async until(reached) {
    while (!reached()) {
      await this.#look();
      await sleep(lookEveryMs);
    }
  }

  async #look() {
    const { rows } = await this.#database.query('select lane, owner, next_offsets from lane order by lane');
    const nowMs = performance.now();
    let applied = 0;
    for (const { lane, next_offsets: offsets } of rows) {
      const done = Object.values(offsets).reduce((sum, offset) => sum + offset, 0);
      applied += done;
      this.#note(lane, done, nowMs);
    }
    this.owners = new Set(rows.flatMap(({ owner }) => (owner ? [Number(owner.split('@')[1])] : [])));
    if (applied === this.applied) return;
    // The first event of all ends no pause: before it there was a start.
    if (this.#lastMs === undefined) Object.assign(this.#phase, { startedMs: nowMs, from: applied });
    else this.#phase.pauseMs = Math.max(this.#phase.pauseMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.applied = applied;
  }

  #note(lane, done, nowMs) {
    const before = this.#lanes.get(lane);
    if (before?.done === done) return;
    if (before && before.done > 0) this.#phase.lanePauseMs = Math.max(this.#phase.lanePauseMs, nowMs - before.atMs);
    this.#lanes.set(lane, { done, atMs: nowMs });
  }
}

if (import.meta.main) await runAlone(members);
