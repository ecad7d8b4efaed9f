import { describe, expect, it } from '@jest/globals';
import { databases } from '@huitong/subjects';
import { compare, continueAt, createCity, expectations, timeOfStep, type Segment } from './index.ts';

const city = createCity({ seed: 'proof', people: 600, base: '2026-11-01' });
const facts = Array.from({ length: city.cells }, (_, cell) => [...city.facts(cell, 0, () => 0).values()]).flat();
const all = [...databases.values()].flatMap((plan) => expectations(plan, facts));
const people = all.find(({ subject }) => subject.name === 'population')!;
const rowsOf = (expectation: (typeof all)[number]) =>
  [...expectation.records].map(
    ([id, record]) => JSON.parse(JSON.stringify({ id, ...record })) as Record<string, unknown>,
  );

describe('the proof', () => {
  it('expects records in every subject database, and none under the id of an annulled subject', () => {
    expect(all.map(({ subject }) => subject.name).toSorted()).toEqual([
      'enterprise',
      'housing',
      'legal-person',
      'population',
      'social-organisation',
    ]);
    for (const { records, ids } of all) {
      expect(records.size).toBeGreaterThan(0);
      expect(ids.length).toBeGreaterThanOrEqual(records.size);
    }
    expect(people.ids.length).toBeGreaterThan(people.records.size);
  });

  it('finds equal what is equal', () => {
    for (const expectation of all)
      expect(compare(expectation, rowsOf(expectation))).toEqual({ equal: expectation.records.size, differences: [] });
  });

  it('names missing and extra records and the fields that differ', () => {
    const rows = rowsOf(people);
    const [first, second] = rows;
    second!['name'] = 'another';
    second!['vehicleCount'] = 99;
    const annulled = people.ids.find((id) => !people.records.has(id))!;
    const { equal, differences } = compare(people, [...rows.slice(1), { id: annulled }]);
    expect(equal).toBe(people.records.size - 2);
    expect(differences).toEqual([
      { id: second!['id'], kind: 'differing', fields: ['name', 'vehicleCount'] },
      { id: annulled, kind: 'extra', fields: [] },
      { id: first!['id'], kind: 'missing', fields: [] },
    ]);
  });
});

describe('the times of live steps', () => {
  const pace = (nowMs: number) => ({ nowMs, intervalMs: 100 });
  it('go on evenly while they keep to the clock', () => {
    const segments = continueAt([], 0, pace(5_000));
    expect(continueAt(segments, 10, pace(6_100))).toEqual(segments);
    expect(timeOfStep(segments)(25)).toBe(7_500);
  });

  it('begin anew after a pause, a change of pace or a clock set back, and never sink', () => {
    const first = continueAt([], 0, pace(5_000));
    const paused = continueAt(first, 10, pace(60_000));
    expect(paused).toEqual([...first, { step: 10, atMs: 60_000, intervalMs: 100 }]);
    expect(continueAt(first, 10, { nowMs: 6_000, intervalMs: 50 })).toHaveLength(2);
    const setBack = continueAt(paused, 20, pace(1_000));
    expect(setBack.at(-1)).toEqual({ step: 20, atMs: 60_900, intervalMs: 100 } satisfies Segment);
    expect(timeOfStep(setBack)(3)).toBe(5_300);
  });

  it('are unknown before the first plan', () => {
    expect(() => timeOfStep([])(0)).toThrow(RangeError);
  });
});
