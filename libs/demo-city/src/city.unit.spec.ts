import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { datasetNames, readJsonEvent, verbs } from '@huitong/change-event';
import { checkIdentifier, personIdFacts } from '@huitong/identifiers';
import { keepNewest, type PlainFact } from '@huitong/subject-engine';
import { createCity, eventsPerStep, type CityEvent } from './index.ts';

const base = '2026-11-01';
const baseMs = Date.parse(`${base}T00:00:00Z`);
const timeOf = (step: number): number => baseMs + 3_600_000 + step * 40_000;
const steps = 1_200;
const now = new Date(timeOf(steps) + 1_000);
const city = createCity({ seed: 'spec', people: 900, base });
const cells = Array.from({ length: city.cells }, (_, cell) => cell);
const initial = cells.flatMap((cell) => city.initialEvents(cell));
const live = Array.from({ length: steps }, (_, step) => city.liveEvents(step, timeOf)).flat();
const delivered = [...initial, ...live];

function read({ dataset, event }: CityEvent): PlainFact {
  const reading = readJsonEvent(dataset, event, now);
  if (!reading.ok) throw new Error(`${dataset} ${event.verb} ${event.reason}: ${JSON.stringify(reading.problem)}`);
  return { dataset, subjectId: reading.subjectId, event: reading.event };
}

function newestOf(events: readonly CityEvent[]): Map<string, PlainFact> {
  const facts = new Map<string, PlainFact>();
  for (const event of events) keepNewest(facts, read(event));
  return facts;
}

const sorted = (facts: Map<string, PlainFact>): [string, PlainFact][] =>
  [...facts].sort(([a], [b]) => (a < b ? -1 : 1));

