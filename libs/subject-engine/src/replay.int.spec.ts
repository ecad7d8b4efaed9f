import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@huitong/postgres';
import { compareRecords } from './compare.ts';
import { allOutcomes } from './event-outcomes.ts';
import { Traffic } from './compare-traffic.spec.ts';
import { deriveRecords } from './oracle.ts';
import { readSubject } from './read.ts';
import { concludeReplay } from './replay-settle.ts';
import { Replay, type Offsets } from './replay.ts';
import type { ReplayFrom } from './replay-schema.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

const personPlan = people.subjects[0]!;
const lanes = [0, 1, 2, 3];
let city: TestPeople;
let next: Database;

beforeAll(async () => {
  city = await TestPeople.create();
  await city.database.query('grant select on person, fact_psb_vehicle to pg_read_all_stats');
  next = openDatabase({
    url: city.url,
    applicationName: 'replay',
    connectionsMax: 3,
    pipelined: true,
    byKey: true,
    schema: 'replay',
    commitsLater: true,
  });
});
beforeEach(async () => {
  // The log begins with the spec.
  city.published.length = 0;
  await city.database.query(`update lane set next_offsets = '{}'`);
  city.restartOffsets();
  await city.claim();
});
afterEach(async () => {
  await city.empty();
  await city.database.query('drop schema if exists replay, replay_previous cascade');
});
afterAll(async () => {
  await next.end();
  await city.drop();
});

/** Reads the log from where the replay's lanes stand, in chunks of its own, until it is stopped or the replay is over. */
class Pump {
  readonly #replay: Replay;
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(replay: Replay, chunk: number) {
    this.#replay = replay;
    this.#running = this.#run(chunk);
    this.#running.catch(() => {});
  }

