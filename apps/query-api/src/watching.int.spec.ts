import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datasets, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { createPublisher } from '@huitong/event-stream';
import { openDatabase } from '@huitong/postgres';
import { claimLanes, doReleaseRequests, doResumeRequests, keepLost } from '@huitong/subject-engine';
import { createTestDatabase } from '@huitong/testkit';
import { as, brokers, citizen, eventOf, lane, partitions, purpose, QueryCity, type Answer } from '../e2e/query-city.ts';

/** The dataset by which lag is measured; no other spec publishes to it. */
const quiet = 'dpf.disability-certificate';

let city: QueryCity;
beforeAll(async () => {
  city = await QueryCity.open();
}, 120_000);
afterAll(() => city.close());

describe('lag', () => {
  const topic = datasets[quiet].topic;

  const rowOf = async (who = 'operator', query = ''): Promise<Answer['json']> =>
    (await city.call(who, `/v1/lag${query}`)).json.lag.find((row: { dataset: string }) => row.dataset === quiet);

  it('has a row for each dataset and subject database', async () => {
    const { json } = await city.call('steward', '/v1/lag');
    const pairs = json.lag.map(
      (row: { dataset: string; subjectDatabase: string }) => `${row.dataset} ${row.subjectDatabase}`,
    );
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs).toEqual(
      expect.arrayContaining([
        'psb.household-register population',
        'amr.enterprise-registration legal-person',
        'amr.enterprise-registration enterprise',
        'hcb.dwelling housing',
      ]),
    );
  });

  it('counts what Kafka has and PostgreSQL has not, and measures its age by what the source states', async () => {
    const ends = await city.admin.endOffsets([topic]);
    const publisher = await createPublisher({ brokers: brokers, clientId: 'spec' });
    await publisher.publish(
      topic,
      [1, 2, 3].map(() => ({ key: citizen, value: Buffer.from([0]), headers: {} })),
    );
    await publisher.disconnect();
    for (let each = 0; each < partitions; each++)
      await city.population.query(
        'update lane set next_offsets = next_offsets || $1, as_of = as_of || $2, updated_at = now() where lane = $3',
        [{ [topic]: ends.get(topic)![each] }, { [topic]: Date.now() - 30_000 }, each],
      );
    const row = await rowOf('operator', '?lanes=true');
    expect(row).toMatchObject({
      records: 3,
      verdict: 'WARN',
      sentence: { zh: expect.any(String) },
      subjectDatabase: 'population',
    });
    expect(row['seconds']).toBeGreaterThanOrEqual(30);
    expect(row['lanes'].filter(({ records }: { records: number }) => records > 0)).toEqual([
      expect.objectContaining({ lane, records: 3, verdict: 'WARN' }),
    ]);
  });

  it('shows a department its own datasets, and nothing to officers', async () => {
    const { json } = await city.call('dpf', '/v1/lag');
    expect(new Set(json.lag.map(({ department }: { department: string }) => department))).toEqual(new Set(['dpf']));
    expect((await city.call('officer', '/v1/lag')).status).toBe(403);
  });

  it('is told to Prometheus, what is not known left out', async () => {
    const { json: text } = await city.call('nobody', '/metrics');
    expect(text).toMatch(
      /huitong_lag_records\{dataset="dpf.disability-certificate",subject_database="population"\} 3\n/,
    );
    expect(text).toContain(
      'huitong_lag_verdict{dataset="dpf.disability-certificate",subject_database="population",verdict="WARN"} 1',
    );
    expect(text).not.toContain(citizen);
  });
});

