import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stdnum from 'stdnum';
import { checkIdentifier, makePersonId, personIdCheckDigit, personIdFacts } from './index.ts';

const today = '2026-11-23';
const check = (text: string, onDate = today) => checkIdentifier('person-id', text, onDate);

const isoDates = fc
  .date({ min: new Date('1800-01-01'), max: new Date('2026-11-23'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const addressCodes = fc.oneof(
  fc.constantFrom('340202', '340221', '340281', '342623', '110105', '500154', '810000', '820000', '830000'),
  fc.integer({ min: 0, max: 9999 }).map((rest) => `34${String(rest).padStart(4, '0')}`),
);
const ids = fc
  .record({ addressCode: addressCodes, birthDate: isoDates, sequence: fc.integer({ min: 0, max: 999 }) })
  .map(makePersonId);

describe('a person id made from its parts', () => {
  it('is accepted, is its own canonical text and states its parts', () => {
    fc.assert(
      fc.property(addressCodes, isoDates, fc.integer({ min: 0, max: 999 }), (addressCode, birthDate, sequence) => {
        const id = makePersonId({ addressCode, birthDate, sequence });
        expect(check(id)).toMatchObject({ ok: true, canonical: id });
        expect(personIdFacts(id)).toEqual({
          holder: /^8[123]0000$/.test(addressCode) ? 'residence-permit' : 'citizen',
          addressCode,
          birthDate,
          sex: sequence % 2 ? '1' : '2',
        });
      }),
    );
  });

  it('is caught when any one of its characters changes', () => {
    fc.assert(
      fc.property(ids, fc.nat(17), fc.constantFrom(...'0123456789X'), (id, at, character) => {
        fc.pre(id[at] !== character);
        expect(check(id.slice(0, at) + character + id.slice(at + 1)).ok).toBe(false);
      }),
    );
  });

  it('is caught when two neighbouring digits change places', () => {
    fc.assert(
      fc.property(ids, fc.nat(15), (id, at) => {
        fc.pre(id[at] !== id[at + 1]);
        expect(check(id.slice(0, at) + id[at + 1]! + id[at]! + id.slice(at + 2)).ok).toBe(false);
      }),
    );
  });

  it('cannot be made from parts that no person has', () => {
    const parts = { addressCode: '340202', birthDate: '1990-03-07', sequence: 1 };
    expect(() => makePersonId({ ...parts, addressCode: '990426' })).toThrow(RangeError);
    expect(() => makePersonId({ ...parts, birthDate: '1990-02-30' })).toThrow(RangeError);
    expect(() => makePersonId({ ...parts, sequence: 1000 })).toThrow(RangeError);
    expect(() => makePersonId({ ...parts, sequence: -1 })).toThrow(RangeError);
  });
});

describe('the check digit', () => {
  it('equals 1 - 2 * (the first 17 digits read in base 13) modulo 11', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{17}$/), (first17) => {
        const base13 = [...first17].reduce((value, digit) => value * 13n + BigInt(digit), 0n);
        const remainder = Number((((1n - 2n * base13) % 11n) + 11n) % 11n);
        expect(personIdCheckDigit(first17)).toBe('0123456789X'[remainder]);
      }),
    );
  });

  it('agrees with the independent implementation of stdnum', () => {
    const { ric } = stdnum.stdnum.CN!;
    fc.assert(
      fc.property(ids, fc.constantFrom(...'0123456789X'), (id, character) => {
        const other = id.slice(0, 17) + character;
        expect(check(other).ok).toBe(ric!.validate(other).isValid);
      }),
    );
  });
});

describe('a 15-digit id of the 1989 standard', () => {
  it('becomes the 18-digit id of a person born in the 1900s', () => {
    const births = isoDates.filter((date) => date.startsWith('19'));
    fc.assert(
      fc.property(births, fc.integer({ min: 0, max: 999 }), (birthDate, sequence) => {
        const id = makePersonId({ addressCode: '342623', birthDate, sequence });
        const result = check(id.slice(0, 6) + id.slice(8, 17));
        expect(result).toMatchObject({ ok: true, canonical: id });
        expect(result.ok && result.flags).toContain('CENTURY_ASSUMED');
      }),
    );
  });

  it('of a person past 100 is put into the wrong century, so the assumption is flagged', () => {
    expect(check('330102200403064')).toEqual({
      ok: true,
      canonical: '33010219200403064X',
      flags: ['CENTURY_ASSUMED'],
    });
  });

  it('is never a residence permit, which is younger than the standard', () => {
    expect(check('810000800101001')).toEqual({ ok: false, problem: 'ADDRESS_UNKNOWN' });
  });
});

