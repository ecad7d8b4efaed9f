import { describe, expect, it } from '@jest/globals';
import { readHeaders } from './message-headers.ts';

/** Each of a length below 64, and so in one byte. */
const text = (value: string | null): Buffer =>
  value === null ? Buffer.from([1]) : Buffer.concat([Buffer.from([value.length * 2]), Buffer.from(value)]);
const bytes = (count: number, ...texts: (string | null)[]): Buffer =>
  Buffer.concat([Buffer.from([count * 2]), ...texts.map(text)]);

describe('headers', () => {
  it('may come twice, and without a value', () => {
    const some = bytes(4, 'a', 'x', 'b', null, 'a', 'y', 'a', 'z');
    expect(readHeaders(some, 0, some.length)).toEqual({
      a: [Buffer.from('x'), Buffer.from('y'), Buffer.from('z')],
      b: undefined,
    });
  });

  it('end with their record, whatever they say', () => {
    const some = bytes(2, 'a', 'x', 'b', 'y');
    const next = Buffer.concat([some, Buffer.from('what belongs to somebody else')]);
    expect(readHeaders(next, 0, some.length)).toEqual({ a: Buffer.from('x'), b: Buffer.from('y') });
    expect(readHeaders(next, 0, some.length - 1)).toEqual({ a: Buffer.from('x') });
    next[0] = 126;
    expect(readHeaders(next, 0, some.length)).toEqual({ a: Buffer.from('x'), b: Buffer.from('y') });
  });
});
