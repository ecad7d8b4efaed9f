import { canBeAuthority } from './divisions.ts';
import { organisationCodeCheckCharacter } from './organisation-code.ts';
import type { CheckResult, Flag } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const form = /^[1-9ANY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const values: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  Math.max(0, alphabet.indexOf(String.fromCharCode(code))),
);

/** The check character over the first 17 characters by GB 32100-2015, MOD 31 with the powers of 3 as weights. */
export function creditCodeCheckCharacter(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += values[first17.charCodeAt(i)]! * weights[i]!;
  return alphabet[(31 - (sum % 31)) % 31]!;
}

/**
 * GB 32100. Registering department (1-9, and A, N, Y of amendment 1), class, division, organisation code, check. A wrong
 * check character, also of the organisation code inside, is flagged only: such codes were issued, and a firm keeps its
 * code for life.
 */
export function checkCreditCode(code: string): CheckResult {
  if (code.length !== 18) return refused('LENGTH');
  if (!form.test(code)) return refused('FORMAT');
  const checkHolds = creditCodeCheckCharacter(code) === code[17];
  const organisationHolds = organisationCodeCheckCharacter(code.slice(8, 16)) === code[16];
  const divisionHolds = canBeAuthority(code.slice(2, 8));
  if (checkHolds && organisationHolds && divisionHolds) return accepted(code);
  const found: Flag[] = [];
  if (!checkHolds) found.push('CHECK_CHARACTER_WRONG');
  if (!organisationHolds) found.push('ORGANISATION_PART_WRONG');
  if (!divisionHolds) found.push('DIVISION_UNKNOWN');
  return accepted(code, found);
}
