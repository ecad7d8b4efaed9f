import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import stdnum from 'stdnum';
import {
  checkIdentifier,
  creditCodeCheckCharacter,
  organisationCodeCheckCharacter,
  registrationNumberCheckDigit,
} from './index.ts';

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const organisationParts = fc
  .string({ unit: fc.constantFrom(...creditAlphabet), minLength: 8, maxLength: 8 })
  .map((first8) => first8 + organisationCodeCheckCharacter(first8));
const creditCodes = fc
  .tuple(fc.constantFrom('91', '92', '93', '52', '12', 'A1', 'N2', 'Y1'), organisationParts)
  .map(([register, organisation]) => `${register}340202${organisation}`)
  .map((first17) => first17 + creditCodeCheckCharacter(first17));

describe('a credit code', () => {
  it('made from its parts is accepted without flags and is its own canonical text', () => {
    fc.assert(
      fc.property(creditCodes, (code) => {
        const clean = { ok: true, canonical: code, flags: [] };
        expect(checkIdentifier('credit-code', code)).toEqual(clean);
        expect(checkIdentifier('credit-code', ` ${code.toLowerCase()}`)).toEqual(clean);
      }),
    );
  });

  it('is flagged, not refused, when its check character changes', () => {
    fc.assert(
      fc.property(creditCodes, fc.constantFrom(...creditAlphabet), (code, character) => {
        fc.pre(code[17] !== character);
        const other = code.slice(0, 17) + character;
        expect(checkIdentifier('credit-code', other)).toEqual({
          ok: true,
          canonical: other,
          flags: ['CHECK_CHARACTER_WRONG'],
        });
      }),
    );
  });

  it('agrees with stdnum, but for the prefixes A, N, Y and the check character 0 that stdnum wrongly refuses', () => {
    const { uscc } = stdnum.stdnum.CN!;
    fc.assert(
      fc.property(creditCodes, fc.constantFrom(...creditAlphabet), (code, character) => {
        for (const other of [code, code.slice(0, 17) + character]) {
          const result = checkIdentifier('credit-code', other);
          const ours = result.ok && !result.flags.includes('CHECK_CHARACTER_WRONG');
          const known = /^[ANY]/.test(other) || (ours && other.endsWith('0'));
          expect(uscc!.validate(other).isValid).toBe(known ? false : ours);
        }
      }),
    );
  });

  it('has the check character 0 where the sum is a multiple of 31', () => {
    const code = '91340202MA00TEXT0G';
    const multiple = [...creditAlphabet]
      .map((character) => code.slice(0, 16) + character)
      .find((first17) => creditCodeCheckCharacter(first17) === '0');
    expect(multiple).toBeDefined();
    expect(checkIdentifier('credit-code', `${multiple}0`)).toMatchObject({ ok: true });
  });

  // code               | trap
  it.each([
    ['91350211M000100Y43', 'the most copied sample of the web has a wrong check character'],
    ['91350100M0001TGQXM', 'an early code of the Fujian pilot'],
    ['91350211M0000XUF46', 'an early code of the Fujian pilot'],
    ['91350203M0001FUE2P', 'an early code of the Fujian pilot'],
  ])('%s is accepted with a flag: %s', (code) => {
    expect(checkIdentifier('credit-code', code)).toEqual({
      ok: true,
      canonical: code,
      flags: ['CHECK_CHARACTER_WRONG'],
    });
  });

  it("of the standard's own sample is accepted without flags", () => {
    expect(checkIdentifier('credit-code', '91350100M000100Y43')).toMatchObject({ ok: true, flags: [] });
  });

  it('keeps the code of a county that is no more', () => {
    expect(checkIdentifier('credit-code', '91340221MA03TEXT32')).toMatchObject({ ok: true, flags: [] });
  });

  it('of the national registry has the authority 100000', () => {
    const first17 = `9110000010000000${organisationCodeCheckCharacter('10000000')}`;
    const code = first17 + creditCodeCheckCharacter(first17);
    expect(checkIdentifier('credit-code', code)).toMatchObject({ ok: true, flags: [] });
  });

  it('with an unknown province or a wrong organisation code inside is flagged', () => {
    expect(checkIdentifier('credit-code', '91990202MA00TEXT1G')).toMatchObject({
      ok: true,
      flags: ['ORGANISATION_PART_WRONG', 'DIVISION_UNKNOWN'],
    });
    expect(checkIdentifier('credit-code', '91990202MA00TEXT12')).toMatchObject({
      ok: true,
      flags: ['CHECK_CHARACTER_WRONG', 'ORGANISATION_PART_WRONG', 'DIVISION_UNKNOWN'],
    });
  });

  it('is refused for its form', () => {
    expect(checkIdentifier('credit-code', '9111000060003IOZSV')).toEqual({ ok: false, problem: 'FORMAT' });
    expect(checkIdentifier('credit-code', 'Z1340202MA00TEXT0G')).toEqual({ ok: false, problem: 'FORMAT' });
    expect(checkIdentifier('credit-code', '91340202MA00TEXT0')).toEqual({ ok: false, problem: 'LENGTH' });
    expect(checkIdentifier('credit-code', '')).toEqual({ ok: false, problem: 'LENGTH' });
    expect(checkIdentifier('credit-code', '9'.repeat(1_000_000))).toEqual({ ok: false, problem: 'LENGTH' });
  });
});

