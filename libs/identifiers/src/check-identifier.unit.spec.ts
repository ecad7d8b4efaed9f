import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkIdentifier, flags, flagText, identifierKinds, problems, problemText } from './index.ts';

const today = '2026-11-23';
const samples = {
  'person-id': '340221199003070015',
  'credit-code': '91340202MA00TEXT0G',
  'organisation-code': 'D2143569-X',
  'registration-number': '110108000000016',
  'division-code': '340210101201',
  'estate-unit': '340123 002004 GB00011 F00010001',
} as const;

describe('checkIdentifier', () => {
  it('never throws, whatever the text, and a canonical text is its own canonical text', () => {
    const nearMisses = fc.stringMatching(/^[0-9A-Za-z -]{0,30}$/);
    const texts = fc.oneof(fc.string(), nearMisses, fc.constantFrom(...Object.values(samples)));
    fc.assert(
      fc.property(fc.constantFrom(...identifierKinds), texts, (kind, text) => {
        const first = checkIdentifier(kind, text, today);
        if (first.ok) {
          expect(checkIdentifier(kind, first.canonical, today)).toMatchObject({ ok: true, canonical: first.canonical });
          expect(first.canonical).toMatch(/^[0-9A-Z]+$/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has a sentence in Chinese and English for every flag and problem, without a place for a value', () => {
    const sentences = [...flags.map((flag) => flagText[flag]), ...problems.map((problem) => problemText[problem])];
    for (const { zh, en } of sentences) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(zh).not.toMatch(/[。%{}$]/);
      expect(en).toMatch(/^[a-z]/);
      expect(en).not.toMatch(/[.%{}$]/);
    }
  });

  it('makes well over 100,000 checks of any kind in a second', () => {
    for (const kind of identifierKinds) {
      const bestMs = Math.min(
        ...[1, 2, 3].map(() => millisecondsOf(50_000, () => checkIdentifier(kind, samples[kind], today))),
      );
      expect(bestMs).toBeLessThan(500);
    }
  });
});

describe('an estate unit code', () => {
  const unit = '340123002004GB00011F00010001';

  it('is closed up from its spaced presentation', () => {
    expect(checkIdentifier('estate-unit', samples['estate-unit'])).toEqual({ ok: true, canonical: unit, flags: [] });
    expect(checkIdentifier('estate-unit', '340123\u3000002004 gb00011 f00010001')).toMatchObject({ canonical: unit });
  });

  it.each([
    // code                            outcome
    ['340210001001JC00001F00010001', { ok: true }], //                     a homestead
    ['340210001001GC00001F00010001', { ok: false, problem: 'FORMAT' }], // homesteads are collective
    ['340210001001GA00001W00000000', { ok: false, problem: 'FORMAT' }], // so is collective ownership
    ['340210001001IB00001F00010001', { ok: false, problem: 'FORMAT' }], // no such ownership
    ['340210001001GB00001W00010001', { ok: false, problem: 'FORMAT' }], // nothing stands there, yet it has a number
    ['340210001001GB00001F99990001', { ok: true }], //                     a project of several buildings
    ['990210001001GB00001F00010001', { ok: true, flags: ['DIVISION_UNKNOWN'] }],
    ['340210001001GB00001F0001000', { ok: false, problem: 'LENGTH' }],
  ])('%s is %j', (code, outcome) => {
    expect(checkIdentifier('estate-unit', code)).toMatchObject(outcome);
  });
});

function millisecondsOf(times: number, run: () => void): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return performance.now() - start;
}