describe('traps of a person id', () => {
  it('takes a small x for X', () => {
    expect(check(' 44011320141005001x ')).toEqual({ ok: true, canonical: '44011320141005001X', flags: [] });
  });

  it('does not let a letter outside ASCII become one inside by upper-casing', () => {
    expect('KAZ110090123105'.replace('K', '\u212a').normalize('NFKC')).toBe('KAZ110090123105');
    expect(check('KAZ110090123105'.replace('K', '\u212a'))).toEqual({ ok: false, problem: 'FORMAT' });
    expect('\u017f'.toUpperCase()).toBe('S');
    expect(check('u\u017fa110090123105')).toEqual({ ok: false, problem: 'FORMAT' });
    expect(check('３４０２２１１９９００３０７００１５')).toEqual({ ok: false, problem: 'FORMAT' });
  });

  it('does not take an address code younger than the birth for a forgery', () => {
    expect(check('340210199003070016')).toMatchObject({ ok: true, flags: ['REGISTERED_LATE'] });
    expect(check('411082198901010002')).toMatchObject({ ok: true });
    expect(check('500154199301135886')).toMatchObject({ ok: true });
  });

  it('accepts an address code that had ended before the birth, with a flag', () => {
    const id = makePersonId({ addressCode: '342623', birthDate: '2005-05-05', sequence: 12 });
    expect(check(id)).toMatchObject({ ok: true, flags: ['CODE_ENDED_BEFORE_BIRTH'] });
  });

  it('accepts a county that no list here knows', () => {
    expect(check(makePersonId({ addressCode: '659011', birthDate: '2023-01-01', sequence: 5 })).ok).toBe(true);
  });

  it('refuses provinces and municipal districts that have never existed', () => {
    expect(check('990426199112010074')).toEqual({ ok: false, problem: 'ADDRESS_UNKNOWN' });
    expect(check('111111199901101512')).toEqual({ ok: false, problem: 'ADDRESS_UNKNOWN' });
    expect(() => makePersonId({ addressCode: '830102', birthDate: '2000-01-01', sequence: 1 })).toThrow(RangeError);
  });

  it('accepts residence permits from Taiwan, whose prefix GB/T 2260 lacks', () => {
    expect(check('830000199201300022')).toEqual({ ok: true, canonical: '830000199201300022', flags: [] });
    expect(personIdFacts('830000199201300022').holder).toBe('residence-permit');
  });

  it('knows 29 February only in leap years', () => {
    const parts = { addressCode: '340202', sequence: 1 };
    expect(() => makePersonId({ ...parts, birthDate: '2000-02-29' })).not.toThrow();
    expect(() => makePersonId({ ...parts, birthDate: '1900-02-29' })).toThrow(RangeError);
    expect(() => makePersonId({ ...parts, birthDate: '2023-02-29' })).toThrow(RangeError);
  });

  it('refuses a birth after today and accepts one of today', () => {
    const id = makePersonId({ addressCode: '340202', birthDate: '2026-11-23', sequence: 2 });
    expect(check(id, '2026-11-22')).toEqual({ ok: false, problem: 'BIRTH_IN_FUTURE' });
    expect(check(id, '2026-11-23').ok).toBe(true);
  });

  it('takes the date in China where no date is given', () => {
    const birthDate = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const unborn = makePersonId({ addressCode: '340202', birthDate, sequence: 2 });
    expect(checkIdentifier('person-id', unborn)).toEqual({ ok: false, problem: 'BIRTH_IN_FUTURE' });
  });
});

describe("a foreigner's permanent residence card", () => {
  it('of the new form says province, birth and sex', () => {
    expect(check('932682198501010017')).toEqual({ ok: true, canonical: '932682198501010017', flags: [] });
    expect(personIdFacts('911398199012310021')).toEqual({
      holder: 'foreigner',
      addressCode: '11',
      birthDate: '1990-12-31',
      sex: '2',
    });
  });

  it('of the new form may have a country number assigned after our list', () => {
    const id = makePersonId({ addressCode: '934999', birthDate: '1985-01-01', sequence: 1 });
    expect(check(id)).toMatchObject({ ok: true, flags: ['COUNTRY_UNLISTED'] });
  });

  it('of the old form stays valid and leaves the century open', () => {
    expect(check('kaz110090123105')).toEqual({ ok: true, canonical: 'KAZ110090123105', flags: ['LEGACY_FORM'] });
    expect(personIdFacts('KAZ110090123105')).toEqual({
      holder: 'foreigner',
      addressCode: '1100',
      birthDate: undefined,
      sex: '2',
    });
  });

  it('of the old form is refused for each of its parts', () => {
    expect(check('KAZ110090133105')).toEqual({ ok: false, problem: 'DATE' });
    expect(check('KAZ990090123105')).toEqual({ ok: false, problem: 'ADDRESS_UNKNOWN' });
    expect(check('CHN110090123105')).toEqual({ ok: false, problem: 'COUNTRY_UNKNOWN' });
    expect(check('KAZ110090123106')).toEqual({ ok: false, problem: 'CHECK_DIGIT' });
  });

  it('of the old form is another number than the new card of the same person', () => {
    const canonicals = ['KAZ110090123105', '911398199012310021'].map((id) => {
      const result = check(id);
      return result.ok && result.canonical;
    });
    expect(new Set(canonicals).size).toBe(2);
  });
});
