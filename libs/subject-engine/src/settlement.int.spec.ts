import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlainFact } from './oracle.ts';
import { readHistory, readSubject, settledPart, type SubjectReading } from './read.ts';
import { relayChanges } from './relay.ts';
import {
  alphabet,
  arrivalOf,
  arrive,
  certificate,
  cremation,
  deceased,
  household,
  isSettled,
  isSettledBy,
  startMs,
  windowMs,
  type Accepted,
  type World,
} from './test-arrivals.spec.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

const [deceasedPlan, personPlan] = [deceased.subjects[0]!, people.subjects[0]!];
const heardMs = (): number => Infinity;
let [town, city]: TestPeople[] = [];

beforeAll(async () => {
  [town, city] = await Promise.all([TestPeople.create(deceased), TestPeople.create()]);
});
afterEach(() => Promise.all([town!.empty(), city!.empty()]));
afterAll(() => Promise.all([town!.drop(), city!.drop()]));

/** Plays a word of the model upon the engine about one person; the model's world goes along. */
async function play(subjectId: string, word: readonly string[]): Promise<World> {
  let world: World = { nowMs: startMs, records: {} };
  const sent = new Map<string, PlainFact>();
  for (const letter of word) {
    const passes = alphabet[letter]!;
    const fact = arrivalOf(world, letter);
    if (fact) {
      const known = sent.get(fact.event.event_id) ?? today(fact, subjectId, world);
      sent.set(known.event.event_id, known);
      // Two things of one millisecond are in no order, and the model has none such.
      await sleep(2);
      expect(await town!.apply(known)).toMatchObject({ outcomes: { parked: 0 } });
    } else if (typeof passes === 'number') {
      await town!.age([subjectId], passes);
      for (const [id, { event, ...one }] of sent)
        sent.set(id, { ...one, event: { ...event, recorded_at: event.recorded_at - passes } });
    }
    world = arrive(world, letter);
  }
  return world;
}

/** The model's fact about this person, by today's clock. */
function today({ dataset, event }: PlainFact, subjectId: string, world: World): PlainFact {
  const data = event.data && { ...event.data, citizenId: subjectId };
  const recordedMs = Date.now() + (event.recorded_at - world.nowMs);
  return { dataset, subjectId, event: { ...event, recorded_at: recordedMs, data } };
}

/** What the model says of each change that the engine wrote: whether it has settled, and whether it was a late annulment. */
function expectedOf(world: World, eventIds: readonly string[]): { provisional: boolean; late: boolean } {
  const versions = Object.values(world.records).flat();
  const one = versions.find(({ fact }) => eventIds.includes(fact.event.event_id)) as Accepted;
  const settled = one.supersededMs === null ? isSettled(world, one) : isSettledBy(world, one, one.supersededMs, 1);
  return { provisional: !settled, late: one.isLate };
}

const words = [
  'create',
  'create month',
  'create duplicate month',
  'create tenDays tenDays correct tenDays tenDays',
  'create month correct',
  'create month annul',
  'create annul month',
  'create cease month',
  'create cremate',
  'create cancel',
  'create moveOut',
  'create cremate tenDays',
  'create cancel correct',
  'create cancel annul',
  'create cremate uncremate',
  'cremate create tenDays uncremate',
  'register late create late',
  'register create month cancel correct',
  'create cancel month annul create',
  'late create duplicate tenDays late month',
].map((word) => word.split(' '));

