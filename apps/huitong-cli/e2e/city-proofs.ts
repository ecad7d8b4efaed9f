import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { creditCodeCheckCharacter } from '@huitong/identifiers';
import { openDatabase, type Database } from '@huitong/postgres';
import type { RunningCity } from './running-city.ts';

const dataset = 'psb.household-register';
const table = 'fact_psb_household_register';

/** Facts of a living city proved against what its departments state, altered by hand, and mended. */
export function proofStories(given: () => RunningCity): void {
  let city: RunningCity;
  let population: Database;

  beforeAll(async () => {
    city = given();
    const url = await city.databaseUrl('population');
    population = openDatabase({ url, applicationName: 'spec', connectionsMax: 1 });
  });
  afterAll(() => population.end());

  async function prove(...args: string[]): Promise<{ code: number; report: Record<string, unknown>; output: string }> {
    const { code, output, errors } = await city.huitong(
      'prove',
      '--dataset',
      dataset,
      '--json',
      '--wait',
      '150',
      ...args,
    );
    if (code === 2) throw new Error(`${output}${errors}`);
    return { code, output, report: JSON.parse(output) as Record<string, unknown> };
  }

  /** Until the city has loaded so many facts and lives. */
  async function loaded(): Promise<void> {
    for (;;) {
      const { rows } = await population.query<{ count: number }>(`select count(*) as count from ${table}`);
      if (rows[0]!.count >= 250) return;
      await sleep(200);
    }
  }

  it('proves a living city equal, finds what hands did to its facts, and has it mended by the departments', async () => {
    await loaded();
    expect(await prove()).toMatchObject({ code: 0, report: { equal: true, answered: true } });
    const altered = await population.query<{ key: string[]; version: number }>(
      `update ${table} set name = '改' where ctid = any(array(select ctid from ${table} where verb = 'CREATED' order by md5(subject_id) limit 3))
       returning array[subject_id, source_record_id] as key, source_version as version`,
    );
    const deleted = await population.query(
      `delete from ${table} where ctid = any(array(select ctid from ${table} order by md5(subject_id) desc limit 2))`,
    );
    const added = await population.query(
      `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at)
       select subject_id, 'by hand', 1, gen_random_uuid(), 'CREATED', 'INITIAL_LOAD', now() from ${table} order by md5(subject_id) limit 2 offset 50`,
    );
    expect([altered.rowCount, deleted.rowCount, added.rowCount]).toEqual([3, 2, 2]);
    const found = await prove();
    expect(found).toMatchObject({
      code: 1,
      report: { equal: false, proofs: [{ differences: { extra: 2, unstated: 0 } }] },
    });
    // The city lives: a source may correct a record of itself before it is looked at.
    const [{ differences }] = found.report['proofs'] as [{ differences: { missing: number; altered: number } }];
    expect([1, 2, 3]).toContain(differences.altered);
    expect([0, 1, 2]).toContain(differences.missing);
    // Ids stay with their department.
    expect(found.output).not.toMatch(/\d{17}[\dX]/);
    expect(await prove('--repair', '--at-most', '2')).toMatchObject({
      code: 1,
      report: { refused: expect.any(Number) },
    });
    expect(await prove('--repair')).toMatchObject({ code: 0, report: { equal: true } });
    const left = await population.query(`select 1 from ${table} where name = '改' or source_record_id = 'by hand'`);
    expect(left.rowCount).toBe(0);
    const kept = await population.query<{ kind: string }>(
      `select f.kind from repaired_fact f join proof_request r on r.id = f.request_id where r.requested_by = 'operator' order by 1`,
    );
    const kinds = Map.groupBy(kept.rows, ({ kind }) => kind);
    expect(kinds.get('taken out')).toHaveLength(2);
    // One that its source has corrected of itself before it could send it again is replaced by that.
    const corrected = await population.query(
      `select 1 from ${table} f join unnest($1::text[], $2::text[], $3::bigint[]) as a(subject_id, source_record_id, version)
       on f.subject_id = a.subject_id and f.source_record_id = a.source_record_id and f.source_version > a.version`,
      [
        altered.rows.map(({ key }) => key[0]),
        altered.rows.map(({ key }) => key[1]),
        altered.rows.map((row) => row.version),
      ],
    );
    const replaced = kinds.get('replaced')?.length ?? 0;
    expect(replaced).toBeLessThanOrEqual(3);
    expect(replaced).toBeGreaterThanOrEqual(3 - corrected.rowCount!);
    const { code, output, errors } = await city.huitong('prove', '--demo', '--json', '--wait', '150');
    if (code !== 0) throw new Error(`not proved: ${output}${errors}`);
  }, 600_000);

  it('is answered for published files too, by a command that stands by', async () => {
    const published = 'amr.enterprise-registration';
    const file = join(city.home, '企业.csv');
    const codes = Array.from({ length: 5 }, (_, at) => {
      const first17 = `91340200PDY00000${at}`;
      return first17 + creditCodeCheckCharacter(first17);
    });
    await writeFile(file, ['creditCode,name', ...codes.map((code, at) => `${code},样例${at}`), ''].join('\n'));
    const sent = await city.huitong('publish', '--dataset', published, '--key', 'creditCode', file);
    if (sent.code !== 0) throw new Error(sent.errors);
    const { process: answering } = city.spawn('answer');
    const legalPersons = openDatabase({
      url: await city.databaseUrl('legal_person'),
      applicationName: 'spec',
      connectionsMax: 1,
    });
    try {
      const rows = `from fact_amr_enterprise_registration where source_record_id = any($1)`;
      while ((await legalPersons.query(`select 1 ${rows}`, [codes])).rowCount !== codes.length) await sleep(100);
      expect((await legalPersons.query(`delete ${rows}`, [codes.slice(0, 2)])).rowCount).toBe(2);
      const args = ['prove', '--dataset', published, '--repair', '--json', '--wait', '150'];
      const { output, errors } = await city.huitong(...args);
      expect({ ...(JSON.parse(output || '{}') as object), errors }).toMatchObject({ equal: true, answered: true });
      expect((await legalPersons.query(`select 1 ${rows}`, [codes])).rowCount).toBe(codes.length);
    } finally {
      await legalPersons.end();
      answering.kill('SIGTERM');
      if (answering.exitCode === null && answering.signalCode === null) await once(answering, 'exit');
    }
    expect(answering.exitCode).toBe(0);
  }, 600_000);

  it('says what is wrong with its usage', async () => {
    const codeOf = async (...args: string[]): Promise<unknown> => {
      const { code, output } = await city.huitong('prove', ...args, '--json');
      return [code, (JSON.parse(output) as { error: { code: string } }).error.code];
    };
    expect(await codeOf('--dataset', 'psb.nothing')).toEqual([2, 'DATASET_UNKNOWN']);
    expect(await codeOf('--dataset', dataset, '--demo')).toEqual([2, 'REQUEST_INVALID']);
    expect(await codeOf('--dataset', dataset, '--at-most', '5')).toEqual([2, 'REQUEST_INVALID']);
    expect(await codeOf('--dataset', dataset, '--repair', '--at-most', 'many')).toEqual([2, 'REQUEST_INVALID']);
  }, 600_000);
}
