import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datasets, type DatasetName } from '@huitong/change-event';
import { laneOf } from '@huitong/change-event';
import { exchangeGrants } from '@huitong/governance';
import { openDatabase } from '@huitong/postgres';
import { databases } from '@huitong/subjects';
import {
  as,
  citizen,
  eventOf,
  lane,
  partitions,
  purpose,
  QueryCity,
  stranger,
  type Answer,
} from '../e2e/query-city.ts';

let city: QueryCity;
beforeAll(async () => {
  city = await QueryCity.open();
}, 120_000);
afterAll(() => city.close());

const person = (changes: object = {}) => ({
  citizenId: citizen,
  name: '甲',
  sex: '1',
  householdAddress: '镜湖区',
  ...changes,
});

describe('reading a subject', () => {
  const register = eventOf('psb.household-register', person());

  it('answers the record with the source of each value, and has logged it before', async () => {
    await city.apply('psb.household-register', [register]);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { status, json } = await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}`, {
      headers: { traceparent },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      subject: 'population',
      id: citizen,
      record: { name: '甲', householdAddress: '镜湖区', vehicleCount: 0 },
      provenance: { name: { dataset: 'psb.household-register', eventId: register.event_id } },
      disputed: [],
    });
    expect((await city.logged()).at(-1)).toMatchObject({
      caller: 'officer',
      role: 'officer',
      subject: 'population',
      subject_id: citizen,
      fields: expect.arrayContaining(['name', 'householdAddress']),
      purpose: '低保复核',
      route: '/v1/subjects/{subject}/{id}',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      outcome: 'answered',
    });
  });

  it('takes the id in any form and the purpose in the header, and shows flags of the id', async () => {
    const { status, json } = await city.call('officer', `/v1/subjects/population/%20${citizen}%20`, {
      headers: { purpose: encodeURIComponent('低保复核') },
    });
    expect(status).toBe(200);
    expect(json.id).toBe(citizen);
    expect(json.flags).toEqual(expect.any(Array));
  });

  it('answers as of what was known and what was true', async () => {
    const before = new Date().toISOString();
    await city.apply('psb.household-register', [
      eventOf('psb.household-register', person({ householdAddress: '弋江区' }), {
        verb: 'CORRECTED',
        source_version: 2,
        valid_from: '2024-01-01',
      }),
    ]);
    const read = async (at: string) =>
      (await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}${at}`)).json.record;
    expect(await read('')).toMatchObject({ householdAddress: '弋江区' });
    expect(await read(`&knownAt=${before}`)).toMatchObject({ householdAddress: '镜湖区' });
    expect(
      await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}&validAt=2021-02-30`),
    ).toMatchObject({
      status: 400,
      json: { code: 'REQUEST_INVALID', field: 'validAt' },
    });
  });

  it('pages through the history, newest first', async () => {
    const path = `/v1/subjects/population/${citizen}/history?${purpose}&limit=1`;
    const first = await city.call('officer', path);
    expect(first.json).toMatchObject({
      changes: [{ change: 'changed', fields: { householdAddress: { before: '镜湖区', after: '弋江区' } } }],
      next: expect.any(Number),
    });
    const second = await city.call('officer', `${path}&before=${String(first.json.next)}`);
    expect(second.json).toMatchObject({ changes: [{ change: 'created' }], next: null });
    expect((await city.logged()).at(-1)).toMatchObject({
      route: '/v1/subjects/{subject}/{id}/history',
      outcome: 'answered',
    });
  });

  it.each([
    ['population', citizen, '', 400, 'PURPOSE_REQUIRED'],
    ['population', '34020419900101123', purpose, 400, 'IDENTIFIER_INVALID'],
    ['population', '340204199001011234567', purpose, 400, 'IDENTIFIER_INVALID'],
    ['weather', citizen, purpose, 404, 'NOT_FOUND'],
    ['population', stranger, purpose, 404, 'NOT_FOUND'],
    ['population', citizen, `${purpose}&validat=2020-01-01`, 400, 'REQUEST_INVALID'],
  ])('refuses %s/%s?%s with %i %s', async (subject, id, query, status, code) => {
    for (const tail of ['', '/history'])
      expect(await city.call('officer', `/v1/subjects/${subject}/${id}${tail}?${query}`)).toMatchObject({
        status,
        json: { code },
      });
  });

  it('logs that it was asked for a subject of whom nothing is known', async () => {
    await city.call('officer', `/v1/subjects/population/${stranger}?${purpose}`);
    expect((await city.logged()).at(-1)).toMatchObject({
      subject_id: stranger,
      outcome: 'not-found',
      fields: [],
    });
  });

  it('says which values may still be annulled, and leaves them out where only settled ones are asked for', async () => {
    const read = async (query = ''): Promise<Answer['json']> =>
      (await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}${query}`)).json;
    const history = async (): Promise<Answer['json']> =>
      (await city.call('officer', `/v1/subjects/population/${citizen}/history?${purpose}&limit=1`)).json.changes[0];
    const whole = await read();
    const settlesAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(whole.provisional).toMatchObject({
      name: settlesAt,
      householdAddress: settlesAt,
      householdActive: settlesAt,
    });
    expect(whole.provisional).not.toHaveProperty('vehicleCount');
    const { record, provenance } = await read('&settled=true');
    expect(record).toMatchObject({ vehicleCount: 0 });
    expect([record, provenance].map((values) => 'name' in values)).toEqual([false, false]);
    expect((await city.logged()).at(-1)!['fields']).not.toContain('name');
    expect(await history()).toMatchObject({ provisional: true, settlesAt, late: false });

    await city.population.query(`update fact_psb_household_register set
      recorded_at = recorded_at - interval '31 days', applied_at = applied_at - interval '31 days'`);
    expect(await read('&settled=true')).toMatchObject({ record: { name: '甲', householdAddress: '弋江区' } });
    expect(await history()).toMatchObject({ provisional: false, late: false });

    // An event that nobody can read may be the annulment; the reader's role learns of which dataset it is, and no more.
    await city.apply('psb.household-register', ['garbage']);
    expect((await read()).provisional).toMatchObject({ name: null, householdActive: null });
    expect(await history()).toMatchObject({ provisional: true, settlesAt: null });
    await city.population.query(`update parked set state = 'discarded'`);
    expect((await read('&settled=true')).record).toMatchObject({ name: '甲' });
  });

  it('calls nothing settled while the source is silent: an annulment may be on its way', async () => {
    const read = async (): Promise<Answer['json']> =>
      (await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}&settled=true`)).json.record;
    const { topic } = datasets['psb.household-register'];
    const hear = (ms: number) =>
      city.population.query('update lane set as_of = as_of || jsonb_build_object($1::text, $2::bigint)', [topic, ms]);
    await hear(Date.now() - 2 * 86_400_000);
    expect(await read()).not.toHaveProperty('name');
    await hear(Date.now());
    expect(await read()).toHaveProperty('name', '甲');
  });

  it('does not say what was settled at an earlier time', async () => {
    const query = `${purpose}&settled=true&knownAt=2026-01-01T00:00:00Z`;
    expect(await city.call('officer', `/v1/subjects/population/${citizen}?${query}`)).toMatchObject({
      status: 400,
      json: { code: 'REQUEST_INVALID', field: 'settled' },
    });
  });

  it.each(['psb', 'operator', 'steward', 'auditor', 'administrator', 'service'])('is not for %s', async (who) => {
    expect(await city.call(who, `/v1/subjects/population/${citizen}?${purpose}`)).toMatchObject({
      status: 403,
      json: { code: 'NOT_PERMITTED' },
    });
  });

  it('answers nothing when the read cannot be logged', async () => {
    await city.exchange.database.query('revoke insert on access_log from huitong_access');
    try {
      for (const path of [citizen, `${citizen}/history`, stranger]) {
        const { status, json } = await city.call('officer', `/v1/subjects/population/${path}?${purpose}`);
        expect({ status, code: json.code }).toEqual({ status: 503, code: 'DATABASE_UNAVAILABLE' });
        expect(JSON.stringify(json)).not.toContain('弋江区');
      }
    } finally {
      await city.exchange.database.query(exchangeGrants);
    }
    expect((await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}`)).status).toBe(200);
  });

  it('logs every one of many reads at the same time', async () => {
    const before = (await city.logged()).length;
    const reads = await Promise.all(
      Array.from({ length: 50 }, () => city.call('officer', `/v1/subjects/population/${citizen}?${purpose}`)),
    );
    expect(reads.every(({ status }) => status === 200)).toBe(true);
    expect((await city.logged()).length).toBe(before + 50);
  });
});

