import { describe, expect, it } from '@jest/globals';
import { alarmRules, alarmSentences, conditionsOf, type Condition, type Situation } from './alarm-rules.ts';

const dataset = 'psb.vehicle';
const lag = (verdict: string, more: object = {}) => [
  {
    dataset,
    subjectDatabase: 'population',
    verdict,
    records: 3,
    asOf: '2017-01-05T08:00:00Z',
    ...more,
  } as Situation['lag'][number],
];
const database = (parts: object) => [
  { database: 'population', datasets: [dataset], parked: [], proofs: [], ...parts } as Situation['databases'][number],
];
const promise = (fast: boolean | null, slow: boolean | null) => [
  {
    dataset,
    subjectDatabase: 'population',
    burn: { m5: 100, m30: null, h1: 15, h6: null },
    burning: { fast, slow },
  } as NonNullable<Situation['promises']>[number],
];
const situation = (parts: Partial<Situation>): Situation => ({
  lag: [],
  promises: [],
  databases: [],
  services: [],
  ...parts,
});

// Each row: a situation, the rule, whether it holds, how severe, what it says, and after how many seconds it is told.
const cases: [string, Partial<Situation>, string, Partial<Condition>][] = [
  ['up to date', { lag: lag('OK') }, 'lag', { holds: false }],
  [
    'events lost',
    { lag: lag('DATA_LOST') },
    'lag',
    { holds: true, severity: 'urgent', afterMs: 0, detail: 'DATA_LOST' },
  ],
  ['nobody works', { lag: lag('STOP') }, 'lag', { holds: true, severity: 'urgent', afterMs: 30_000 }],
  ['no progress', { lag: lag('STALL') }, 'lag', { holds: true, severity: 'urgent', afterMs: 30_000 }],
  [
    'not known',
    { lag: lag('UNKNOWN', { records: null }) },
    'lag',
    { holds: true, severity: 'urgent', afterMs: 60_000 },
  ],
  ['waits, never consumed', { lag: lag('UNKNOWN', { asOf: null }) }, 'lag', { holds: true }],
  ['never heard of at all', { lag: lag('UNKNOWN', { records: 0, asOf: null }) }, 'lag', { holds: false }],
  ['fenced', { lag: lag('FENCED') }, 'lag', { holds: true, severity: 'urgent', afterMs: 30_000 }],
  ['blocked', { lag: lag('BLOCKED') }, 'lag', { holds: true, severity: 'urgent', afterMs: 60_000 }],
  ['up to date but for parked events', { lag: lag('PARKED') }, 'lag', { holds: false }],
  ['silent', { lag: lag('SILENT') }, 'lag', { holds: true, severity: 'notice', afterMs: 120_000 }],
  ['behind', { lag: lag('WARN') }, 'lag', { holds: true, severity: 'notice', afterMs: 300_000 }],
  ['going again', { lag: lag('REWIND') }, 'lag', { holds: true, severity: 'notice', afterMs: 1_800_000 }],
  [
    'a promise burning fast',
    { promises: promise(true, false) },
    'promise-fast',
    { holds: true, severity: 'urgent', detail: '15' },
  ],
  ['a promise not burning', { promises: promise(false, true) }, 'promise-fast', { holds: false }],
  [
    'a promise burning slowly',
    { promises: promise(false, true) },
    'promise-slow',
    { holds: true, severity: 'notice', detail: '' },
  ],
  ['a promise of which nothing is known', { promises: promise(null, null) }, 'promise-slow', { holds: null }],
  ['promises that cannot be asked', { promises: null, lag: lag('OK') }, 'promise-fast', { holds: null }],
  ['nothing parked', { databases: database({}) }, 'parked', { holds: false }],
  [
    'events parked for two causes',
    {
      databases: database({
        parked: [
          { dataset, count: 2 },
          { dataset, count: 3 },
        ],
      }),
    },
    'parked',
    { holds: true, detail: '5', afterMs: 0 },
  ],
  [
    'events of another dataset parked',
    { databases: database({ parked: [{ dataset: 'nhc.birth', count: 2 }] }) },
    'parked',
    { holds: false },
  ],
  ['a database that cannot be asked', { databases: database({ parked: null }) }, 'parked', { holds: null }],
  [
    'a proof that differs',
    { databases: database({ proofs: [{ dataset, verdict: 'differs', differing: 2 }] }) },
    'proof',
    { holds: true, severity: 'urgent', detail: '2', afterMs: 60_000 },
  ],
  [
    'a proof that is equal',
    { databases: database({ proofs: [{ dataset, verdict: 'equal', differing: 0 }] }) },
    'proof',
    { holds: false },
  ],
  ['proofs that cannot be asked', { databases: database({ proofs: null }) }, 'proof', { holds: null }],
  [
    'a service that is ready',
    { services: [{ service: 'query-api', isReady: true, reason: '' }] },
    'away',
    { holds: false },
  ],
  [
    'a service that is away',
    { services: [{ service: 'query-api', isReady: false, reason: 'no answer' }] },
    'away',
    { holds: true, severity: 'urgent', dataset: null, place: 'query-api', detail: 'no answer', afterMs: 30_000 },
  ],
];

describe('the rules of alarms', () => {
  it.each(cases)('%s', (_, parts, rule, expected) => {
    const found = conditionsOf(situation(parts)).filter((condition) => condition.rule === rule);
    expect(found).toEqual([expect.objectContaining(expected)]);
  });

  it('have a case each, and words in both languages', () => {
    expect(new Set(cases.map(([, , rule]) => rule))).toEqual(new Set(alarmRules));
    for (const rule of alarmRules) {
      const { zh, en } = alarmSentences[rule](rule === 'lag' ? 'STOP' : '3');
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});