describe('an organisation code', () => {
  it('has one canonical text, with and without the hyphen', () => {
    const canonical = { ok: true, canonical: 'D2143569X', flags: [] };
    expect(checkIdentifier('organisation-code', 'D2143569-X')).toEqual(canonical);
    expect(checkIdentifier('organisation-code', 'd2143569x')).toEqual(canonical);
  });

  it('is caught when its check character changes', () => {
    fc.assert(
      fc.property(organisationParts, fc.constantFrom(...'0123456789X'), (code, character) => {
        fc.pre(code[8] !== character);
        const other = code.slice(0, 8) + character;
        expect(checkIdentifier('organisation-code', other)).toEqual({ ok: false, problem: 'CHECK_DIGIT' });
      }),
    );
  });

  it('is refused for its form', () => {
    expect(checkIdentifier('organisation-code', 'D2143569--X')).toEqual({ ok: false, problem: 'LENGTH' });
    expect(checkIdentifier('organisation-code', 'D214356-9X')).toEqual({ ok: false, problem: 'LENGTH' });
    expect(checkIdentifier('organisation-code', 'D2143569A')).toEqual({ ok: false, problem: 'FORMAT' });
  });
});

describe('a registration number', () => {
  const numbers = fc
    .stringMatching(/^\d{8}$/)
    .map((sequence) => `340221${sequence}`)
    .map((first14) => first14 + registrationNumberCheckDigit(first14));

  it('made from its parts is accepted, and caught when any one of its digits changes', () => {
    fc.assert(
      fc.property(numbers, fc.nat(14), fc.constantFrom(...'0123456789'), (number, at, digit) => {
        expect(checkIdentifier('registration-number', number)).toEqual({ ok: true, canonical: number, flags: [] });
        fc.pre(number[at] !== digit);
        const other = number.slice(0, at) + digit + number.slice(at + 1);
        expect(checkIdentifier('registration-number', other)).toEqual({ ok: false, problem: 'CHECK_DIGIT' });
      }),
    );
  });

  it.each([
    ['3402212300123', 'thirteen digits before 2007'],
    ['14082500A000118', 'a provincial form with a letter'],
    ['340221NA000123X', 'a cooperative with a letter at the end'],
  ])('%s is accepted as a legacy form: %s', (number) => {
    expect(checkIdentifier('registration-number', number)).toEqual({
      ok: true,
      canonical: number,
      flags: ['LEGACY_FORM'],
    });
  });

  it('of the national registry has the authority 100000, an unknown one is flagged', () => {
    const national = '10000000000001';
    const unknown = '99000000000001';
    const flagsOf = (first14: string) =>
      checkIdentifier('registration-number', first14 + registrationNumberCheckDigit(first14));
    expect(flagsOf(national)).toMatchObject({ ok: true, flags: [] });
    expect(flagsOf(unknown)).toMatchObject({ ok: true, flags: ['DIVISION_UNKNOWN'] });
    expect(checkIdentifier('registration-number', '9902212300123')).toMatchObject({
      flags: ['LEGACY_FORM', 'DIVISION_UNKNOWN'],
    });
  });

  it('is refused for its form', () => {
    expect(checkIdentifier('registration-number', '34022123001234')).toEqual({ ok: false, problem: 'LENGTH' });
    expect(checkIdentifier('registration-number', 'A40221000000001')).toEqual({ ok: false, problem: 'FORMAT' });
  });
});