  async #run(chunk: number): Promise<void> {
    let size = 1;
    while (!this.#stopped) {
      const claims = await this.#replay.claim(lanes);
      if (claims.size === 0) return;
      const at = new Map<string, number>();
      for (const [lane, topics] of claims)
        for (const [topic, { next: offset }] of Object.entries(topics)) at.set(`${topic}/${lane}`, offset);
      let seen = 0;
      for (let status = 'applied'; status === 'applied' && !this.#stopped;) {
        size = 1 + ((size * 7 + 3) % chunk);
        const some = city.published.slice(seen, seen + size);
        seen += some.length;
        const incoming = some.filter(({ lane, topic, offset }) => offset >= (at.get(`${topic}/${lane}`) ?? 0));
        if (some.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        else if (incoming.length > 0) ({ status } = await this.#replay.apply(incoming));
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}

const begin = (from: ReplayFrom = 'log'): Promise<Replay> => Replay.begin(city.database, next, people, from);

async function untilClose(replay: Replay): Promise<void> {
  while ((await replay.position()).behind > 20) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs a replay to its end. */
async function replayed(
  from: ReplayFrom,
  options?: Parameters<typeof concludeReplay>[1],
): ReturnType<typeof concludeReplay> {
  const replay = await begin(from);
  const pump = new Pump(replay, 40);
  await untilClose(replay);
  return concludeReplay(replay, options).finally(() => pump.stop());
}

async function facts(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const { dataset, table } of people.factTables) {
    const { rows } = await city.database.query<{ key: string; event_id: string; data: string }>(
      `select subject_id || ' ' || source_record_id as key, event_id, (to_jsonb(f) - 'applied_at')::text as data from ${table} f`,
    );
    for (const { key, ...row } of rows) found.set(`${dataset} ${key}`, row);
  }
  return found;
}

const read = (id: string, knownAt: Date): Promise<unknown> => readSubject(city.database, personPlan, id, { knownAt });

async function name(id: string): Promise<unknown> {
  return (await city.database.query('select name from fact_psb_household_register where subject_id = $1', [id]))
    .rows[0];
}

const plain = { plates: null, vehicles: 0, lastPaid: null, paidTotal: null, registered: true };

/** What hands and mishaps do to facts and records; subjects `d1` to `d4` are told of by nothing else. */
async function damage(): Promise<void> {
  for (const subjectId of ['d1', 'd2', 'd3'])
    await city.deliver(factOf({ subjectId, version: 1, data: { name: '甲', householdAddress: '镜湖区' } }));
  await city.database.query(`update fact_psb_household_register set name = '假' where subject_id = 'd1'`);
  await city.database
    .query(`with lost as (delete from fact_psb_household_register where subject_id = 'd2' returning event_id)
    , gone as (delete from applied_chunk using lost where event_ids = array[event_id])
    delete from event_log where event_id in (select event_id from lost)`);
  await city.database.query(`update person set name = '丁' where id = 'd3'`);
  await city.database
    .query(`insert into fact_psb_household_register (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at, name)
    select 'd4', 'r', 1, gen_random_uuid(), 'CREATED', 'X', now(), '伪'`);
}

describe('a replay of the log', () => {
  it('swaps in what the log says while traffic goes on, though it was killed in the middle, and goes back', async () => {
    const traffic = new Traffic(city, 11);
    await traffic.load('t', 100, 800);
    // Of these nothing more is told, so that links between ids, which reads take as of today, stay.
    await traffic.load('u', 10, 100);
    const early = new Date();
    const ids = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = await Promise.all(ids.map((id) => read(id, early)));
    await damage();
    traffic.start('t', 100);

    const first = await begin();
    const killed = new Pump(first, 20);
    while ((await first.position()).done < 300) await new Promise((resolve) => setTimeout(resolve, 5));
    await killed.stop();
    const again = await begin();
    expect((await again.position()).done).toBeGreaterThanOrEqual(300);
    const killedLater = new Pump(again, 60);
    await untilClose(again);
    await again.deriveRecords();
    await killedLater.stop();
    const last = await begin();
    const pump = new Pump(last, 60);
    await untilClose(last);
    const outcome = await concludeReplay(last);
    await pump.stop();
    expect(outcome).toMatchObject({
      status: 'swapped',
      unknownEvents: 1,
      subjects: { person: { differences: { missing: 0, extra: 0, differing: 1, fields: { name: 1 } } } },
    });
    expect(outcome.facts['psb.household-register']).toMatchObject({ missing: 1, extra: 1 });

    const swapped = traffic.applied;
    while (traffic.applied < swapped + 200) await new Promise((resolve) => setTimeout(resolve, 10));
    await traffic.stop();
    const oracle = deriveRecords(people, traffic.facts.values()).get('person')!;
    for (const id of ['d1', 'd2', 'd3']) oracle.set(id, { ...plain, name: '甲', address: '镜湖区' });
    expect(await city.records()).toEqual(oracle);
    expect(await city.unknownFacts()).toEqual([]);
    expect(await compareRecords(city.database, personPlan)).toMatchObject({ examples: [] });
    expect(await Promise.all(ids.map((id) => read(id, early)))).toEqual(before);
    const { rows } = await city.database.query(
      `select has_table_privilege('pg_read_all_stats', 'person', 'select') and has_table_privilege('pg_read_all_stats', 'fact_psb_vehicle', 'select') as granted,
        array(select subject_id from person_history where dataset = 'rebuild' and subject_id like 'd%') as told,
        (select count(*) from past_psb_household_register where name in ('假', '伪')) as past,
        (select count(*) from ${allOutcomes()} o) as logged,
        (select count(*) from fact_psb_vehicle f join ${allOutcomes()} e using (event_id) where f.applied_at <> e.applied_at) as moved`,
    );
    expect(rows).toEqual([{ granted: true, told: ['d3'], past: 2, logged: city.published.length, moved: 0 }]);

    traffic.start('t', 100);
    expect(await replayed('previous')).toMatchObject({ status: 'swapped' });
    const back = traffic.applied;
    while (traffic.applied < back + 200) await new Promise((resolve) => setTimeout(resolve, 10));
    await traffic.stop();
    expect(await name('d1')).toEqual({ name: '假' });
    expect(await name('d2')).toBeUndefined();
    expect(await replayed('previous')).toMatchObject({ status: 'swapped' });
    expect(await name('d1')).toEqual({ name: '甲' });
    const expected = await facts();
    expect(expected.size).toBe(traffic.facts.size + 3);
    for (const fact of traffic.facts.values())
      expect(expected.get(`${fact.dataset} ${fact.subjectId} ${fact.event.source_record_id}`)).toMatchObject({
        event_id: fact.event.event_id,
      });
  }, 240_000);

  it('copies facts with the times at which they were first applied, to the microsecond', async () => {
    const of = (at: number) => factOf({ subjectId: `c${at}`, version: 1, data: { name: '甲' } });
    const live = Array.from({ length: 240 }, (_, at) => of(at));
    for (const some of [live.slice(0, 7), live.slice(7, 150), live.slice(150)]) await city.deliver(...some);
    const ahead = Array.from({ length: 60 }, (_, at) => city.message(of(1_000 + at)));
    const replay = await begin();
    await replay.claim(lanes);
    expect(await replay.apply(city.published)).toMatchObject({ outcomes: { applied: 300 } });
    const { rows } = await city.database.query(
      `select count(*) as copied, count(distinct l.applied_at) as times, count(*) filter (where l.applied_at <> n.applied_at) as moved,
        (select count(*) from replay.fact_psb_household_register f where f.applied_at > now() - interval '1 minute' and f.subject_id like 'c1___') as new
      from replay.fact_psb_household_register n join public.fact_psb_household_register l using (subject_id, source_record_id)`,
    );
    expect(rows).toEqual([{ copied: 240, times: 3, moved: 0, new: ahead.length }]);
  }, 120_000);

  it('takes over the time of a fact that the live lanes applied again meanwhile, as after a repair', async () => {
    for (const subjectId of ['r1', 'r2']) await city.deliver(factOf({ subjectId, version: 1, data: { name: '甲' } }));
    const replay = await begin();
    const pump = new Pump(replay, 40);
    while ((await replay.position()).behind > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const repaired = await city.database.query<{ at: Date }>(
      `update fact_psb_household_register set applied_at = now() where subject_id = 'r1' returning applied_at as at`,
    );
    expect(await concludeReplay(replay).finally(() => pump.stop())).toMatchObject({ status: 'swapped' });
    const { rows } = await city.database.query(
      `select applied_at as at from fact_psb_household_register where subject_id = 'r1'`,
    );
    expect(rows).toEqual(repaired.rows);
  }, 120_000);

  it('says what would change, and changes nothing, when it is a trial or too much differs', async () => {
    await damage();
    const [records, stored] = [await city.records(), await facts()];
    expect(await replayed('log', { dryRun: true })).toMatchObject({ status: 'compared', unknownEvents: 1 });
    expect(await replayed('log', { differencesMax: 0 })).toMatchObject({ status: 'refused' });
    expect([await city.records(), await facts()]).toEqual([records, stored]);
    await expect(begin('previous')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  }, 120_000);

  it('goes beyond live lanes that stand still, and back to where they stood', async () => {
    const traffic = new Traffic(city, 12);
    await traffic.load('t', 20, 200);
    const stood = await city.records();
    const waiting = ['w1', 'w2', 'w3'].map((subjectId) => factOf({ subjectId, version: 1, data: { name: '甲' } }));
    waiting.forEach((fact) => city.message(fact));
    const options = { reachWithinMs: 1_000 };
    expect(await replayed('log', options)).toMatchObject({
      status: 'swapped',
      unknownEvents: 0,
      subjects: { person: { differences: { missing: 3, extra: 0, differing: 0 } } },
    });
    expect((await city.records()).size).toBe(stood.size + 3);
    // The lanes stand where the swapped generation does, so nothing is taken in twice.
    expect(
      await city.deliver(factOf({ subjectId: 'w1', version: 2, verb: 'CORRECTED', data: { name: '乙' } })),
    ).toMatchObject({ status: 'applied' });
    await replayed('previous', options);
    expect((await city.records()).get('w1')).toMatchObject({ name: '乙' });
    expect((await city.records()).size).toBe(stood.size + 3);
    expect(await compareRecords(city.database, personPlan)).toMatchObject({ examples: [] });
  }, 120_000);

  it('takes up again what a limit left out, though another limit is in force by then', async () => {
    const messages = [1, 2, 3].map((version) =>
      city.message(
        factOf({ subjectId: 'p', version, verb: version === 1 ? 'CREATED' : 'CORRECTED', data: { name: '甲' } }),
      ),
    );
    const [{ lane, topic, offset }] = messages as [(typeof messages)[0]];
    const upTo = (count: number): Offsets => new Map([[lane, { [topic]: offset + count }]]);
    const replay = await begin();
    await replay.claim(lanes);
    replay.limit(upTo(1));
    expect(await replay.apply(messages.slice(0, 2))).toMatchObject({ status: 'applied' });
    replay.limit();
    replay.limit(upTo(3));
    expect(await replay.apply(messages.slice(2))).toEqual({ status: 'stale' });
    const claims = await replay.claim(lanes);
    expect(claims.get(lane)![topic]!.next).toBe(offset + 1);
    expect(await replay.apply(messages.slice(1))).toMatchObject({
      status: 'applied',
      outcomes: { applied: 1, superseded: 1 },
    });
  });

  it('keeps to what operators decided, and starts over where they decide while it runs', async () => {
    const of = (version: number, name: string) =>
      factOf({ subjectId: 'p', version, verb: version === 1 ? 'CREATED' : 'CORRECTED', data: { name } });
    await city.deliver(of(1, '甲'));
    await city.deliver(of(1, '乙'));
    await city.deliver(of(2, '丙'));
    expect((await city.parked()).map(({ code }) => code)).toEqual(['VERSION_CONFLICT', 'EVENT_HELD_BACK']);
    const replay = await begin();
    const pump = new Pump(replay, 5);
    await untilClose(replay);
    // As an operator discards the conflict and releases what it held back.
    await city.database.query(
      `update parked set state = 'discarded', settled_at = now() where code = 'VERSION_CONFLICT'`,
    );
    await expect(concludeReplay(replay)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await pump.stop();
    expect(await replayed('log')).toMatchObject({ status: 'swapped' });
    expect((await city.records()).get('p')).toMatchObject({ name: '丙' });
    expect((await city.parked()).map(({ state }) => state)).toEqual(['discarded', 'released']);
    const { rows } = await city.database.query(`select outcome from ${allOutcomes()} o order by lane, kafka_offset`);
    expect(rows.map((row) => (row as { outcome: string }).outcome)).toEqual(['applied', 'parked', 'applied']);
  }, 120_000);

  it('applies what operators corrected as they did, and not what they sent back', async () => {
    const [right, back] = ['340204199001011234', '340204199001011242'];
    const payment = (subjectId: string) =>
      factOf({ dataset: 'hrss.pension-payment', subjectId, version: 1, data: { month: '2026-01-01', amount: 'much' } });
    const { event } = payment(right);
    await city.deliver({ dataset: 'hrss.pension-payment', subjectId: right, event });
    await city.deliver(payment(back));
    const corrected = {
      eventId: event.event_id,
      verb: event.verb,
      reason: event.reason,
      sourceRecordId: event.source_record_id,
      sourceVersion: event.source_version,
      recordedAt: new Date(event.recorded_at).toISOString(),
      data: { citizenId: right, month: '2026-01-01', amount: '8.00' },
    };
    const settle = `update parked set settled_at = now(), state = $2, corrected = $3 where subject_id = $1`;
    await city.database.query(settle, [right, 'released', corrected]);
    await city.database.query(settle, [back, 'sent-back', null]);
    expect(await replayed('log')).toMatchObject({ status: 'swapped' });
    expect([...(await city.records())].map(([id, { paidTotal }]) => [id, paidTotal])).toEqual([[right, '8.00']]);
    expect((await city.parked()).map(({ state }) => state)).toEqual(['released', 'sent-back']);
  }, 120_000);
});
