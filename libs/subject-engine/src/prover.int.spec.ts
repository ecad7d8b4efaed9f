import { laneOf, type DatasetName } from '@huitong/change-event';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { claimLanes } from './lanes.ts';
import { deriveRecords, keepNewest, type PlainFact } from './oracle.ts';
import { doProofRequests } from './proof-requests.ts';
import { factOf, lanes, people, TestPeople } from './test-people.spec.ts';
import { TestProver, TestRegister } from './test-register.spec.ts';

const dataset = 'psb.residence-permit';
const table = 'fact_psb_residence_permit';
const allLanes = Array.from({ length: lanes }, (_, lane) => lane);

jest.setTimeout(60_000);

let city: TestPeople;
let source: TestProver;
beforeAll(async () => {
  city = await TestPeople.create();
  source = new TestProver(city, city.url);
});
afterEach(async () => {
  source.skipped.length = 0;
  await city.empty();
});
afterAll(async () => {
  await source.prover.stop();
  await city.drop();
});

const permit = (
  subject: number,
  record: number,
  version: number,
  more: Partial<Parameters<typeof factOf>[0]> = {},
): PlainFact =>
  factOf({
    dataset,
    subjectId: `p${subject}`,
    record: `r${record}`,
    version,
    validFrom: '2020-01-01',
    data: { name: `某${subject}`, residenceAddress: `路 ${version} 号`, issuedDate: '2024-05-01' },
    ...more,
  });

async function request(more: { repair?: boolean; atMost?: number; of?: DatasetName } = {}): Promise<number> {
  const { rows } = await city.database.query<{ id: number }>(
    `insert into proof_request (dataset, repair, at_most, requested_by) values ($1, $2, $3, 'operator') returning id`,
    [more.of ?? dataset, more.repair ?? true, more.atMost ?? 100],
  );
  return rows[0]!.id;
}
const outcomeOf = async (id: number): Promise<string | null> =>
  (await city.database.query<{ outcome: string | null }>('select outcome from proof_request where id = $1', [id]))
    .rows[0]!.outcome;
const work = (): Promise<number> => doProofRequests(city.database, people, allLanes);

