import { describe, expect, it } from '@jest/globals';
import { readJsonEvent } from '@huitong/change-event';
import { timeOfStep, type CityEvent } from '@huitong/demo-city';
import { keepNewest, type PlainFact } from '@huitong/subject-engine';
import { DemoCity, type Sender } from './demo-city.ts';
import { Gate } from './demo-gate.ts';
import { cityOf, uncertainCells, type Journal } from './demo-journal.ts';

const today = new Date().toISOString().slice(0, 10);
const begun: Journal = {
  seed: 'spec',
  people: 1_500,
  base: today,
  salt: '',
  cellsDone: 0,
  loadingTo: 0,
  steps: 0,
  planned: 0,
  segments: [],
  eventsSent: 0,
  eventsRejected: 0,
};
const crash = new Error('killed');

/** A process that is killed after so many events, in the middle of whatever it does; the journal is all that is left. */
class Run {
  readonly city: DemoCity;
  journal: Journal;
  readonly ended: Promise<unknown>;

  constructor(journal: Journal, delivered: CityEvent[], eventsUntilKilled: number) {
    this.journal = structuredClone(journal);
    let left = eventsUntilKilled;
    const sender: Sender = {
      rejected: 0,
      send: async (events) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        // Some of it arrives, nothing is confirmed.
        delivered.push(...events.slice(0, left));
        if ((left -= events.length) < 0) throw crash;
      },
    };
    const save = (state: Journal): void => void (this.journal = structuredClone(state));
    this.city = new DemoCity(this.journal, { liveRate: 2_000, sender, logger: { info: () => undefined }, save });
    this.ended = this.city.run().catch((error: unknown) => error);
  }
}

const newest = (events: readonly CityEvent[]): Map<string, PlainFact> => {
  const facts = new Map<string, PlainFact>();
  for (const { dataset, event } of events) {
    const reading = readJsonEvent(dataset, event, new Date());
    if (!reading.ok) throw new Error(reading.problem.message);
    keepNewest(facts, { dataset, subjectId: reading.subjectId, event: reading.event });
  }
  return facts;
};
const truthOf = (journal: Journal): Map<string, PlainFact> => {
  const city = cityOf(journal);
  const cells = Array.from({ length: journal.cellsDone }, (_, cell) => cell);
  return new Map(cells.flatMap((cell) => [...city.facts(cell, journal.steps, timeOfStep(journal.segments))]));
};
const sorted = (facts: Map<string, PlainFact>): [string, PlainFact][] =>
  [...facts].sort(([a], [b]) => (a < b ? -1 : 1));
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the demo city', () => {
  it('keeps its truth through kills at any moment, in the load and after', async () => {
    const delivered: CityEvent[] = [];
    let journal = begun;
    for (const events of [3_000, 7_000, 11_000, 3_500, 700, 40, 1, 900]) {
      const run = new Run(journal, delivered, events);
      expect(await run.ended).toBe(crash);
      journal = run.journal;
    }
    expect(journal).toMatchObject({ cellsDone: 500 });
    expect(journal.planned).toBeGreaterThan(journal.steps);
    const last = new Run(journal, delivered, Infinity);
    await until(() => last.city.state.steps > journal.planned + 500);
    const state = await last.city.pause();
    expect(state).toMatchObject({ phase: 'live', paused: true, cellsDone: state.cells, steps: last.journal.steps });
    expect(uncertainCells(last.journal, cityOf(last.journal)).size).toBe(0);
    expect(sorted(truthOf(last.journal))).toEqual(sorted(newest(delivered)));
  }, 60_000);

  it('stands still while paused, in the load too, and goes on after', async () => {
    const delivered: CityEvent[] = [];
    const run = new Run(begun, delivered, Infinity);
    expect(await run.city.pause()).toMatchObject({ phase: 'loading', paused: true, cellsDone: 200 });
    const count = delivered.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(delivered.length).toBe(count);
    expect(sorted(truthOf(run.journal))).toEqual(sorted(newest(delivered)));
    run.city.resume();
    await until(() => run.city.state.phase === 'live' && run.city.state.steps > 20);
    await run.city.pause();
    expect(sorted(truthOf(run.journal))).toEqual(sorted(newest(delivered)));
  }, 60_000);

  it('first sends again what a killed process had announced, before it stands still', async () => {
    const delivered: CityEvent[] = [];
    const killed = new Run(begun, delivered, 3_000);
    await killed.ended;
    expect(killed.journal).toMatchObject({ cellsDone: 0, loadingTo: 200 });
    expect(uncertainCells(killed.journal, cityOf(killed.journal)).size).toBe(200);
    const next = new Run(killed.journal, delivered, Infinity);
    expect(await next.city.pause()).toMatchObject({ cellsDone: 200 });
    expect(sorted(truthOf(next.journal))).toEqual(sorted(newest(delivered)));
  }, 60_000);

  it('says that it could not be held when the gateway does not confirm', async () => {
    const sender: Sender = { rejected: 0, send: () => new Promise(() => undefined) };
    const city = new DemoCity(begun, {
      liveRate: 20,
      sender,
      logger: { info: () => undefined },
      save: () => undefined,
    });
    void city.run();
    await expect(city.pause(50)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(city.state.paused).toBe(false);
  });
});

describe('a gate', () => {
  it('lets pass while open, holds while closed and tells when its loop stands still', async () => {
    const gate = new Gate();
    await gate.pass();
    let passed = 0;
    const closed = gate.close();
    const loop = gate.pass().then(() => (passed += 1));
    await closed;
    expect(passed).toBe(0);
    gate.open();
    await loop;
    expect(passed).toBe(1);
  });
});