describe('the access log', () => {
  it('tells the auditor who has read a record, by any id of the subject, and that the auditor has looked', async () => {
    await city.population.query(
      `insert into identity values ('${citizen}', '${citizen}'), ('${stranger}', '${citizen}')`,
    );
    const path = `/v1/access-log?subject=population&id=${stranger}&limit=500`;
    const { status, json } = await city.call('auditor', path);
    expect(status).toBe(200);
    const ids = new Set(json.entries.map((entry: { subjectId: string }) => entry.subjectId));
    expect(ids).toEqual(new Set([citizen, stranger]));
    expect(json.entries.every((entry: { caller: string }) => entry.caller === 'officer')).toBe(true);
    expect((await city.call('auditor', path)).json.entries[0]).toMatchObject({
      caller: 'auditor',
      route: '/v1/access-log',
    });
    await city.population.query('truncate identity');
  });

  it.each(['officer', 'operator', 'administrator', 'psb'])('is not for %s', async (who) => {
    expect((await city.call(who, '/v1/access-log')).status).toBe(403);
  });

  it.each([
    ['huitong_access', 'select * from access_log'],
    ['huitong_access', 'update access_log set purpose = purpose'],
    ['huitong_access', 'delete from access_log'],
    ['huitong_access', 'truncate access_log'],
    ['huitong_auditor', 'delete from access_log'],
    ['huitong_auditor', `insert into access_log (caller) values ('x')`],
  ])('refuses %s: %s', async (role, sql) => {
    const connection = openDatabase({ url: as(role, city.exchange.url), applicationName: 'spec', connectionsMax: 1 });
    await expect(connection.query(sql)).rejects.toMatchObject({ code: '42501' });
    await connection.end();
  });
});

