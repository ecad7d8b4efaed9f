import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Incoming } from './incoming.ts';
import { forbidFormerOwners } from './lanes.ts';
import { readHistory, readSubject } from './read.ts';
import { relayChanges } from './relay.ts';
import { factOf, people, TestPeople } from './test-people.spec.ts';

const personPlan = people.subjects[0]!;
let city: TestPeople;

beforeAll(async () => {
  city = await TestPeople.create();
});
afterEach(() => city.empty());
afterAll(() => city.drop());

describe('the subject engine', () => {
  it('answers what was known at an earlier time, whatever came later', async () => {
    const first = factOf({ subjectId: 'p1', version: 1, data: { name: '甲', householdAddress: '镜湖区' } });
    await city.apply(first, factOf({ dataset: 'psb.vehicle', subjectId: 'p1', version: 1, data: { plateNo: '皖B1' } }));
    const { rows } = await city.database.query<{ at: Date }>('select clock_timestamp() as at');
    const before = await readSubject(city.database, personPlan, 'p1');
    await city.apply(
      factOf({ subjectId: 'p1', version: 2, verb: 'CORRECTED', data: { name: '乙', householdAddress: '弋江区' } }),
    );
    await city.apply(factOf({ dataset: 'psb.vehicle', subjectId: 'p1', version: 2, verb: 'ANNULLED' }));
    expect((await readSubject(city.database, personPlan, 'p1'))?.record).toMatchObject({ name: '乙', vehicles: 0 });
    expect(await readSubject(city.database, personPlan, 'p1', { knownAt: rows[0]!.at })).toEqual(before);
    expect(before?.provenance['name']).toMatchObject({ eventId: first.event.event_id });
    const long = new Date('2020-01-01');
    expect(await readSubject(city.database, personPlan, 'p1', { knownAt: long })).toBeUndefined();
  });

  it('answers what was true on a day, as known now', async () => {
    const old = { validFrom: '2010-01-01', validTo: '2020-06-01', data: { name: '甲', householdAddress: '镜湖区' } };
    await city.apply(
      factOf({ subjectId: 'p1', record: 'old', version: 2, verb: 'CEASED', ...old }),
      factOf({
        subjectId: 'p1',
        record: 'new',
        version: 1,
        validFrom: '2020-06-01',
        data: { name: '甲', householdAddress: '弋江区' },
      }),
    );
    const on = async (validAt: string) => (await readSubject(city.database, personPlan, 'p1', { validAt }))?.record;
    expect(await on('2015-01-01')).toMatchObject({ address: '镜湖区', registered: true });
    expect(await on('2020-06-01')).toMatchObject({ address: '弋江区', registered: true });
    expect(await on('2000-01-01')).toBeUndefined();
  });

  it('tells of which fields sources in force say different things, as it was known then too', async () => {
    const permit = { dataset: 'psb.residence-permit', subjectId: 'p1' } as const;
    const disputed = async (at = {}): Promise<readonly string[] | undefined> =>
      (await readSubject(city.database, personPlan, 'p1', at))?.disputed;
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲', householdAddress: '镜湖区' } }));
    await city.apply(factOf({ ...permit, version: 1, data: { name: '甲', residenceAddress: null } }));
    expect(await disputed()).toEqual([]);
    await city.apply(factOf({ ...permit, version: 2, verb: 'CORRECTED', data: { name: '乙' } }));
    expect(await disputed()).toEqual(['name']);
    const { rows } = await city.database.query<{ at: Date }>('select now() as at');
    await city.apply(factOf({ ...permit, version: 3, verb: 'CEASED', data: { name: '乙' } }));
    expect(await disputed()).toEqual([]);
    expect(await disputed({ knownAt: rows[0]!.at })).toEqual(['name']);
  });

  it('parks the same version with other content, and calls the same content a duplicate', async () => {
    const stated = factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } });
    await city.apply(stated);
    const repeated = { ...stated, event: { ...stated.event, event_id: '00000000-0000-7000-8000-000000000001' } };
    const other = factOf({ subjectId: 'p1', version: 1, data: { name: '乙' } });
    expect(await city.apply(repeated, other)).toEqual({
      status: 'applied',
      outcomes: { applied: 0, superseded: 0, duplicate: 1, parked: 1 },
    });
    expect(await city.parked()).toMatchObject([{ code: 'VERSION_CONFLICT', state: 'parked' }]);
    expect((await city.records()).get('p1')).toMatchObject({ name: '甲' });
  });

  it('holds back later events of a source record that has a parked one, and of no other', async () => {
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '乙' } }));
    await city.apply(
      factOf({ subjectId: 'p1', version: 2, data: { name: '丙' } }),
      factOf({ subjectId: 'p1', record: 'r2', version: 1, validFrom: '2024-01-01', data: { name: '丁' } }),
    );
    expect(await city.parked()).toMatchObject([{ code: 'VERSION_CONFLICT' }, { code: 'EVENT_HELD_BACK' }]);
    expect((await city.records()).get('p1')).toMatchObject({ name: '丁' });
  });

  it('parks alone the event that the database refuses, and applies its neighbours', async () => {
    const refused = factOf({ dataset: 'hrss.pension-payment', subjectId: 'p2', version: 1, data: { amount: 'much' } });
    const good = ['p0', 'p1', 'p3'].map((subjectId) => factOf({ subjectId, version: 1, data: { name: '甲' } }));
    expect(await city.apply(good[0]!, refused, good[1]!, good[2]!)).toMatchObject({
      outcomes: { applied: 3, parked: 1 },
    });
    expect(await city.parked()).toMatchObject([{ code: 'RECORD_REFUSED' }]);
    expect([...(await city.records()).keys()].toSorted()).toEqual(['p0', 'p1', 'p3']);
  });

  it('does so in a chunk of hundreds, whose new facts are copied', async () => {
    const facts = Array.from({ length: 400 }, (_, at) =>
      factOf({
        ...{ dataset: 'hrss.pension-payment', subjectId: `p${at}`, version: 1 },
        data: { amount: `${at}.50`, ...(at === 333 ? { month: '0000-01-01' } : {}) },
      }),
    );
    expect(await city.apply(...facts)).toMatchObject({ outcomes: { applied: 399, parked: 1 } });
    expect(await city.parked()).toMatchObject([{ code: 'RECORD_REFUSED' }]);
    const { rows } = await city.database.query(
      'select count(*)::int as facts, sum(amount)::text as amount from fact_hrss_pension_payment',
    );
    expect(rows).toEqual([{ facts: 399, amount: String((400 * 399) / 2 + 400 / 2 - 333.5) + '0' }]);
    expect((await city.records()).size).toBe(399);
  });

  it('parks by its bytes alone what cannot even be indexed, and goes on', async () => {
    const long = '长'.repeat(300_000);
    const facts = [
      factOf({ subjectId: 'p1', record: long, version: 1, data: { name: '甲' } }),
      factOf({ subjectId: long, version: 1, data: { name: '乙' } }),
    ];
    // As they come from a broker: what is too long was found when they were read.
    const incoming = facts.map(
      (fact) => ({ ...city.message(fact), kind: 'unreadable', code: 'EVENT_INVALID' }) as Incoming,
    );
    const good = city.message(factOf({ subjectId: 'p2', version: 1, data: { name: '丙' } }));
    expect(await city.engine.apply({ lanes: city.lanes, incoming: [...incoming, good] })).toMatchObject({
      outcomes: { applied: 1, parked: 2 },
    });
    expect(await city.parked()).toMatchObject([{ code: 'EVENT_INVALID' }, { code: 'EVENT_INVALID' }]);
    // Even where nobody looked before.
    const unseen = city.message(factOf({ subjectId: 'p3', record: long, version: 1, data: { name: '丁' } }));
    expect(await city.engine.apply({ lanes: city.lanes, incoming: [unseen] })).toMatchObject({
      outcomes: { parked: 1 },
    });
    expect([...(await city.records()).keys()]).toEqual(['p2']);
  });

  it('parks a whole chunk at once, with every byte that applying it later needs', async () => {
    const facts = Array.from({ length: 300 }, (_, at) =>
      factOf({ subjectId: `p${at}`, version: 1, data: { name: '甲' } }),
    );
    const bytes = [null, Buffer.alloc(0), Buffer.from([0, 1, 0xff, 0x5c, 0x22]), Buffer.from('{"a\\",\'乙}')];
    const incoming = facts.map((fact, at): Incoming => {
      const headers = { ce_id: fact.event.event_id, note: Buffer.from('"\\{,}乙\u0000') };
      const base = { ...city.message(fact), value: bytes[at % bytes.length]!, headers: () => headers };
      if (at % 3 === 0) return { ...base, kind: 'unreadable', code: 'EVENT_INVALID', schemaId: undefined };
      return { ...base, kind: 'unreadable', code: 'SCHEMA_UNKNOWN', schemaId: at, event: undefined, key: null };
    });
    expect(await city.engine.apply({ lanes: city.lanes, incoming: [...incoming, incoming[0]!] })).toMatchObject({
      outcomes: { parked: 301 },
    });
    const { rows } = await city.database.query(
      `select lane, topic, kafka_offset as offset, event_id, subject_id, code, schema_id, key, value, headers
       from parked order by array_position($1::uuid[], event_id)`,
      [facts.map(({ event }) => event.event_id)],
    );
    expect(rows).toEqual(
      incoming.map(({ lane, topic, offset, key, value }, at) => ({
        ...{ lane, topic, offset, key, value },
        event_id: facts[at]!.event.event_id,
        subject_id: at % 3 === 0 ? `p${at}` : null,
        code: at % 3 === 0 ? 'EVENT_INVALID' : 'SCHEMA_UNKNOWN',
        schema_id: at % 3 === 0 ? null : at,
        headers: { ce_id: facts[at]!.event.event_id, note: '"\\{,}乙' },
      })),
    );
    const statements = await city.database.query('select distinct cmin::text from parked');
    expect(statements.rows).toHaveLength(1);
  });

  it('parks an event with a time that no calendar has', async () => {
    const fact = factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } });
    const timeless = { ...fact, event: { ...fact.event, recorded_at: 8_700_000_000_000_000 } };
    expect(await city.apply(timeless, factOf({ subjectId: 'p2', version: 1, data: { name: '乙' } }))).toMatchObject({
      outcomes: { applied: 1, parked: 1 },
    });
    expect(await city.parked()).toMatchObject([{ code: 'RECORD_REFUSED' }]);
  });

  it('applies nothing when another member has claimed the lane, and nothing twice', async () => {
    const chunk = {
      lanes: city.lanes,
      incoming: [city.message(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }))],
    };
    await city.claim();
    expect(await city.engine.apply(chunk)).toEqual({ status: 'fenced' });
    expect(await city.records()).toEqual(new Map());
    const mine = { ...chunk, lanes: city.lanes };
    expect((await city.engine.apply(mine)).status).toBe('applied');
    expect(await city.engine.apply(mine)).toEqual({ status: 'stale' });
  });

  it('drops a chunk of whoever claimed the lanes before a restore, also where epochs are alike', async () => {
    const former = new Map(city.lanes);
    // The restored row is the one that the former owner claimed: the same epoch, earlier offsets.
    await forbidFormerOwners(city.database);
    const chunk = { lanes: former, incoming: [city.message(factOf({ subjectId: 'p1', version: 1 }))] };
    expect(await city.engine.apply(chunk)).toEqual({ status: 'fenced' });
    expect((await city.engine.apply({ ...chunk, lanes: await city.claim() })).status).toBe('applied');
  });

  it('writes a history that says what changed, and relays it once and in order', async () => {
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
    await city.apply(factOf({ subjectId: 'p1', version: 2, verb: 'CORRECTED', data: { name: '乙' } }));
    await city.apply(factOf({ subjectId: 'p1', version: 3, verb: 'ANNULLED' }));
    const history = await readHistory(city.database, personPlan, 'p1', { limit: 10 });
    expect(history.map(({ change, fields }) => [change, fields['name']])).toEqual([
      ['removed', { before: '乙', after: null }],
      ['changed', { before: '甲', after: '乙' }],
      ['created', { before: null, after: '甲' }],
    ]);
    const sent: string[] = [];
    const publish = async (_topic: string, messages: readonly { value: Buffer | null }[]): Promise<void> => {
      for (const { value } of messages)
        sent.push((JSON.parse(value!.toString()) as { data: { change: string } }).data.change);
    };
    expect(await relayChanges(city.database, people, [0, 1, 2, 3], publish)).toBe(3);
    expect(sent).toEqual(['created', 'changed', 'removed']);
    expect(await relayChanges(city.database, people, [0, 1, 2, 3], publish)).toBe(0);
  });

  it('changes a record once a chunk, whatever the number of datasets, and tells subscribers so', async () => {
    const facts = [
      factOf({ subjectId: 'p1', version: 1, data: { name: '甲', householdAddress: '镜湖区' } }),
      factOf({ dataset: 'psb.residence-permit', subjectId: 'p1', version: 1, data: { residenceAddress: '弋江区' } }),
      factOf({ dataset: 'hrss.pension-payment', subjectId: 'p1', version: 1, data: { amount: '10.50' } }),
      factOf({ dataset: 'psb.vehicle', subjectId: 'p2', version: 1, data: { plateNo: '皖B10001' } }),
      factOf({ subjectId: 'p3', version: 1, verb: 'ANNULLED' }),
      factOf({ dataset: 'psb.vehicle', subjectId: 'p3', version: 1, verb: 'ANNULLED' }),
    ];
    await city.apply(...facts);
    const told: Record<string, unknown>[] = [];
    const publish = async (_topic: string, messages: readonly { value: Buffer | null }[]): Promise<void> => {
      for (const { value } of messages) told.push((JSON.parse(value!.toString()) as { data: (typeof told)[0] }).data);
    };
    await relayChanges(city.database, people, [0, 1, 2, 3], publish);
    expect(told.toSorted((one, other) => String(one['id']).localeCompare(String(other['id'])))).toMatchObject([
      {
        ...{ id: 'p1', change: 'created', before: null },
        dataset: 'hrss.pension-payment psb.household-register psb.residence-permit',
        after: { name: '甲', address: '弋江区', registered: true, vehicles: 0, paidTotal: '10.50' },
      },
      { id: 'p2', change: 'created', dataset: 'psb.vehicle', after: { vehicles: 1 } },
    ]);
    const [change] = await readHistory(city.database, personPlan, 'p1', { limit: 10 });
    const causes = facts.slice(0, 3).map(({ event }) => event.event_id);
    expect(change!.eventIds.toSorted()).toEqual(causes.toSorted());
  });

  it.each([
    ['altered', `update fact_psb_household_register set name = '丙'`, '丙'],
    ['made newest', 'update fact_psb_household_register set source_version = 9', undefined],
    ['deleted', 'delete from fact_psb_household_register', undefined],
  ])(
    'applies an event to a fact that is %s by hand between its look and its writing as to one that was before',
    async (...given) => {
      const [how, byHand, past] = given;
      await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
      const hand = await city.database.connect();
      await hand.query('begin');
      await hand.query(byHand);
      const applied = city.apply(factOf({ subjectId: 'p1', version: 2, data: { name: '乙' } }));
      const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      const end = Date.now() + 10_000;
      while ((await city.database.query(waits)).rowCount === 0 && Date.now() < end) await sleep(20);
      await hand.query('commit');
      hand.release();
      expect(Date.now()).toBeLessThan(end);
      const became = how === 'made newest' ? 'superseded' : 'applied';
      expect(await applied).toMatchObject({ status: 'applied', outcomes: { [became]: 1, parked: 0 } });
      const namesIn = async (table: string): Promise<string[]> =>
        (await city.database.query<{ name: string }>(`select name from ${table}`)).rows.map(({ name }) => name);
      expect(await namesIn('fact_psb_household_register')).toEqual([became === 'applied' ? '乙' : '甲']);
      expect(await namesIn('past_psb_household_register')).toEqual(past ? [past] : []);
    },
  );

  it('parks nothing while somebody moves a fact by hand at every try', async () => {
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲' } }));
    await city.database.query(
      `create function moves() returns trigger language plpgsql as 'begin return null; end';
       create trigger moves before update on fact_psb_household_register for each row execute function moves()`,
    );
    const message = city.message(factOf({ subjectId: 'p1', version: 2, data: { name: '乙' } }));
    const apply = () => city.engine.apply({ lanes: city.lanes, incoming: [message] });
    await expect(apply()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(await city.parked()).toEqual([]);
    await city.database.query('drop function moves cascade');
    expect(await apply()).toMatchObject({ status: 'applied', outcomes: { applied: 1 } });
  });

  it('writes decimal numbers into the history as text, of a removed record too', async () => {
    const payment = { dataset: 'hrss.pension-payment', subjectId: 'p1' } as const;
    await city.apply(factOf({ ...payment, version: 1, data: { month: '2026-01-01', amount: '1234.50' } }));
    await city.apply(factOf({ ...payment, version: 2, verb: 'ANNULLED' }));
    const history = await readHistory(city.database, personPlan, 'p1', { limit: 10 });
    expect(history.map(({ change, fields }) => [change, fields['paidTotal']])).toEqual([
      ['removed', { before: '1234.50', after: null }],
      ['created', { before: null, after: '1234.50' }],
    ]);
  });

  it('keeps one record for a subject whose id was replaced, readable under both, until the link is annulled', async () => {
    await city.apply(factOf({ subjectId: 'p1', version: 1, data: { name: '甲', householdAddress: '镜湖区' } }));
    const permit = { dataset: 'psb.residence-permit' as const, subjectId: 'p2' };
    await city.apply(
      factOf({ ...permit, version: 1, data: { name: '甲', formerCardNo: 'p1', residenceAddress: '弋江区' } }),
    );
    expect([...(await city.records()).keys()]).toEqual(['p1']);
    for (const id of ['p1', 'p2'])
      expect(await readSubject(city.database, personPlan, id)).toMatchObject({
        id: 'p1',
        record: { address: '弋江区' },
      });
    await city.apply(
      factOf({ ...permit, version: 2, verb: 'CORRECTED', data: { name: '甲', residenceAddress: '弋江区' } }),
    );
    expect([...(await city.records()).keys()].toSorted()).toEqual(['p1', 'p2']);
    expect((await readSubject(city.database, personPlan, 'p1'))?.record).toMatchObject({ address: '镜湖区' });
  });
});