describe('the trace of an event', () => {
  const trace = (who: string, eventId: string) => city.call(who, `/v1/events/${eventId}/trace`);

  it('says what became of it, without the subject', async () => {
    const event = eventOf('psb.vehicle', { ownerId: citizen, plateNo: '皖B12345' });
    await city.apply('psb.vehicle', [event]);
    const { status, json } = await trace('psb', event.event_id.toUpperCase());
    expect(status).toBe(200);
    expect(json).toMatchObject({
      eventId: event.event_id,
      state: 'applied',
      dataset: 'psb.vehicle',
      subjectDatabase: 'population',
      appliedAt: expect.any(String),
    });
    expect(JSON.stringify(json)).not.toContain(citizen);
    const older = eventOf('psb.vehicle', { ownerId: citizen, plateNo: '皖B00000' }, { source_version: 0 });
    await city.apply('psb.vehicle', [older]);
    expect((await trace('officer', older.event_id)).json).toMatchObject({ state: 'superseded' });
  });

  it('counts how many are ahead while it waits', async () => {
    const eventId = randomUUID();
    const topic = datasets['mca.marriage'].topic;
    await city.population.query(`update lane set next_offsets = next_offsets || $1 where lane = 5`, [{ [topic]: 40 }]);
    await city.redis.set(
      `huitong:published:${eventId}`,
      `mca.marriage:5:47:${Date.parse('2017-01-05T08:00:00Z')}`,
      'EX',
      60,
    );
    expect((await trace('mca', eventId)).json).toEqual({
      eventId,
      state: 'waiting',
      dataset: 'mca.marriage',
      department: 'mca',
      subjectDatabase: 'population',
      subjectDatabases: ['population'],
      publishedAt: '2017-01-05T08:00:00.000Z',
      lane: 5,
      offset: 47,
      ahead: 7,
    });
    await city.redis.set(`huitong:published:${eventId}`, `mca.marriage:::${Date.now()}`, 'EX', 60);
    expect((await trace('mca', eventId)).json).toMatchObject({ state: 'published', publishedAt: expect.any(String) });
    expect((await trace('psb', eventId)).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('knows nothing of what it has never heard of', async () => {
    expect((await trace('operator', randomUUID())).json).toMatchObject({ state: 'unknown' });
    expect((await trace('psb', randomUUID())).status).toBe(404);
    expect((await trace('operator', 'not-a-uuid')).json).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect((await trace('administrator', randomUUID())).status).toBe(403);
  });
});

describe('parked events', () => {
  it('are listed with their cause and without anything of the subject', async () => {
    await city.apply('hpf.provident-fund', ['garbage', 'garbage', 'garbage']);
    const first = await city.call('steward', '/v1/parked?dataset=hpf.provident-fund&limit=2');
    expect(first.json.parked).toHaveLength(2);
    expect(first.json.parked[0]).toEqual({
      database: 'population',
      id: expect.any(Number),
      code: 'EVENT_UNREADABLE',
      dataset: 'hpf.provident-fund',
      lane,
      offset: city.nextOffset - 1,
      eventId: expect.any(String),
      schemaId: 7,
      state: 'parked',
      parkedAt: expect.any(String),
      settledAt: null,
      settledBy: null,
      settledReason: null,
    });
    expect(first.json.groups).toMatchObject([{ code: 'EVENT_UNREADABLE', schemaId: 7, count: 3 }]);
    expect(JSON.stringify(first.json)).not.toContain(citizen);
    const rest = await city.call('hpf', `/v1/parked?limit=2&before=${String(first.json.next)}`);
    expect(rest.json).toMatchObject({ parked: [{ offset: city.nextOffset - 3 }], next: null });
    expect((await city.call('psb', '/v1/parked')).json.parked).toEqual([]);
    expect((await city.call('officer', '/v1/parked')).status).toBe(403);
    const id = String(first.json.parked[0].eventId);
    expect((await city.call('hpf', `/v1/events/${id}/trace`)).json).toMatchObject({
      state: 'parked',
      parked: { code: 'EVENT_UNREADABLE' },
    });
  });

  it("are settled by the lane's owner, at an operator's request", async () => {
    const { parked } = (await city.call('operator', '/v1/parked?dataset=hpf.provident-fund')).json;
    const path = `/v1/parked/population/${String(parked[0].id)}`;
    const codec = await EventCodec.connect(new SchemaRegistry(process.env['REGISTRY_URL']!), ['hpf.provident-fund']);
    const owner = setInterval(() => void doReleaseRequests(city.population, city.engine, codec, [lane]), 50);
    try {
      expect(await city.call('operator', `${path}/release`, { body: {} })).toMatchObject({
        status: 200,
        json: { state: 'parked', outcome: 'parked again: EVENT_UNREADABLE' },
      });
      expect(await city.call('operator', `${path}/discard`, { body: { reason: '来源已重发' } })).toMatchObject({
        status: 202,
        json: { state: 'parked', outcome: null, waitsFor: 'second-person' },
      });
      expect(await city.call('operator', `${path}/agree`, { body: {} })).toMatchObject({
        status: 403,
        json: { code: 'NOT_PERMITTED' },
      });
      expect(await city.call('steward', `${path}/agree`, { body: {} })).toMatchObject({
        status: 200,
        json: { state: 'discarded', outcome: 'discarded' },
      });
      const other = `/v1/parked/population/${String(parked[1].id)}`;
      expect(await city.call('steward', `${other}/agree`, { body: {} })).toMatchObject({ status: 404 });
      expect(await city.call('steward', `${other}/send-back`, { body: { reason: '请补正后重发' } })).toMatchObject({
        status: 200,
        json: { state: 'sent-back' },
      });
      const { json: back } = await city.call('hpf', '/v1/parked?state=sent-back');
      expect(back.parked).toMatchObject([{ settledReason: '请补正后重发', settledBy: 'steward' }]);
      const trace = await city.call('hpf', `/v1/events/${String(back.parked[0].eventId)}/trace`);
      expect(trace.json).toMatchObject({ state: 'sent-back' });
    } finally {
      clearInterval(owner);
    }
    expect((await city.call('operator', `${path}/discard`, { body: { reason: '再次' } })).json).toMatchObject({
      state: 'discarded',
      outcome: 'settled before',
    });
    const { rows } = await city.population.query(
      `select requested_by, reason, judged_by from release_request where action = 'discard' order by id desc limit 1`,
    );
    expect(rows).toEqual([{ requested_by: 'operator', reason: '来源已重发', judged_by: 'steward' }]);
    const { json } = await city.call('operator', '/v1/parked?state=discarded');
    expect(json.parked).toMatchObject([{ settledBy: 'operator', settledAt: expect.any(String) }]);
  });

  it('are not settled without a reason, by others, or where there are none', async () => {
    expect((await city.call('operator', '/v1/parked/population/1/discard', { body: {} })).json).toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect((await city.call('steward', '/v1/parked/population/1/release', { body: {} })).status).toBe(403);
    expect((await city.call('operator', '/v1/parked/population/999999/release', { body: {} })).json).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await city.call('operator', '/v1/parked/weather/1/release', { body: {} })).status).toBe(404);
  });
});

describe('lanes that stand still because their next events are gone', () => {
  const dataset = 'hpf.provident-fund';
  const { topic } = datasets[dataset];
  const path = `/v1/lost-lanes/population/${dataset}/7/resume`;
  const lost = {
    next: 100,
    beginning: 140,
    end: 150,
    goOnAt: 140,
    appliedUntil: '2017-01-05T08:00:00.000Z',
    since: '2017-01-05T09:00:00.000Z',
  };
  const gone = randomUUID();

  const lagOf = async (): Promise<Answer['json']> =>
    (await city.call('hpf', '/v1/lag')).json.lag.find((row: Answer['json']) => row.dataset === dataset);
  const traceOf = async (): Promise<Answer['json']> => (await city.call('hpf', `/v1/events/${gone}/trace`)).json;

  beforeAll(async () => {
    const lanes = new Map((await claimLanes(city.population, 'spec', [7])).map((each) => [each.lane, each]));
    await keepLost(city.population, lanes, [{ lane: 7, topic, position: lost }]);
    const place = `${dataset}:7:120:${Date.parse('2017-01-05T08:30:00Z')}`;
    await city.redis.set(`huitong:published:${gone}`, place, 'EX', 60);
  });

  it('are shown with what going on would give up, in the lag and in the trace of an event that is gone', async () => {
    const shown = { database: 'population', dataset, lane: 7, ...lost };
    expect((await city.call('operator', '/v1/lost-lanes')).json).toEqual({ lostLanes: [shown] });
    expect((await city.call('hpf', '/v1/lost-lanes')).json.lostLanes).toHaveLength(1);
    expect((await city.call('psb', '/v1/lost-lanes')).json).toEqual({ lostLanes: [] });
    expect((await city.call('officer', '/v1/lost-lanes')).status).toBe(403);
    expect(await lagOf()).toMatchObject({ verdict: 'DATA_LOST', gaps: [] });
    expect(await traceOf()).toMatchObject({ state: 'lost', lane: 7, offset: 120 });
  });

  it('go on only for an operator who says why, and only where they stand still', async () => {
    const body = { grounds: '来源已重发' };
    expect((await city.call('operator', path, { body: {} })).json).toMatchObject({ code: 'REQUEST_INVALID' });
    expect((await city.call('steward', path, { body })).status).toBe(403);
    expect((await city.call('operator', path.replace('/7/', '/6/'), { body })).json).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await city.call('operator', path.replace(dataset, 'x.y'), { body })).status).toBe(404);
  });

  it("go on by the lane's owner, and what was given up stays known", async () => {
    const lanes = new Map((await claimLanes(city.population, 'spec', [7])).map((each) => [each.lane, each]));
    const owner = setInterval(() => void doResumeRequests(city.population, lanes), 50);
    try {
      expect(await city.call('operator', path, { body: { grounds: '来源已重发' } })).toMatchObject({
        status: 200,
        json: { outcome: 'resumed', atOffset: 140, next: 100 },
      });
    } finally {
      clearInterval(owner);
    }
    expect((await city.call('operator', '/v1/lost-lanes')).json).toEqual({ lostLanes: [] });
    const gap = { by: 'operator', at: expect.any(String), grounds: '来源已重发' };
    expect((await lagOf()).gaps).toEqual([
      {
        ...gap,
        lane: 7,
        fromOffset: 100,
        atOffset: 140,
        recordedAfter: lost.appliedUntil,
        recordedBefore: lost.since,
      },
    ]);
    expect(await traceOf()).toMatchObject({ state: 'lost', gap });
  });
});

