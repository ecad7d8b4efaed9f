import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { citizen, lane, QueryCity } from '../e2e/query-city.ts';

const dataset = 'psb.household-register';
const other = 'mca.cremation';

let city: QueryCity;
beforeAll(async () => {
  city = await QueryCity.open();
  for (const name of [dataset, other]) {
    await city.population.query(
      `insert into checkpoint select $1, l.lane, 'main', 5, '2026-11-23T08:00:00Z', '[]' from lane l`,
      [name],
    );
    await city.population.query(
      `insert into proof (dataset, lane, bucket, kafka_offset, as_of, equal_as_of, stated, stated_sum, held, held_sum, checked_at)
       select $1, l.lane, b, 5, '2026-11-23T08:00:00Z', '2026-11-23T07:00:00Z', 3, '1', case when l.lane = $2 and b = 7 then 2 else 3 end, '1', now()
       from lane l, generate_series(0, 63) b`,
      [name, lane],
    );
    await city.population.query(
      `insert into proof_difference (dataset, lane, bucket, subject_id, source_record_id, kind, stated_version, parked, request_id)
       values ($1, $2, 7, $3, 'r1', 'missing', 1, false, 1)`,
      [name, lane, citizen],
    );
  }
}, 120_000);
afterAll(() => city.close());

describe('proofs', () => {
  it.each(['operator', 'auditor', 'steward', 'psb'])(
    'are shown to %s by bucket and kind, without an id',
    async (who) => {
      const { status, json } = await city.call(who, `/v1/proofs?dataset=${dataset}&buckets=true`);
      expect(status).toBe(200);
      expect(json.proofs).toMatchObject([
        {
          dataset,
          database: 'population',
          verdict: 'differs',
          equalAsOf: '2026-11-23T07:00:00.000Z',
          buckets: 768,
          differing: 1,
          stated: 2_304,
          held: 2_303,
          differences: { missing: 1, altered: 0, extra: 0, unstated: 0, parked: 0, asked: 1 },
          registers: ['main'],
        },
      ]);
      const differing = json.proofs[0].bucketStates.filter(({ equal }: { equal: boolean }) => !equal);
      expect(differing).toMatchObject([{ lane, bucket: 7, stated: 3, held: 2, records: { missing: 1 } }]);
      expect(JSON.stringify(json)).not.toContain(citizen);
    },
  );

  it('are unproven before any checkpoint, and shown to a department for its own datasets', async () => {
    const { json } = await city.call('mca', '/v1/proofs');
    expect(new Set(json.proofs.map(({ department }: { department: string }) => department))).toEqual(new Set(['mca']));
    const marriage = json.proofs.find((proof: { dataset: string }) => proof.dataset === 'mca.marriage');
    expect(marriage).toMatchObject({ verdict: 'unproven', equalAsOf: null, lanesProven: 0 });
    expect((await city.call('mca', `/v1/proofs?dataset=${dataset}`)).json).toEqual({ proofs: [] });
  });

  it('are not for officers, and requested by operators alone', async () => {
    expect((await city.call('officer', '/v1/proofs')).status).toBe(403);
    for (const who of ['auditor', 'steward', 'psb', 'officer'])
      expect((await city.call(who, `/v1/proofs/${dataset}/requests`, { body: {} })).status).toBe(403);
    expect((await city.call('operator', '/v1/proofs/psb.nothing/requests', { body: {} })).status).toBe(404);
  });
});

describe('what is asked of a source', () => {
  it('is told to the department that provides the dataset, and to nobody else', async () => {
    const { status, json } = await city.call('psb', '/v1/source-requests');
    expect(status).toBe(200);
    expect(json.requests).toMatchObject([
      { dataset, database: 'population', kind: 'inventory', register: 'main', buckets: [{ lane, bucket: 7 }] },
      { dataset, kind: 'records', records: [{ subjectId: citizen, sourceRecordId: 'r1' }] },
    ]);
    expect((await city.call('hcb', '/v1/source-requests')).json).toEqual({ requests: [] });
    for (const who of ['operator', 'steward', 'auditor', 'officer'])
      expect((await city.call(who, '/v1/source-requests')).status).toBe(403);
  });

  it('is a checkpoint too once an operator asks for a proof, until every lane was looked at since', async () => {
    const asked = await city.call('operator', `/v1/proofs/${dataset}/requests`, { body: { repair: true, atMost: 3 } });
    expect(asked).toMatchObject({ status: 202, json: { requests: [{ database: 'population', outcome: null }] } });
    const kinds = async (): Promise<string[]> =>
      (await city.call('psb', '/v1/source-requests')).json.requests.map(({ kind }: { kind: string }) => kind);
    expect(await kinds()).toEqual(['checkpoint', 'inventory', 'records']);
    await city.population.query('update proof set checked_at = now(), narrowed = true where dataset = $1', [dataset]);
    expect(await kinds()).toEqual(['records']);
    const { id } = asked.json.requests[0];
    expect((await city.call('auditor', `/v1/proof-requests/population/${id}`)).json).toMatchObject({ outcome: null });
    expect((await city.call('auditor', `/v1/proof-requests/population/${id + 1}`)).status).toBe(404);
    const { rows } = await city.population.query('select requested_by, at_most, repair from proof_request');
    expect(rows).toEqual([{ requested_by: 'operator', at_most: 3, repair: true }]);
  });

  it('keeps rows that were taken out, and the records of inventories, from readers', async () => {
    const client = await city.population.connect();
    try {
      await client.query('set role huitong_reader');
      for (const text of ['select fact from repaired_fact', 'select records from inventory'])
        await expect(client.query(text)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('reset role');
      client.release();
    }
  });
});
