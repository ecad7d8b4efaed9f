import { laneOf } from '@huitong/change-event';
import { openDatabase, type Database } from '@huitong/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { SubjectEngine } from './engine.ts';
import type { Incoming } from './incoming.ts';
import { claimLanes, type Lane } from './lanes.ts';
import { keepNewest, type PlainFact } from './oracle.ts';
import { doProofRequests } from './proof-requests.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';
import { TestProver, TestRegister } from './test-register.spec.ts';

jest.setTimeout(60_000);

const dataset = 'psb.residence-permit';
const table = 'fact_psb_residence_permit';

/** One of the members that share the lanes: an engine, a prover and lanes of its own. */
class Member {
  readonly engine: SubjectEngine;
  lanes: Map<number, Lane> = new Map();
  readonly control: TestPeople['control'] = (...args) => city.control(...args);
  readonly #numbers: readonly number[];
  readonly #pool: Database;
  readonly #prover: TestProver;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
    this.#pool = openDatabase({ url: city.url, applicationName: 'member', connectionsMax: 3, pipelined: true });
    this.engine = new SubjectEngine(this.#pool, people);
    this.#prover = new TestProver(this, city.url);
  }

  get database(): Database {
    return city.database;
  }

  async claim(): Promise<void> {
    const claimed = await claimLanes(city.database, `member ${this.#numbers.join()}`, this.#numbers);
    this.lanes = new Map(claimed.map((lane) => [lane.lane, lane]));
  }

  /** Takes what is of its lanes, a chunk for each turn, as the sync service does: it stands behind every statement. */
  async take(turns: readonly (readonly Incoming[])[]): Promise<void> {
    for (const turn of turns) {
      const mine = turn.filter(({ lane }) => this.lanes.has(lane));
      if (mine.length === 0) continue;
      if (mine[0]!.kind === 'control') await this.#prover.standBehind(mine);
      else if ((await this.engine.apply({ lanes: this.lanes, incoming: mine })).status !== 'applied')
        throw new Error('a member met a lane that is not its own');
      await this.work();
    }
  }

  work(): Promise<number> {
    return doProofRequests(city.database, people, this.#numbers);
  }

  async end(): Promise<void> {
    await this.#prover.prover.stop();
    await this.#pool.end();
  }
}

let city: TestPeople;
let members: Member[];
beforeAll(async () => {
  city = await TestPeople.create();
  members = [new Member([0, 1]), new Member([2, 3])];
});
afterEach(() => city.empty());
afterAll(async () => {
  for (const member of members) await member.end();
  await city.drop();
});

const together = <Result>(work: (member: Member) => Promise<Result>): Promise<Result[]> =>
  Promise.all(members.map(work));

const permit = (subject: number, register: number, version: number): PlainFact =>
  factOf({
    dataset,
    subjectId: `p${subject}`,
    record: `${register}`,
    version,
    validFrom: '2020-01-01',
    data: { name: `某${subject}`, residenceAddress: `路 ${version} 号` },
  });

const statementsOf = (register: TestRegister): Incoming[] =>
  [0, 1, 2, 3].map((lane) => city.control(dataset, lane, { kind: 'checkpoint', ...register.checkpoint(lane) }));

async function request(atMost: number): Promise<number> {
  const { rows } = await city.database.query<{ id: number }>(
    `insert into proof_request (dataset, repair, at_most, requested_by) values ($1, true, $2, 'operator') returning id`,
    [dataset, atMost],
  );
  return rows[0]!.id;
}

async function outcomeOf(id: number): Promise<{ outcome: string | null; repaired: number }> {
  const { rows } = await city.database.query<{ outcome: string | null; repaired: number }>(
    'select outcome, repaired from proof_request where id = $1',
    [id],
  );
  return rows[0]!;
}

/** What the registers are asked now, answered as departments do: each in its turn. */
async function answers(registers: readonly TestRegister[]): Promise<Incoming[][]> {
  const differing = await city.database.query<{ lane: number; bucket: number }>(
    'select lane, bucket from proof where not equal',
  );
  const wanted = await city.database.query<{ key: string }>(
    `select subject_id || '/' || source_record_id as key from proof_difference where request_id is not null`,
  );
  const keys = new Set(wanted.rows.map(({ key }) => key));
  return registers.flatMap((register) => [
    register
      .facts()
      .filter(({ subjectId, event }) => keys.has(`${subjectId}/${event.source_record_id}`))
      .map((fact) => city.message(fact)),
    differing.rows.map(({ lane, bucket }) =>
      city.control(dataset, lane, { kind: 'inventory', ...register.inventory(lane, bucket) }),
    ),
    statementsOf(register),
  ]);
}

/** Of the rows as they are, the first of these lanes by subject. */
async function subjectsIn(lanes: readonly number[], count: number): Promise<string[]> {
  const { rows } = await city.database.query<{ subject_id: string }>(
    `select subject_id from ${table} where lane = any($1) order by 1 limit $2`,
    [lanes, count],
  );
  return rows.map(({ subject_id }) => subject_id);
}

describe('two members that prove side by side', () => {
  it('mend what hands did and nothing else, whatever two registers publish and state meanwhile in any order', async () => {
    const step = fc.record({
      register: fc.nat(1),
      says: fc.constantFrom('event', 'event', 'event', 'checkpoint'),
      subject: fc.nat(15),
      version: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await city.empty();
        await together((member) => member.claim());
        const registers = [new TestRegister(dataset, 'one'), new TestRegister(dataset, 'other')];
        const truth = new Map<string, PlainFact>();
        const say = (register: number, fact: PlainFact): Incoming => {
          registers[register]!.take(fact);
          keepNewest(truth, fact);
          return city.message(fact);
        };
        const begun = registers.map((_, register) =>
          Array.from({ length: 16 }, (__, subject) => say(register, permit(subject, register, 1))),
        );
        const turns = [...begun, ...registers.map(statementsOf)];
        await together((member) => member.take(turns));
        for (const change of [
          `update ${table} set name = '改' where subject_id = 'p1' and source_record_id like '%-0'`,
          `delete from ${table} where subject_id in ('p2', 'p3') and source_record_id like '%-1'`,
          `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at)
           values ('p4', 'by hand', 1, gen_random_uuid(), 'CREATED', 'INITIAL_LOAD', now())`,
        ])
          expect((await city.database.query(change)).rowCount).toBeGreaterThan(0);
        const id = await request(10);
        const traffic = steps.map(({ register, says, subject, version }) =>
          says === 'checkpoint'
            ? statementsOf(registers[register]!)
            : [say(register, permit(subject, register, version + 1))],
        );
        await together((member) => member.take(traffic));
        for (let round = 0; round < 6 && (await outcomeOf(id)).outcome === null; round += 1) {
          const said = await answers(registers);
          await together((member) => member.take(said));
        }
        expect((await outcomeOf(id)).outcome).toBe('equal');
        const { rows } = await city.database.query<{ key: string; event: string }>(
          `select subject_id || '/' || source_record_id as key, event_id as event from ${table} order by 1`,
        );
        const expected = [...truth.values()].map(({ subjectId, event }) => ({
          key: `${subjectId}/${event.source_record_id}`,
          event: event.event_id,
        }));
        expect(rows).toEqual(expected.toSorted((one, other) => (one.key < other.key ? -1 : 1)));
        const kept = await city.database.query<{ source_record_id: string }>(
          `select source_record_id from repaired_fact where kind = 'taken out'`,
        );
        expect(kept.rows).toEqual([{ source_record_id: 'by hand' }]);
      }),
      { numRuns: 6 },
    );
  });

  it('call equal what one register had published since its checkpoint when the other stated its own', async () => {
    await together((member) => member.claim());
    const registers = [new TestRegister(dataset, 'one'), new TestRegister(dataset, 'other')];
    registers.forEach((register, at) => register.take(permit(1, at, 1)));
    const [one, other] = registers as [TestRegister, TestRegister];
    const begun = registers.flatMap((register) => register.facts()).map((fact) => city.message(fact));
    const turns = [begun, statementsOf(other), statementsOf(one)];
    await together((member) => member.take(turns));
    const id = await request(10);
    const later = permit(1, 1, 2);
    other.take(later);
    const traffic = [[city.message(later)], statementsOf(one)];
    await together((member) => member.take(traffic));
    const { rows } = await city.database.query<{ lane: number; bucket: number }>(
      'select lane, bucket from proof where not equal',
    );
    expect(rows).toHaveLength(1);
    const inventories = registers.map((register) =>
      rows.map(({ lane, bucket }) =>
        city.control(dataset, lane, { kind: 'inventory', ...register.inventory(lane, bucket) }),
      ),
    );
    await together((member) => member.take(inventories));
    expect(await outcomeOf(id)).toEqual({ outcome: 'equal', repaired: 0 });
    const proofs = await city.database.query<{ held: number }>(
      'select sum(held)::int as held, count(*) filter (where not equal)::int as differing from proof',
    );
    expect(proofs.rows).toEqual([{ held: 2, differing: 0 }]);
  });

  it('change no more rows than the operator allowed, counted over the lanes of both', async () => {
    await together((member) => member.claim());
    const register = new TestRegister(dataset);
    const facts = Array.from({ length: 40 }, (_, at) => permit(at, 0, 1));
    register.take(...facts);
    const turns = [facts.map((fact) => city.message(fact)), statementsOf(register)];
    await together((member) => member.take(turns));
    const altered = [...(await subjectsIn([0, 1], 3)), ...(await subjectsIn([2, 3], 3))];
    expect(new Set(altered.map((id) => laneOf(id, 4) < 2)).size).toBe(2);
    await city.database.query(`update ${table} set name = '改' where subject_id = any($1)`, [altered]);
    for (let round = 0; round < 2; round += 1) {
      const said = await answers([register]);
      await together((member) => member.take(said));
    }
    const id = await request(5);
    await together((member) => member.work());
    expect(await outcomeOf(id)).toEqual({ outcome: 'refused: 6', repaired: 0 });
    const { rows } = await city.database.query(`select 1 from ${table} where name = '改'`);
    expect(rows).toHaveLength(6);
  });
});
