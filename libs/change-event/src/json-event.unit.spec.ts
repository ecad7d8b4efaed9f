import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroType } from './avro-type.ts';
import { datasets } from './generated/datasets.ts';
import { datasetNames } from './dataset-names.ts';
import { readJsonEvent } from './json-event.ts';

const now = new Date('2026-11-23T00:00:00Z');
const schemas = join(import.meta.dirname, '../../../schemas');

const examples = datasetNames.flatMap((dataset) => {
  const [department, name] = dataset.split('.') as [string, string];
  const folder = join(schemas, department, 'examples', name);
  return readdirSync(folder).map((file) => ({
    dataset,
    file,
    json: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>,
  }));
});

describe('reading the JSON form of an event', () => {
  it.each(examples.filter(({ file }) => file.startsWith('valid-')))(
    'accepts $dataset $file, and Avro keeps all of it',
    ({ dataset, json }) => {
      const reading = readJsonEvent(dataset, json, now);
      if (!reading.ok) throw new Error(`${reading.problem.code} ${reading.problem.field}`);
      const type = avroType(datasets[dataset].schema as never);
      expect(type.fromBuffer(type.toBuffer(reading.event))).toEqual(reading.event);
    },
  );

  it.each(examples.filter(({ file }) => file.startsWith('invalid-')))(
    'refuses $dataset $file, naming code and field, with no value',
    ({ dataset, json }) => {
      const reading = readJsonEvent(dataset, json['event'], now);
      if (reading.ok) throw new Error('it was accepted');
      expect(reading.problem).toMatchObject({ code: json['code'], field: json['field'] });
      const values = Object.values((json['event'] as { data?: object | null }).data ?? {}).filter(
        (value) => typeof value === 'string' && value.length > 3,
      );
      for (const value of values) expect(reading.problem.message).not.toContain(value);
    },
  );

  it('answers anything at all with a reading, never an exception', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({
        verb: fc.constantFrom('CREATED', 'ANNULLED'),
        data: fc.anything(),
        eventId: fc.anything(),
        subjectId: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...datasetNames), anything, (dataset, json) => {
        expect(readJsonEvent(dataset, json, now).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts ids into canonical form before keying, so that one id takes one lane', () => {
    const { json } = examples.find(
      ({ dataset, file }) => dataset === 'psb.household-register' && file === 'valid-created.json',
    )!;
    const data = { ...(json['data'] as object), citizenId: '150102880730303' };
    const reading = readJsonEvent('psb.household-register', { ...json, data }, now);
    expect(reading).toMatchObject({
      ok: true,
      subjectId: '150102198807303035',
      event: { data: { citizenId: '150102198807303035' } },
    });
  });

  it('takes the days that a calendar has, and no others', () => {
    const { json } = examples.find(
      ({ dataset, file }) => dataset === 'psb.household-register' && file === 'valid-created.json',
    )!;
    const accepts = (validFrom: string): boolean =>
      readJsonEvent('psb.household-register', { ...json, validFrom, validTo: null }, now).ok;
    for (const day of ['0001-01-01', '1900-02-28', '2000-02-29', '2024-02-29', '2023-12-31', '9999-12-31'])
      expect([day, accepts(day)]).toEqual([day, true]);
    for (const day of [
      '0000-01-01',
      '1900-02-29',
      '2023-02-29',
      '2023-02-30',
      '2023-04-31',
      '2023-01-32',
      '2023-00-10',
    ])
      expect([day, accepts(day)]).toEqual([day, false]);
    for (const day of ['2023-13-01', '2023-01-00', '2023-1-1', '10000-01-01', '2023-01-01T00:00:00Z'])
      expect([day, accepts(day)]).toEqual([day, false]);
  });

  it('does not take the names of inherited properties for codes, reasons or fields', () => {
    const { json } = examples.find(
      ({ dataset, file }) => dataset === 'psb.household-register' && file === 'valid-created.json',
    )!;
    for (const [change, field] of [
      [{ reason: 'constructor' }, 'reason'],
      [{ data: { ...(json['data'] as object), sex: 'toString' } }, 'data.sex'],
      [{ data: { ...(json['data'] as object), constructor: '1' } }, 'data.constructor'],
    ] as const)
      expect(readJsonEvent('psb.household-register', { ...json, ...change }, now)).toMatchObject({
        ok: false,
        problem: { field },
      });
  });
});
