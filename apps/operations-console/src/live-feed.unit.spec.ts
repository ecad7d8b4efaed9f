import { describe, expect, it } from '@jest/globals';
import type { LagRow } from '@huitong/governance';
import { waitingBySubject } from './live-feed.ts';

const row = (subjectDatabase: string, records: number | null) => ({ subjectDatabase, records }) as LagRow;

describe('the waiting messages of a subject database', () => {
  it('are those of all its datasets together', () => {
    expect(waitingBySubject([row('population', 2), row('housing', 0), row('population', 3)])).toEqual({
      population: 5,
      housing: 0,
    });
  });

  it.each([
    ['first', [null, 3]],
    ['last', [3, null]],
  ])('are not known, rather than fewer, where those of the %s dataset are not', (_, records) => {
    expect(waitingBySubject(records.map((each) => row('population', each)))).toEqual({ population: null });
  });
});
