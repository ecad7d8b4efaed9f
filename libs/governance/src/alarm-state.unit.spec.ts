import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Condition } from './alarm-rules.ts';
import { alarmKey, nextAlarms, quietMs, type Alarm, type SilenceScope } from './alarm-state.ts';

const start = Date.parse('2017-01-05T08:00:00Z');
const at = { rule: 'lag', dataset: 'psb.vehicle', place: 'population' } as const;
/** What a look sees: nothing wrong, something wrong (for 30 s before anybody is told), the same but urgent, or nothing at all. */
type Seen = 'well' | 'wrong' | 'urgent' | 'unknown';
const condition = (seen: Seen): Condition => ({
  ...at,
  holds: seen === 'unknown' ? null : seen !== 'well',
  severity: seen === 'urgent' ? 'urgent' : 'notice',
  detail: seen,
  afterMs: 30_000,
});

/** Looks at these seconds; answers the open alarm's state after each, and what people were told. */
function looks(course: readonly [second: number, seen: Seen][], silences: readonly SilenceScope[] = []) {
  let open: Alarm[] = [];
  const states: string[] = [];
  const told: string[] = [];
  for (const [second, seen] of course) {
    const changes = nextAlarms(open, [condition(seen)], silences, start + second * 1_000);
    states.push(changes.alarms[0]?.state ?? '-');
    told.push(...changes.told.map(({ state, severity }) => `${second} ${state} ${severity}`));
    open = changes.alarms.filter(({ state }) => state !== 'resolved');
  }
  return { states: states.join(' '), told };
}

const quiet = quietMs / 1_000;
const silenced = (until: number, scope: Partial<SilenceScope> = {}): SilenceScope[] => [
  { rule: null, dataset: null, place: null, untilMs: start + until * 1_000, ...scope },
];

// This table is the proof that alarms come, stay and go as they should.
const situations: [string, [number, Seen][], SilenceScope[], string, string[]][] = [
  [
    'nothing is wrong',
    [
      [0, 'well'],
      [5, 'well'],
    ],
    [],
    '- -',
    [],
  ],
  [
    'something is wrong for a moment',
    [
      [0, 'wrong'],
      [5, 'well'],
    ],
    [],
    'pending -',
    [],
  ],
  [
    'it lasts just long enough',
    [
      [0, 'wrong'],
      [29, 'wrong'],
      [30, 'wrong'],
    ],
    [],
    'pending pending firing',
    ['30 firing notice'],
  ],
  [
    'it lasts, and is told once',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [35, 'wrong'],
      [900, 'wrong'],
    ],
    [],
    'pending firing firing firing',
    ['30 firing notice'],
  ],
  [
    'it comes and goes sooner than that',
    [
      [0, 'wrong'],
      [20, 'well'],
      [25, 'wrong'],
      [50, 'wrong'],
      [55, 'wrong'],
    ],
    [],
    'pending - pending pending firing',
    ['55 firing notice'],
  ],
  [
    'it is over for long enough',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'well'],
      [39 + quiet, 'well'],
      [40 + quiet, 'well'],
    ],
    [],
    'pending firing firing firing resolved',
    ['30 firing notice', `${40 + quiet} resolved notice`],
  ],
  [
    'it comes back before it is over: the same alarm',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'well'],
      [100, 'wrong'],
      [101 + quiet, 'well'],
      [200 + quiet, 'well'],
    ],
    [],
    'pending firing firing firing firing firing',
    ['30 firing notice'],
  ],
  [
    'it comes back after it was over: another alarm',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'well'],
      [40 + quiet, 'well'],
      [200, 'wrong'],
      [230, 'wrong'],
    ],
    [],
    'pending firing firing resolved pending firing',
    ['30 firing notice', `${40 + quiet} resolved notice`, '230 firing notice'],
  ],
  [
    'it is not known whether it is still so',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'unknown'],
      [40 + 2 * quiet, 'unknown'],
    ],
    [],
    'pending firing firing firing',
    ['30 firing notice'],
  ],
  [
    'what is not known interrupts an end',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'well'],
      [50, 'unknown'],
      [40 + quiet, 'well'],
    ],
    [],
    'pending firing firing firing firing',
    ['30 firing notice'],
  ],
  [
    'what is not known raises nothing',
    [
      [0, 'wrong'],
      [30, 'unknown'],
      [35, 'wrong'],
    ],
    [],
    'pending pending firing',
    ['35 firing notice'],
  ],
  [
    'it grows urgent',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'urgent'],
      [45, 'urgent'],
      [50, 'wrong'],
      [55, 'urgent'],
    ],
    [],
    'pending firing firing firing firing firing',
    ['30 firing notice', '40 firing urgent'],
  ],
  [
    'it is silenced until it is nearly over, and nobody is told of its end either',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [40, 'well'],
      [40 + quiet, 'well'],
    ],
    silenced(41),
    'pending firing firing resolved',
    [],
  ],
  [
    'the silence ends before it does',
    [
      [0, 'wrong'],
      [30, 'wrong'],
      [59, 'wrong'],
      [60, 'wrong'],
    ],
    silenced(60),
    'pending firing firing firing',
    ['60 firing notice'],
  ],
  [
    'another place is silenced',
    [
      [0, 'wrong'],
      [30, 'wrong'],
    ],
    silenced(900, { place: 'housing' }),
    'pending firing',
    ['30 firing notice'],
  ],
  [
    'its rule and dataset are silenced',
    [
      [0, 'wrong'],
      [30, 'wrong'],
    ],
    silenced(900, { rule: 'lag', dataset: 'psb.vehicle' }),
    'pending firing',
    [],
  ],
];