async function differences(): Promise<Record<string, number>> {
  const { rows } = await city.database.query<{ kind: string; count: number }>(
    `select kind || case when parked then ' parked' else '' end as kind, count(*) as count from proof_difference group by 1`,
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

/** The facts but for when they were applied. */
async function dump(): Promise<Map<string, unknown>> {
  const { rows } = await city.database.query<{ key: string; fact: unknown }>(
    `select subject_id || '/' || source_record_id as key, to_jsonb(f) - 'applied_at' as fact from ${table} f`,
  );
  return new Map(rows.map(({ key, fact }) => [key, fact]));
}

/** Answers as the department does until nothing more is asked, and proves again. */
async function repairAll(registers: readonly TestRegister[]): Promise<void> {
  for (let round = 0; round < 4 && (await source.differing(dataset)).length > 0; round += 1) {
    await source.answerInventories(registers);
    await work();
    const wanted = new Set((await source.wanted(dataset)).map((row) => `${row.subject_id}/${row.source_record_id}`));
    const again = registers
      .flatMap((register) => register.facts())
      .filter(({ subjectId, event }) => wanted.has(`${subjectId}/${event.source_record_id}`));
    await city.apply(...again);
    await source.check(registers);
  }
  await work();
}

describe('a proof', () => {
  it('is equal whatever is created, corrected, ceased, annulled, doubled or late, while traffic goes on', async () => {
    const step = fc.record({
      subject: fc.nat(20),
      record: fc.nat(2),
      version: fc.integer({ min: 1, max: 4 }),
      verb: fc.constantFrom('CREATED', 'CORRECTED', 'CEASED', 'ANNULLED'),
      register: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(30), async (steps, cut) => {
        await city.empty();
        const registers = [new TestRegister(dataset), new TestRegister(dataset, 'file')];
        const facts = new Map<string, PlainFact>();
        const made = steps.map(({ subject, record, version, verb, register }) => {
          // A record belongs to one register, and a version of it says one thing.
          const key = `${subject}/${record}/${register}/${version}`;
          if (!facts.has(key)) facts.set(key, permit(subject, register ? record + 10 : record, version, { verb }));
          return { register: registers[Number(register)]!, fact: facts.get(key)! };
        });
        for (const { register, fact } of made.slice(0, cut)) register.take(fact);
        if (cut > 0) await city.apply(...made.slice(0, cut).map(({ fact }) => fact));
        const later = made.slice(cut).map(({ fact }) => fact);
        await source.check(registers, async () => later.length > 0 && city.apply(...later));
        expect(await source.differing(dataset)).toEqual([]);
        const { rows } = await city.database.query<{ held: number }>('select sum(held)::bigint as held from proof');
        expect(rows[0]!.held).toBe(registers.flatMap((register) => register.facts()).length);
      }),
      { numRuns: 25 },
    );
  });

  it('finds what was altered, deleted and added by hand, has it mended by its source, and touches nothing else', async () => {
    const register = new TestRegister(dataset);
    const facts = Array.from({ length: 600 }, (_, at) =>
      permit(at, at % 3, 2, at % 50 === 7 ? { verb: 'ANNULLED' } : {}),
    );
    register.take(...facts);
    await city.apply(...facts);
    await source.check([register]);
    const [before, records] = [await dump(), await city.records()];
    const changes = [
      ...[1, 2, 3].map((at) => `update ${table} set "residenceAddress" = '改' where subject_id = 'p${at}'`),
      `update ${table} set name = null where subject_id = 'p11'`,
      `update ${table} set source_version = 999 where subject_id = 'p12'`,
      `update ${table} set source_version = 1 where subject_id = 'p13'`,
      `update ${table} set verb = 'CEASED' where subject_id = 'p14'`,
      `update ${table} set verb = 'ANNULLED' where subject_id = 'p15'`,
      `update ${table} set valid_from = null where subject_id = 'p16'`,
      `update ${table} set recorded_at = now() where subject_id = 'p17'`,
      `update ${table} set source_record_id = 'another' where subject_id = 'p18'`,
      `update ${table} set subject_id = 'p19x' where subject_id = 'p19'`,
      `update ${table} set lane = (lane + 1) % ${lanes} where subject_id = 'p20'`,
      `update ${table} set "formerCardNo" = 'p22' where subject_id = 'p21'`,
      `update ${table} set verb = 'CREATED', name = '不该有' where subject_id = 'p57'`,
      ...[30, 31, 32, 107].map((at) => `delete from ${table} where subject_id = 'p${at}'`),
      ...[40, 41, 42].map(
        (
          at,
        ) => `insert into ${table} select ('x' || subject_id), source_record_id, source_version, gen_random_uuid(), verb, reason, recorded_at
          from ${table} where subject_id = 'p${at}'`,
      ),
      // With the id of a real event, and without a lane.
      `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at)
        select subject_id, 'copied', source_version, event_id, verb, reason, recorded_at from ${table} where subject_id = 'p43'`,
      `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at, "formerCardNo")
        values ('p44', 'linked', 1, gen_random_uuid(), 'CREATED', 'INITIAL_LOAD', now(), 'p45')`,
    ];
    for (const change of changes.map((text) =>
      text.includes('insert') && text.includes('select (')
        ? text.replace(
            `insert into ${table} `,
            `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at) `,
          )
        : text,
    ))
      expect((await city.database.query(change)).rowCount).toBe(1);
    await source.check([register]);
    const id = await request();
    await repairAll([register]);
    expect(await outcomeOf(id)).toBe('equal');
    expect(await source.differing(dataset)).toEqual([]);
    expect(await dump()).toEqual(before);
    expect(await city.records()).toEqual(records);
    const kept = await city.database.query<{ kind: string; who: string }>(
      `select f.kind, r.requested_by as who from repaired_fact f join proof_request r on r.id = f.request_id where f.fact ? 'event_id'`,
    );
    expect(kept.rows.filter(({ kind }) => kind === 'taken out')).toHaveLength(7);
    expect(kept.rows.every(({ who }) => who === 'operator')).toBe(true);
    expect(await city.parked()).toEqual([]);
  });

  it('never takes out what was published, whatever its source claims', async () => {
    const register = new TestRegister(dataset);
    const facts = Array.from({ length: 40 }, (_, at) => permit(at, 1, 1));
    await city.apply(...facts);
    const before = await dump();
    await source.check([register]);
    const id = await request();
    await repairAll([register]);
    expect(await dump()).toEqual(before);
    expect(await differences()).toEqual({ unstated: 40 });
    expect(await outcomeOf(id)).toBe('differs');
  });

  it('changes no more rows than the operator allowed', async () => {
    const register = new TestRegister(dataset);
    const facts = Array.from({ length: 40 }, (_, at) => permit(at, 1, 1));
    register.take(...facts);
    await city.apply(...facts);
    await city.database.query(`update ${table} set name = '改' where subject_id in ('p1', 'p2', 'p3')`);
    const before = await dump();
    await source.check([register]);
    const id = await request({ atMost: 2 });
    await source.answerInventories([register]);
    await work();
    expect(await outcomeOf(id)).toBe('refused: 3');
    expect(await source.wanted(dataset)).toEqual([]);
    expect(await dump()).toEqual(before);
  });

  it('leaves a row alone that its source has meanwhile published after all', async () => {
    const register = new TestRegister(dataset);
    const facts = [permit(1, 1, 1), permit(2, 1, 1)];
    register.take(...facts);
    await city.apply(...facts);
    const intruder = permit(3, 9, 1);
    await city.database.query(
      `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at)
       values ('p3', $1, 1, gen_random_uuid(), 'CREATED', 'INITIAL_LOAD', now())`,
      [intruder.event.source_record_id],
    );
    await source.check([register]);
    await source.answerInventories([register]);
    expect(await differences()).toEqual({ extra: 1 });
    const own = permit(3, 9, 2);
    register.take(own);
    await city.apply(own);
    const id = await request();
    await work();
    await source.check([register]);
    await work();
    expect(await outcomeOf(id)).toBe('equal');
    expect((await city.records()).has('p3')).toBe(true);
  });

  it('names an open parked event as the reason, and leaves it to the operator', async () => {
    const register = new TestRegister(dataset);
    const fact = permit(1, 1, 5);
    await city.apply(fact);
    const newer = permit(1, 1, 5, { data: { name: '另' } });
    await city.apply(newer);
    expect(await city.parked()).toHaveLength(1);
    register.take(newer);
    await source.check([register]);
    const id = await request();
    await repairAll([register]);
    expect(await differences()).toEqual({ 'altered parked': 1 });
    expect(await outcomeOf(id)).toBe('differs');
  });

  it('lets a newer event of an altered record in, and an older one that comes late not', async () => {
    const register = new TestRegister(dataset);
    const all = new Map<string, PlainFact>();
    const facts = [permit(1, 1, 3), permit(2, 1, 3)];
    facts.forEach((fact) => keepNewest(all, fact));
    register.take(...facts);
    await city.apply(...facts);
    await city.database.query(`update ${table} set source_version = 900, name = '改'`);
    await source.check([register]);
    await request();
    await source.answerInventories([register]);
    await work();
    expect(await source.wanted(dataset)).toHaveLength(2);
    const newer = permit(1, 1, 4);
    keepNewest(all, newer);
    register.take(newer);
    // Late, and of no use; then the newer one before the one asked for.
    const before = await dump();
    await city.apply(permit(1, 1, 2), permit(2, 1, 2));
    expect(await dump()).toEqual(before);
    expect(await source.wanted(dataset)).toHaveLength(2);
    await city.apply(newer);
    await city.apply(...facts);
    await source.check([register]);
    expect(await source.differing(dataset)).toEqual([]);
    expect(await city.records()).toEqual(deriveRecords(people, all.values()).get('person'));
    expect(await city.unknownFacts()).toEqual([]);
  });

  it('holds no statement against facts of another place in the stream', async () => {
    const register = new TestRegister(dataset);
    const facts = [permit(1, 1, 1), permit(2, 1, 1)];
    register.take(...facts);
    await city.apply(...facts);
    await source.check([register]);
    await city.apply(permit(1, 2, 1));
    const lane = laneOf('p1', lanes);
    await source.standBehind([city.control(dataset, lane, { kind: 'inventory', ...register.inventory(lane, 0) })]);
    expect(await source.differing(dataset)).toEqual([]);
  });

  it('is none where its connection was cut, and the next one is', async () => {
    const register = new TestRegister(dataset);
    const facts = Array.from({ length: 50 }, (_, at) => permit(at, 1, 1));
    register.take(...facts);
    await city.apply(...facts);
    await source.check([register], () =>
      city.database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'prover' and datname = current_database()`,
      ),
    );
    await source.check([register]);
    const { rows } = await city.database.query<{ held: number; lanes: number }>(
      'select sum(held)::bigint as held, count(distinct lane) as lanes from proof where equal',
    );
    expect(rows).toEqual([{ held: 50, lanes }]);
  });

  it('is none where the lane has gone on, or has another owner', async () => {
    const register = new TestRegister(dataset);
    const fact = permit(1, 1, 1);
    register.take(fact);
    await city.apply(fact);
    const lane = laneOf('p1', lanes);
    const control = city.control(dataset, lane, { kind: 'checkpoint', ...register.checkpoint(lane) });
    await city.engine.apply({ lanes: city.lanes, incoming: [control, city.message(permit(1, 1, 2))] });
    const { topic, offset } = control;
    await source.prover.cut([{ dataset, topic, lane, from: offset, offset }]);
    await source.prover.idle();
    expect((await city.database.query('select 1 from proof')).rows).toEqual([]);
    await claimLanes(city.database, 'another', [lane]);
    expect(await city.apply(permit(1, 1, 3))).toEqual({ status: 'fenced' });
    await city.claim();
  });
});