describe('the synthetic city', () => {
  it('is the same for the same seed, another for another', () => {
    const again = createCity({ seed: 'spec', people: 900, base });
    expect(cells.slice(0, 40).map((cell) => again.initialEvents(cell))).toEqual(
      cells.slice(0, 40).map((cell) => city.initialEvents(cell)),
    );
    expect(again.liveEvents(77, timeOf)).toEqual(city.liveEvents(77, timeOf));
    const other = createCity({ seed: 'other', people: 900, base });
    expect(other.initialEvents(0)).not.toEqual(city.initialEvents(0));
  });

  it('has about as many people as asked for, three to a cell', () => {
    for (const people of [1, 30, 100, 20_000, 350_000]) {
      const size = createCity({ seed: 1, people, base });
      expect(Math.abs(size.people - people)).toBeLessThanOrEqual(5);
      expect(size.cells).toBe(Math.max(1, Math.round(people / 3)));
    }
    expect(() => city.initialEvents(city.cells)).toThrow(RangeError);
  });

  it('delivers only events that the gateway accepts, all of them recorded in the past', () => {
    const known = new Set(delivered.map((event) => read(event).event.event_id));
    expect(known.size).toBeGreaterThan(6_000);
    for (const { event } of initial) expect(Date.parse(event.recordedAt)).toBeLessThan(baseMs);
  });

  it('tells its steps as they happen as it tells each by itself, though some are left out', () => {
    const small = createCity({ seed: 'told', people: 15, base });
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(120), { maxLength: 60 }), (some) => {
        const tell = small.teller();
        for (const step of some.toSorted((a, b) => a - b))
          expect(tell(step, timeOf)).toEqual(small.liveEvents(step, timeOf));
      }),
      { numRuns: 40 },
    );
  });

  it('records a live step at its own time', () => {
    for (const step of [0, 1, 700, steps - 1])
      for (const { event } of city.liveEvents(step, timeOf))
        expect(Math.abs(Date.parse(event.recordedAt) - timeOf(step))).toBeLessThan(10);
  });

  it('publishes in every dataset and with every verb, initially and live', () => {
    expect(new Set(initial.map(({ dataset }) => dataset))).toEqual(new Set(datasetNames));
    for (const events of [initial, live])
      expect(new Set(events.map(({ event }) => event.verb))).toEqual(new Set(verbs));
  });

  it('delivers duplicates, older versions after newer ones and annulments before what they annul', () => {
    const seen = new Map<string, number>();
    const ids = new Set<string>();
    const found = { duplicate: 0, late: 0, early: 0 };
    for (const one of delivered) {
      const { event, dataset, subjectId } = read(one);
      const key = [dataset, subjectId, event.source_record_id].join();
      if (ids.has(event.event_id)) found.duplicate += 1;
      else if (event.source_version < (seen.get(key) ?? 0)) found.late += 1;
      if (event.verb === 'ANNULLED' && !seen.has(key)) found.early += 1;
      ids.add(event.event_id);
      seen.set(key, Math.max(event.source_version, seen.get(key) ?? 0));
    }
    expect(found.duplicate).toBeGreaterThan(100);
    expect(found.late).toBeGreaterThan(20);
    expect(found.early).toBeGreaterThan(2);
  });

  it('knows the truth: the newest version of everything delivered, in canonical ids', () => {
    const truth = new Map(cells.flatMap((cell) => [...city.facts(cell, steps, timeOf)]));
    expect(sorted(truth)).toEqual(sorted(newestOf(delivered)));
    for (const { subjectId, dataset } of truth.values())
      if (dataset === 'psb.household-register') expect(subjectId).toMatch(/^\d{17}[\dX]$/);
  });

  it('has the same truth whatever the order of delivery', () => {
    const some = [4, 5, 8, 31].map((cell) => {
      const hits = Array.from({ length: steps }, (_, step) => step).filter((step) => city.cellOf(step) === cell);
      return [...city.initialEvents(cell), ...hits.flatMap((step) => city.liveEvents(step, timeOf))];
    });
    const truths = [4, 5, 8, 31].map((cell) => sorted(city.facts(cell, steps, timeOf)));
    fc.assert(
      fc.property(fc.nat(3), fc.infiniteStream(fc.nat()), fc.nat(20), (at, numbers, repeats) => {
        const [events, draw] = [some[at]!, () => numbers.next().value as number];
        const again = Array.from({ length: repeats }, () => events[draw() % events.length]!);
        const shuffled = [...events, ...again]
          .map((event) => ({ event, rank: draw() }))
          .sort((a, b) => a.rank - b.rank);
        expect(sorted(newestOf(shuffled.map(({ event }) => event)))).toEqual(truths[at]);
      }),
      { numRuns: 15 },
    );
  });

  it('gives every subject to one cell only', () => {
    const owner = new Map<string, number>();
    for (const cell of cells)
      for (const { subjectId } of city.facts(cell, steps, timeOf).values()) {
        expect(owner.get(subjectId) ?? cell).toBe(cell);
        owner.set(subjectId, cell);
      }
  });

  it('has people of every kind: foreigners with two cards, permits of 81, 82 and 83, the four codes of 无为', () => {
    const size = createCity({ seed: 'kinds', people: 4_000, base });
    const facts = Array.from({ length: size.cells }, (_, cell) => [...size.facts(cell, 0, timeOf).values()]).flat();
    const persons = new Set(
      facts.filter(({ dataset }) => dataset.startsWith('psb.')).map(({ subjectId }) => subjectId),
    );
    const prefixes = new Set([...persons].map((id) => id.slice(0, 6)));
    for (const code of ['810000', '820000', '830000', '342623', '341422', '340225', '340281', '340221', '340222'])
      expect(prefixes).toContain(code);
    const aliases = facts.filter(({ event }) => (event.data as { formerCardNo?: string } | null)?.formerCardNo);
    expect(aliases.length).toBeGreaterThan(2);
    for (const { event } of aliases)
      expect(checkIdentifier('person-id', (event.data as { formerCardNo: string }).formerCardNo)).toMatchObject({
        ok: true,
      });
    expect([...persons].filter((id) => personIdFacts(id).holder === 'foreigner').length).toBeGreaterThan(4);
    expect(facts.some(({ event }) => (event.data as { formerEstateUnitNo?: string } | null)?.formerEstateUnitNo)).toBe(
      true,
    );
  });

  it('pays some of the dead, for the leads of later', () => {
    const facts = cells.flatMap((cell) => [...city.facts(cell, 0, timeOf).values()]);
    const dead = new Map(
      facts.flatMap(({ dataset, subjectId, event }) =>
        dataset === 'nhc.death-certificate' && event.data
          ? [[subjectId, (event.data as { deathDate: string }).deathDate]]
          : [],
      ),
    );
    const overpaid = facts.filter(
      ({ dataset, subjectId, event }) =>
        dataset === 'hrss.pension-payment' &&
        event.data &&
        (event.data as { month: string }).month > (dead.get(subjectId) ?? '9999'),
    );
    expect(overpaid.length).toBeGreaterThan(5);
  });

  it('keeps to the measured number of events a step', () => {
    expect(live.length / steps / eventsPerStep).toBeGreaterThan(0.85);
    expect(live.length / steps / eventsPerStep).toBeLessThan(1.15);
  });

  it('reaches every cell in turn, in cities of any size', () => {
    for (const people of [1, 3, 6, 30, 100]) {
      const small = createCity({ seed: 1, people, base });
      const hit = Array.from({ length: small.cells }, (_, step) => small.cellOf(step));
      expect(new Set(hit).size).toBe(small.cells);
      const all = Array.from({ length: small.cells }, (_, cell) => [...small.facts(cell, 40, timeOf)]).flat();
      const events = [
        ...Array.from({ length: small.cells }, (_, cell) => small.initialEvents(cell)).flat(),
        ...Array.from({ length: 40 }, (_, step) => small.liveEvents(step, timeOf)).flat(),
      ];
      expect(sorted(new Map(all))).toEqual(sorted(newestOf(events)));
    }
  });
});