describe('an alarm', () => {
  it.each(situations)('%s', (_, course, silences, states, told) => {
    expect(looks(course, silences)).toEqual({ states, told });
  });

  it('ends when what it is about is no longer looked at', () => {
    const firing: Alarm = {
      ...at,
      id: 1,
      state: 'firing',
      severity: 'notice',
      detail: '',
      sinceMs: 0,
      firedMs: 0,
      clearSinceMs: 1,
      resolvedMs: null,
      toldAs: 'notice',
    };
    expect(nextAlarms([firing], [], [], quietMs + 1).alarms).toMatchObject([{ state: 'resolved' }]);
  });

  it('is one for each rule, dataset and place, however often it is looked at', () => {
    const places = fc.constantFrom('population', 'housing');
    const look = fc.array(fc.tuple(places, fc.constantFrom<Seen>('well', 'wrong', 'urgent', 'unknown')));
    fc.assert(
      fc.property(fc.array(fc.tuple(look, fc.integer({ min: 0, max: 200_000 }))), (course) => {
        let open: Alarm[] = [];
        let nowMs = start;
        const firing = new Set<string>();
        for (const [seen, laterMs] of course) {
          nowMs += laterMs;
          const conditions = [...new Map(seen.map(([place, what]) => [place, { ...condition(what), place }])).values()];
          const { alarms, dropped, told } = nextAlarms(open, conditions, [], nowMs);
          const keys = alarms.map(alarmKey);
          expect(new Set(keys).size).toBe(keys.length);
          for (const alarm of told) {
            const key = alarmKey(alarm);
            // Nobody is told of an end without a beginning, nor twice of a beginning that is no worse.
            expect(alarm.state === 'resolved' ? firing.has(key) : !firing.has(key) || alarm.severity === 'urgent').toBe(
              true,
            );
            if (alarm.state === 'resolved') firing.delete(key);
            else firing.add(key);
          }
          expect(dropped.every(({ state }) => state === 'pending')).toBe(true);
          open = alarms.filter(({ state }) => state !== 'resolved');
        }
      }),
    );
  });
});
