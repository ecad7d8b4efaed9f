import { dateExists } from './calendar.ts';
import { isListedCountry } from './countries.ts';
import { isProvince } from './divisions.ts';
import type { CheckResult } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

export const foreignerCard15 = /^[A-Z]{3}\d{12}$/;
const weights = [7, 3, 1];
const zero = 48;
const letterA = 65;

/**
 * The old foreigners' permanent residence card, not issued since 2023-12-01 but valid to its expiry: country ISO 3166-1
 * alpha-3, area 4, birth YYMMDD, sequence and sex, check digit by the weights of ICAO Doc 9303. The holder's new card
 * has another number, so the two meet by an alias only.
 */
export function checkForeignerCard15(id: string): CheckResult {
  // 2000 is a leap year and 1900 is not: the later century admits every day that either has.
  if (!dateExists(2000 + Number(id.slice(7, 9)), Number(id.slice(9, 11)), Number(id.slice(11, 13)))) {
    return refused('DATE');
  }
  if (!isProvince(id.slice(3, 5))) return refused('ADDRESS_UNKNOWN');
  if (!isListedCountry(id.slice(0, 3))) return refused('COUNTRY_UNKNOWN');
  return foreignerCardCheckDigit(id) === id[14] ? accepted(id, ['LEGACY_FORM']) : refused('CHECK_DIGIT');
}

function foreignerCardCheckDigit(first14: string): string {
  let sum = 0;
  for (let i = 0; i < 14; i++) {
    const code = first14.charCodeAt(i);
    sum += (code >= letterA ? code - letterA + 10 : code - zero) * weights[i % 3]!;
  }
  return String(sum % 10);
}
