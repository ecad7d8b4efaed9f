import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { arrayLiteral } from './parameters.ts';

const parseArray = pg.types.getTypeParser(1009 as never) as unknown as (text: string) => (string | null)[];

describe('an array literal', () => {
  it('reads back as the values, but for nulls at the end', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'binary' }), { nil: null })), (values) => {
        const read = parseArray(arrayLiteral(values));
        expect([...read, ...values.slice(read.length).map(() => null)]).toEqual(values);
        expect(read.at(-1)).not.toBe(null);
      }),
    );
  });

  it('tells the text NULL from a null, and takes numbers as they are', () => {
    expect(arrayLiteral(['NULL', null, 'a"b\\c'])).toBe('{"NULL",NULL,"a\\"b\\\\c"}');
    expect(arrayLiteral([1, null, 2.5, null])).toBe('{1,NULL,2.5}');
    expect(arrayLiteral([null, null])).toBe('{}');
  });
});
