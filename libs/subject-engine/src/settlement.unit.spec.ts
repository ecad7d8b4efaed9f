import type { DatasetName } from '@huitong/change-event';
import { describe, expect, it } from '@jest/globals';
import { deriveRecords, type PlainFact } from './oracle.ts';
import { provisionalFields, settlementOfChange, type ChangeCause, type SettlementGrounds } from './settlement.ts';
import {
  alphabet,
  arrive,
  certificate,
  cremation,
  currentOf,
  deceased,
  household,
  isSettled,
  isSettledBy,
  startMs,
  windowMs,
  type Accepted,
  type World,
} from './test-arrivals.spec.ts';

const plan = deceased.subjects[0]!;

const possible = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

/** Every field in each world that annulling what is not settled could lead to: any earlier version stands, or none. */
function possibleValues(world: World): ReadonlyMap<string, ReadonlySet<string>> {
  const optionsOf = Object.values(world.records).map((versions): (PlainFact | undefined)[] => {
    const current = versions.at(-1)!;
    return isSettled(world, current) ? [current.fact] : [undefined, ...versions.map(({ fact }) => fact)];
  });
  // Thousands of states differ only in what time it is.
  const key = optionsOf.flat().map((fact) => fact && [fact.event.event_id, fact.event.verb]);
  const known = possible.get(key.join(' '));
  if (known) return known;
  let choices: PlainFact[][] = [[]];
  for (const options of optionsOf)
    choices = choices.flatMap((chosen) => options.map((fact) => (fact ? [...chosen, fact] : chosen)));
  const nothing = { name: null, birthDate: null, certified: false, cremations: 0, registered: false };
  const values = new Map(plan.fields.map(({ name }) => [name, new Set<string>()]));
  for (const facts of choices) {
    const record: Record<string, unknown> = deriveRecords(deceased, facts).get('deceased')!.get('p1') ?? nothing;
    for (const [name, seen] of values) seen.add(JSON.stringify(record[name]));
  }
  possible.set(key.join(' '), values);
  return values;
}

const standings = (world: World): Pick<SettlementGrounds, 'facts' | 'parked'> => ({
  facts: Object.values(world.records).map((versions) => {
    const { fact, sinceMs } = versions.at(-1)!;
    return { dataset: fact.dataset, verb: fact.event.verb, reason: fact.event.reason, sinceMs };
  }),
  parked: [],
});

/** The source of each value, as the read statement finds it. */
function sourcesOf(world: World): Map<string, string> {
  const stands = (dataset: DatasetName, field: string): boolean => {
    const event = currentOf(world, dataset)?.fact.event;
    return Boolean((event?.data as Record<string, unknown> | null | undefined)?.[field]);
  };
  const sources = new Map<string, string>();
  for (const [field, ranked] of [
    ['name', [household, certificate]],
    ['birthDate', [certificate, cremation]],
  ] as const) {
    const source = ranked.find((dataset) => stands(dataset, field));
    if (source) sources.set(field, source);
  }
  return sources;
}

const provisionalIn = (world: World, nowMs = world.nowMs): Record<string, string | null> =>
  provisionalFields(plan, sourcesOf(world), { ...standings(world), links: [] }, { nowMs, heardMs: () => nowMs });

function causeOf({ fact, sinceMs, appliedMs, supersededMs }: Accepted, before: Accepted | undefined): ChangeCause {
  const { verb, reason } = fact.event;
  const replacedSinceMs = before?.sinceMs ?? null;
  return { dataset: fact.dataset, verb, reason, sinceMs, appliedMs, supersededMs, replacedSinceMs };
}

/** All states that words of up to `depth` of these letters lead to; words that lead to the same state count once. */
function* statesOf(letters: readonly string[], depth: number): Generator<{ world: World; path: readonly string[] }> {
  const seen = new Set<string>();
  let frontier: { world: World; path: readonly string[] }[] = [{ world: { nowMs: startMs, records: {} }, path: [] }];
  for (let length = 0; length < depth; length += 1) {
    const next: typeof frontier = [];
    for (const { world, path } of frontier)
      for (const letter of letters) {
        const reached = arrive(world, letter);
        const key = JSON.stringify([reached.nowMs, reached.records]);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push({ world: reached, path: [...path, letter] });
      }
    yield* next;
    frontier = next;
  }
}

/** Every register for short, one and its counterpart for long. */
const words: [letters: readonly string[], depth: number][] = [
  [Object.keys(alphabet), 4],
  [['create', 'annul', 'late', 'duplicate', 'cremate', 'month'], 6],
];