describe('what is provisional, read from the engine’s tables', () => {
  it.each(words.map((word) => [word.join(' '), word] as const))('is what the model says: %s', async (_, word) => {
    const world = await play('p1', word);
    const reading = await readSubject(town!.database, deceasedPlan, 'p1', { heardMs });
    const open = Object.entries(world.records)
      .filter(([, versions]) => !isSettled(world, versions.at(-1)!))
      .map(([dataset]) => dataset);
    // Fields of one source each, so that there is nothing to weigh.
    for (const [field, dataset] of [
      ['certified', certificate],
      ['cremations', cremation],
    ] as const)
      expect([field, Object.hasOwn(reading?.provisional ?? {}, field)]).toEqual([
        field,
        reading !== undefined && open.includes(dataset),
      ]);
    const history = await readHistory(town!.database, deceasedPlan, 'p1', { limit: 100, heardMs });
    expect(history.map(({ provisional, late }) => ({ provisional, late }))).toEqual(
      history.map(({ eventIds }) => expectedOf(world, eventIds)),
    );
    for (const { provisional, settlesAt } of history)
      if (!provisional) expect(Date.parse(settlesAt!)).toBeLessThanOrEqual(Date.now());
  });

  it('is as of the same instant as the record, and settles at the end of the window that it says', async () => {
    await play('p1', ['create']);
    const { rows } = await town!.database.query<{ at: Date }>(
      'select applied_at as at from fact_nhc_death_certificate',
    );
    const appliedMs = rows[0]!.at.getTime();
    const reading = await readSubject(town!.database, deceasedPlan, 'p1', { heardMs });
    expect(Math.abs(Date.parse(reading!.provisional['certified']!) - appliedMs - windowMs)).toBeLessThan(2);
    await town!.age(['p1'], 31 * 86_400_000);
    const known = new Date(Date.now() - 86_400_000 * 5);
    const then = await readSubject(town!.database, deceasedPlan, 'p1', { heardMs, knownAt: known });
    expect(Object.keys(then!.provisional)).toEqual(['name', 'birthDate', 'certified']);
    const now = await readSubject(town!.database, deceasedPlan, 'p1', { heardMs });
    expect(now!.provisional).toEqual({});
  });

  it('is everything where nobody says up to when the sources were heard of', async () => {
    await play('p1', ['create', 'month']);
    const reading = await readSubject(town!.database, deceasedPlan, 'p1');
    expect(Object.keys(reading!.provisional)).toEqual(['name', 'birthDate', 'certified']);
  });

  it('is not known while an event of the subject is parked, and of no other subject', async () => {
    for (const id of ['p1', 'p2']) await play(id, ['create', 'month']);
    const { rows } = await town!.database.query<{ at: Date }>(
      'select recorded_at as at from fact_nhc_death_certificate',
    );
    const conflict = factOf({ dataset: certificate, subjectId: 'p1', version: 2, data: { name: '另' } });
    const event = { ...conflict.event, source_record_id: 'r1', recorded_at: rows[0]!.at.getTime() };
    expect(await town!.apply({ ...conflict, event })).toMatchObject({ outcomes: { parked: 1 } });
    const read = async (id: string): Promise<SubjectReading> =>
      (await readSubject(town!.database, deceasedPlan, id, { heardMs }))!;
    expect((await read('p1')).provisional).toEqual({ name: null, birthDate: null, certified: null });
    expect((await read('p2')).provisional).toEqual({});
    const [change] = await readHistory(town!.database, deceasedPlan, 'p1', { limit: 1, heardMs });
    expect(change).toMatchObject({ provisional: true, settlesAt: null });
    expect(Object.keys(settledPart(await read('p1')).record)).toEqual(['cremations', 'registered']);
    expect(settledPart(await read('p2'))).toEqual(await read('p2'));
  });

  it('is every field while ids are linked, or parted, within a window', async () => {
    const read = async (id: string): Promise<string[]> =>
      Object.keys((await readSubject(city!.database, personPlan, id, { heardMs }))!.provisional);
    const all = personPlan.fields.map(({ name }) => name);
    const permit = { dataset: 'psb.residence-permit', subjectId: 'p2' } as const;
    const month = 31 * 86_400_000;
    for (const subjectId of ['p1', 'p2']) await city!.apply(factOf({ subjectId, version: 1, data: { name: '甲' } }));
    await city!.age(['p1', 'p2'], month);
    expect(await read('p1')).toEqual([]);
    await city!.apply(factOf({ ...permit, version: 1, data: { name: '甲', formerCardNo: 'p1' } }));
    expect(await read('p2')).toEqual(all);
    await city!.age(['p1', 'p2'], month);
    expect(await read('p2')).toEqual([]);
    await city!.apply(factOf({ ...permit, version: 2, verb: 'CORRECTED', data: { name: '甲' } }));
    expect([await read('p1'), await read('p2')]).toEqual([all, all]);
    await city!.age(['p1', 'p2'], month);
    expect([await read('p1'), await read('p2')]).toEqual([[], []]);
  });

  it('travels with the change that is relayed', async () => {
    await play('p1', ['create', 'cancel']);
    await play('p2', ['create']);
    const sent: Record<string, unknown>[] = [];
    await relayChanges(town!.database, deceased, [0, 1, 2, 3], async (_topic, messages) => {
      for (const { value } of messages) sent.push(JSON.parse(value!.toString()) as Record<string, unknown>);
    });
    const told = sent.map(({ subject, provisional, data }) => [
      subject,
      (data as { dataset: string }).dataset,
      provisional,
    ]);
    expect(told.toSorted()).toEqual([
      ['p1', certificate, false],
      ['p1', household, true],
      ['p2', certificate, true],
    ]);
    for (const { time, settlesat } of sent)
      expect(Date.parse(settlesat as string) - Date.parse(time as string)).toBe(windowMs);
  });
});
