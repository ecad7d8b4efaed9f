import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { RunningCity } from './running-city.ts';

/** A real extract of 5,950 market entities, used where it lies beside the clone. */
const extract = join(import.meta.dirname, '../../../../shared/data/wuhu-enterprises-1979-2008.csv');
let city: RunningCity;

beforeAll(async () => {
  city = await RunningCity.up({}, '--empty');
}, 600_000);
afterAll(async () => {
  expect(await city.down()).toBe(0);
}, 600_000);

async function recordOf(subject: string, creditCode: string): Promise<Record<string, unknown>> {
  const { status, body } = await city.ask(`/v1/subjects/${subject}/${creditCode}?purpose=e2e`);
  return { status, ...body };
}

describe('the enterprise extract', () => {
  it('is in the legal-person and enterprise databases row by row, or in the refused file with a true reason', async () => {
    const refusedFile = join(city.home, 'refused.csv');
    const publish = [
      'publish',
      '--json',
      '--dataset',
      'amr.enterprise-registration',
      '--refused',
      refusedFile,
      extract,
    ];
    const { code, output } = await city.huitong(...publish);
    expect(code).toBe(1);
    const summary = JSON.parse(output) as Record<string, unknown>;
    expect(summary).toMatchObject({
      rows: 5_950,
      accepted: 5_949,
      flagged: 3,
      flags: { CHECK_CHARACTER_WRONG: 2, ORGANISATION_PART_WRONG: 1 },
      refusedByCode: { RECORD_REFUSED: 1 },
      refusals: [{ line: 5_356, field: 'data.enterpriseType', message: expect.stringContaining('疑为错列') }],
    });
    const rows = parse<Record<string, string>>(await readFile(extract), { columns: true, bom: true });
    const refused = parse<Record<string, string>>(await readFile(refusedFile), { columns: true, bom: true });
    expect(refused).toHaveLength(1);
    const last = rows.at(-1)!['统一社会信用代码']!;
    for (let waited = 0; (await recordOf('enterprise', last))['status'] !== 200 && waited < 60; waited += 1)
      await sleep(500);
    const taken = rows.filter((row) => row['统一社会信用代码'] !== refused[0]!['统一社会信用代码']);
    for (let at = 0; at < taken.length; at += 25)
      await Promise.all(
        taken.slice(at, at + 25).flatMap((row) =>
          ['legal-person', 'enterprise'].map(async (subject) => {
            const record = await recordOf(subject, row['统一社会信用代码']!);
            expect(record).toMatchObject({ status: 200, record: { name: row['企业名称'] } });
          }),
        ),
      );
  }, 600_000);

  it('keeps the two legal codes whose check character is wrong, flagged', async () => {
    for (const creditCode of ['91340200719930591W', '91340200756838022G'])
      expect(await recordOf('enterprise', creditCode)).toMatchObject({
        status: 200,
        flags: expect.arrayContaining(['CHECK_CHARACTER_WRONG']),
      });
  }, 600_000);
});
