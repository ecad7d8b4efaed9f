import { describe, expect, it } from '@jest/globals';
import { describeReport, Tally } from './prove-report.ts';

const id = '340202199001010011';

describe('the report of a proof', () => {
  it('counts by field and hides the ids', () => {
    const tally = new Tally('salt', ['population', 'housing']);
    const differences = [
      { id, kind: 'differing', fields: ['name', 'sex'] },
      { id: '340202199001010012', kind: 'missing', fields: [] },
    ] as const;
    tally.add('population', { expected: 5, equal: 3, differences, cells: '0-9' });
    expect(tally.equal).toBe(false);
    expect(tally.fields).toEqual({ 'population.name': 1, 'population.sex': 1 });
    const report = {
      equal: false,
      cells: { all: 20, compared: 10, uncertain: 0 },
      steps: 3,
      subjects: tally.subjects,
      fields: tally.fields,
      examples: tally.examples,
      waitedSeconds: 0,
      seconds: 1,
    };
    const text = describeReport(report);
    expect(text).toContain('✗ population');
    expect(text).toContain('✓ housing');
    expect(text + JSON.stringify(report)).not.toContain(id);
    expect(tally.examples[0]!.idHash).toMatch(/^[0-9a-f]{16}$/);
    expect(new Tally('other', ['population']).examples).toEqual([]);
  });

  it('keeps ten examples at most', () => {
    const tally = new Tally('salt', ['population']);
    const differences = Array.from({ length: 30 }, (_, at) => ({ id: String(at), kind: 'extra', fields: [] }) as const);
    tally.add('population', { expected: 0, equal: 0, differences, cells: '0-9' });
    expect(tally.examples).toHaveLength(10);
    expect(tally.subjects['population']).toMatchObject({ extra: 30 });
  });
});