describe('the roles in a subject database', () => {
  it.each([
    ['huitong_reader', 'select value from parked'],
    ['huitong_reader', 'select subject_id from parked'],
    ['huitong_reader', `update population set name = 'x'`],
    ['huitong_operator', 'select * from population'],
    ['huitong_operator', 'select * from parked'],
    ['huitong_operator', 'delete from release_request'],
    ['huitong_operator', 'update release_request set done_at = null'],
    ['huitong_reader', 'select corrected from release_request'],
    ['huitong_steward', 'select * from population'],
    ['huitong_steward', `update parked set state = 'discarded'`],
    ['huitong_operator', 'select grounds from resume_request'],
    ['huitong_operator', 'update resume_request set done_at = null'],
  ])('refuse %s: %s', async (role, sql) => {
    const url = as(role, city.stores.get('population')!.url);
    const connection = openDatabase({ url, applicationName: 'spec', connectionsMax: 1 });
    await expect(connection.query(sql)).rejects.toMatchObject({ code: '42501' });
    await connection.end();
  });
});

describe('the service', () => {
  it('answers for the other databases while one is away', async () => {
    const away = await createTestDatabase('');
    const name = new URL(away.url).pathname.slice(1);
    await city.exchange.database.query(`alter database ${name} allow_connections false`);
    const lame = await city.start({ POPULATION_DATABASE_URL: away.url });
    try {
      expect(await city.call('officer', `/v1/subjects/population/${citizen}?${purpose}`, { at: lame })).toMatchObject({
        status: 503,
        json: { code: 'DATABASE_UNAVAILABLE' },
      });
      expect(
        (await city.call('officer', `/v1/subjects/enterprise/91110000802100433B?${purpose}`, { at: lame })).status,
      ).toBe(404);
      const { lag } = (await city.call('operator', '/v1/lag', { at: lame })).json;
      expect(lag.find((row: { dataset: string }) => row.dataset === 'psb.vehicle')).toMatchObject({
        verdict: 'UNKNOWN',
        records: null,
      });
      expect(lag.find((row: { dataset: string }) => row.dataset === 'hcb.dwelling')).toMatchObject({ records: 0 });
      expect((await city.call('nobody', '/health/ready', { at: lame })).json).toMatchObject({
        checks: { population: { status: 'down' }, housing: { status: 'up' } },
      });
    } finally {
      await lame.close();
      await away.drop();
    }
  });

  it('describes every route', async () => {
    const { json } = await city.call('nobody', '/openapi.json');
    expect(Object.keys(json.paths)).toHaveLength(16);
  });

  it('is ready while its databases are', async () => {
    expect((await city.call('nobody', '/health/ready')).json).toMatchObject({
      status: 'up',
      checks: { population: { status: 'up' }, 'legal-person': {}, housing: {}, 'access-log': { status: 'up' } },
    });
  });
});
