import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import fc from 'fast-check';
import { arrayLiteral } from './parameters.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('');
});
afterAll(() => test.drop());

async function readBack(type: string, literal: string): Promise<unknown[]> {
  const { rows } = await test.database.query<{ values: unknown[] }>(`select $1::${type}[] as values`, [literal]);
  return rows[0]!.values;
}

/** Whatever PostgreSQL can hold: no NUL, and no half of a pair, which no text in UTF-8 has. */
const texts = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('NULL', 'null', '', '"', '\\', '{}', ',', '\n', '芜湖'),
  )
  .filter((text) => !text.includes('\u0000') && text.isWellFormed());

describe('an array literal', () => {
  it('reads back as the values, but for nulls at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(texts, { nil: null })), async (values) => {
        const read = await readBack('text', arrayLiteral(values));
        expect([...read, ...values.slice(read.length).map(() => null)]).toEqual(values);
        expect(read.at(-1)).not.toBe(null);
      }),
    );
  });

  it('takes numbers, truth values and numbers that are none as they are', async () => {
    expect(await readBack('double precision', arrayLiteral([1, null, 2.5e-7, -0.5, NaN, -Infinity, null]))).toEqual([
      ...[1, null, 2.5e-7, -0.5, NaN, -Infinity],
    ]);
    expect(await readBack('boolean', arrayLiteral([true, null, false]))).toEqual([true, null, false]);
    expect(arrayLiteral([null, null])).toBe('{}');
  });
});