describe('the freshness of a record', () => {
  const now = (): number => Date.now();

  /** Every dataset heard of just now in this lane, and everything applied. */
  async function settle(asOf: (dataset: DatasetName) => number): Promise<void> {
    const { factTables } = databases.get('population')!;
    const ends = await city.admin.endOffsets(factTables.map(({ topic }) => topic));
    const next = Object.fromEntries(factTables.map(({ topic }) => [topic, ends.get(topic)![lane]! + 1_000_000]));
    const heard = Object.fromEntries(factTables.map(({ topic, dataset }) => [topic, asOf(dataset)]));
    await city.population.query('update lane set next_offsets = $1, as_of = $2, updated_at = now()', [next, heard]);
  }

  async function freshness(id = citizen): Promise<Answer['json']> {
    return (await city.call('officer', `/v1/subjects/population/${id}?${purpose}`)).json.freshness;
  }

  it('is the worst of its datasets, and says so of each', async () => {
    await city.call('operator', '/v1/lag');
    await settle(now);
    expect(await freshness()).toMatchObject({ secondsBehind: 0, recordsBehind: 0, verdict: 'OK' });
    const old = now() - 60_000;
    await settle((dataset) => (dataset === 'psb.vehicle' ? old : now()));
    const stale = await freshness();
    expect(stale).toMatchObject({ asOf: new Date(old).toISOString(), verdict: 'SILENT', recordsBehind: 0 });
    expect(stale['secondsBehind']).toBeGreaterThanOrEqual(60);
    const vehicle = stale['datasets'].find(({ dataset }: { dataset: string }) => dataset === 'psb.vehicle');
    expect(vehicle).toMatchObject({ verdict: 'SILENT' });
  });

  it("counts the lanes of the subject's former ids too", async () => {
    const former = Array.from({ length: 100 }, (_, at) => `34020419900101${String(1000 + at)}`).find(
      (id) => laneOf(id, partitions) !== lane,
    )!;
    await settle(now);
    await city.population.query(
      `insert into identity values ('${citizen}', '${citizen}'), ('${former}', '${citizen}')`,
    );
    await city.population.query(
      `update lane set as_of = as_of || jsonb_build_object($1::text, $2::bigint) where lane = $3`,
      [datasets['nhc.birth'].topic, now() - 90_000, laneOf(former, partitions)],
    );
    const { asOf } = await freshness();
    expect(now() - Date.parse(asOf)).toBeGreaterThanOrEqual(90_000);
    await city.population.query('truncate identity');
  });

  it('is unknown, but the record is answered and the service ready, while Kafka and Redis are away', async () => {
    const alone = await city.start({ KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      const { status, json } = await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}`, {
        at: alone,
      });
      expect(status).toBe(200);
      expect(json).toMatchObject({
        record: { name: '甲' },
        freshness: { verdict: 'UNKNOWN', recordsBehind: null, secondsBehind: null, asOf: expect.any(String) },
      });
      expect((await city.call('nobody', '/health/ready', { at: alone })).status).toBe(200);
      const { lag } = (await city.call('operator', '/v1/lag', { at: alone })).json;
      expect(new Set(lag.map(({ verdict }: { verdict: string }) => verdict))).toEqual(new Set(['UNKNOWN']));
      expect((await city.call('psb', `/v1/events/${randomUUID()}/trace`, { at: alone })).status).toBe(404);
    } finally {
      await alone.close();
    }
    // Letting go of a broker that never answered takes kafkajs some seconds.
  }, 120_000);
});