describe.each(words)('settling, over all words of %j up to length %i', (letters, depth) => {
  const states = [...statesOf(letters, depth)];

  it('looks at thousands of states', () => {
    expect(states.length).toBeGreaterThan(2_000);
  });

  it('calls no value settled that annulling what is provisional could change', () => {
    for (const { world, path } of states) {
      const provisional = provisionalIn(world);
      for (const [field, values] of possibleValues(world))
        if (values.size > 1 && !Object.hasOwn(provisional, field))
          throw new Error(`${field} is called settled, though it may become other: ${path.join(' ')}`);
    }
  });

  it('calls provisional no field whose sources are all settled', () => {
    for (const { world, path } of states)
      for (const field of Object.keys(provisionalIn(world))) {
        const { datasets } = plan.fields.find(({ name }) => name === field)!;
        const open = datasets.some((dataset) => {
          const current = currentOf(world, dataset);
          return current && !isSettled(world, current);
        });
        if (!open) throw new Error(`${field} is called provisional without a reason: ${path.join(' ')}`);
      }
  });

  it('settles everything by waiting, at the instant that it said, and nothing sooner', () => {
    for (const { world, path } of states) {
      const said = Object.entries(provisionalIn(world));
      for (const at of new Set(said.map(([, instant]) => Date.parse(instant!)))) {
        const [before, then] = [provisionalIn(world, at - 1), provisionalIn(world, at)];
        for (const [field, instant] of said)
          if (Date.parse(instant!) === at && (Object.hasOwn(then, field) || !Object.hasOwn(before, field)))
            throw new Error(`${field} does not settle when it said: ${path.join(' ')}`);
      }
    }
  });

  it('tells of each change whether it is provisional, settled, overtaken or a late annulment', () => {
    for (const { world, path } of states)
      for (const versions of Object.values(world.records))
        versions.forEach((one, at) => {
          const told = settlementOfChange(
            plan,
            { sinceMs: one.sinceMs, causes: [causeOf(one, versions[at - 1])] },
            standings(world),
            { nowMs: world.nowMs, heardMs: () => world.nowMs },
          );
          const { dataset, event } = one.fact;
          // Within a millisecond nobody knows what was first.
          const settled =
            one.supersededMs === null ? isSettled(world, one) : isSettledBy(world, one, one.supersededMs, 1);
          const expected = { provisional: !settled, late: one.isLate };
          const where = `version ${event.source_version} of ${dataset}: ${path.join(' ')}`;
          if (told.provisional !== expected.provisional || told.late !== expected.late)
            throw new Error(`${JSON.stringify(told)}, not ${JSON.stringify(expected)}, of ${where}`);
          // Whoever was told that it is settled may have acted on it, and only then.
          if (!told.provisional && !one.wasSettled) throw new Error(`never was settled: ${where}`);
          if ((told.settlesAt === null) !== (one.supersededMs !== null && !settled))
            throw new Error(`says ${told.settlesAt}: ${where}`);
        });
  });
});

describe('the clock of settling', () => {
  const fact = { dataset: certificate, verb: 'CREATED', reason: 'INITIAL_LOAD', sinceMs: startMs } as const;
  const grounds = { facts: [fact], links: [], parked: [] };
  const lateMs = startMs + 2 * windowMs;
  const certified = (
    heardMs: number | undefined,
    changes: Partial<SettlementGrounds> = {},
  ): string | null | undefined =>
    provisionalFields(plan, new Map(), { ...grounds, ...changes }, { nowMs: lateMs, heardMs: () => heardMs })[
      'certified'
    ];

  it('does not run beyond what the source has been heard of: an annulment may be waiting', () => {
    const end = new Date(startMs + windowMs).toISOString();
    expect(certified(startMs + windowMs)).toBeUndefined();
    expect(certified(startMs + windowMs - 1)).toBe(end);
    expect(certified(undefined)).toBe(end);
    expect(certified(lateMs + windowMs)).toBeUndefined();
  });

  it('stands still while an event of the subject is parked, also for what that dataset vouches for', () => {
    expect(certified(lateMs, { parked: [certificate] })).toBeNull();
    expect(certified(lateMs, { facts: [], parked: [certificate] })).toBeNull();
    const cremated = { ...fact, dataset: cremation } as const;
    const fresh = { ...fact, sinceMs: lateMs };
    expect(certified(lateMs, { facts: [fresh, cremated] })).toBeUndefined();
    expect(certified(lateMs, { facts: [fresh, cremated], parked: [cremation] })).not.toBeUndefined();
  });

  it('does not let a counterpart settle what was replaced in the same millisecond', () => {
    const clock = { nowMs: startMs, heardMs: () => startMs };
    const vouching = { facts: [{ ...fact, dataset: cremation } as const], parked: [] };
    const of = (supersededMs: number) =>
      settlementOfChange(
        plan,
        { sinceMs: startMs, causes: [{ ...fact, appliedMs: startMs, supersededMs, replacedSinceMs: null }] },
        vouching,
        clock,
      ).provisional;
    expect([of(startMs), of(startMs + 1)]).toEqual([true, false]);
  });

  it('makes every field wait for a link between ids', () => {
    const link = { dataset: household, sinceMs: lateMs } as const;
    const provisional = provisionalFields(
      plan,
      new Map(),
      { ...grounds, links: [link] },
      { nowMs: lateMs, heardMs: () => lateMs },
    );
    expect(Object.keys(provisional)).toEqual(plan.fields.map(({ name }) => name));
  });

  it('gives a repair the longest window of the subject, and never settles what is not known', () => {
    const clock = { nowMs: lateMs, heardMs: () => lateMs };
    const of = (causes: undefined[]) => settlementOfChange(plan, { sinceMs: lateMs, causes }, grounds, clock);
    expect(of([])).toEqual({
      provisional: true,
      settlesAt: new Date(lateMs + windowMs).toISOString(),
      late: false,
    });
    expect(of([undefined])).toEqual({ provisional: true, settlesAt: null, late: false });
  });
});
