import { birthDateProblem, isoDate } from './calendar.ts';
import { isListedCountryNumber } from './countries.ts';
import { canBeDivision, divisionYears, isProvince } from './divisions.ts';
import { checkForeignerCard15, foreignerCard15 } from './foreigner-card.ts';
import type { CheckResult, Flag } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

const eighteen = /^\d{17}[\dX]$/;
const fifteen = /^\d{15}$/;
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const zero = 48;

/**
 * The check character over the first 17 digits by ISO 7064 MOD 11-2, as GB 11643-1999 and the residence permits and
 * foreigners' cards of the same layout prescribe. Expects 17 digits and looks at no more.
 */
export function personIdCheckDigit(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - zero) * weights[i]!;
  return '10X98765432'[sum % 11]!;
}

/**
 * GB 11643 in 18 and in 15 digits (the latter answered in 18), residence permits of Hong Kong, Macau and Taiwan
 * residents, and foreigners' permanent residence cards, new and old.
 */
export function checkPersonId(text: string, today: string): CheckResult {
  if (text.length === 18) return checkEighteen(text, today);
  if (text.length !== 15) return refused('LENGTH');
  if (fifteen.test(text)) return checkFifteen(text, today);
  return foreignerCard15.test(text) ? checkForeignerCard15(text) : refused('FORMAT');
}

function checkEighteen(id: string, today: string): CheckResult {
  if (!eighteen.test(id)) return refused('FORMAT');
  const dateProblem = birthDateProblem(id.slice(6, 14), today);
  if (dateProblem !== undefined) return refused(dateProblem);
  const foreigner = id[0] === '9';
  if (!(foreigner ? isProvince(id.slice(1, 3)) : canBeAddress(id))) return refused('ADDRESS_UNKNOWN');
  if (personIdCheckDigit(id) !== id[17]) return refused('CHECK_DIGIT');
  if (foreigner) return isListedCountryNumber(id.slice(3, 6)) ? accepted(id) : accepted(id, ['COUNTRY_UNLISTED']);
  const flag = addressFlag(id);
  return flag === undefined ? accepted(id) : accepted(id, [flag]);
}

/** 830000 stands in residence permits only, GB/T 2260 has no 83. */
function canBeAddress(id: string): boolean {
  return canBeDivision(id) || id.startsWith('830000');
}

/**
 * GB 11643-1989. The number says two digits of the year only; the law puts 19 before them, also for persons past 100.
 * Residence permits came after it, hence no 8.
 */
function checkFifteen(id: string, today: string): CheckResult {
  const first17 = `${id.slice(0, 6)}19${id.slice(6)}`;
  const dateProblem = birthDateProblem(first17.slice(6, 14), today);
  if (dateProblem !== undefined) return refused(dateProblem);
  if (id[0] === '8' || !canBeDivision(id)) return refused('ADDRESS_UNKNOWN');
  const canonical = first17 + personIdCheckDigit(first17);
  const flag = addressFlag(canonical);
  return accepted(canonical, flag === undefined ? ['CENTURY_ASSUMED'] : ['CENTURY_ASSUMED', flag]);
}

/** The address is that of the day of assignment, which may be decades after the birth: never proof of a forgery. */
function addressFlag(id: string): Flag | undefined {
  const years = divisionYears(id.slice(0, 6));
  if (years === undefined) return undefined;
  const birthYear = Number(id.slice(6, 10));
  if (birthYear < years.from) return 'REGISTERED_LATE';
  return birthYear > years.to ? 'CODE_ENDED_BEFORE_BIRTH' : undefined;
}

/** Whom a number was issued to: a citizen, a permit holder of Hong Kong, Macau or Taiwan, or a foreigner. */
export type PersonIdHolder = 'citizen' | 'residence-permit' | 'foreigner';

/** What a person's number itself says. */
export interface PersonIdFacts {
  readonly holder: PersonIdHolder;
  /** ISO date; absent on the old foreigners' card, which does not say the century. */
  readonly birthDate: string | undefined;
  /** GB/T 2261.1: 1 male, 2 female. */
  readonly sex: '1' | '2';
  /** GB/T 2260 as it was on the day of assignment: six digits, on the old card four, on the new card the province's two. */
  readonly addressCode: string;
}

/**
 * What a canonical person's number says of its holder, for comparison with what a register says. Expects the canonical
 * text of an accepted number; other texts give meaningless facts.
 */
export function personIdFacts(canonical: string): PersonIdFacts {
  if (canonical.length === 15) {
    return {
      holder: 'foreigner',
      birthDate: undefined,
      sex: sexOf(canonical.charCodeAt(13)),
      addressCode: canonical.slice(3, 7),
    };
  }
  const foreigner = canonical[0] === '9';
  return {
    holder: foreigner ? 'foreigner' : /^8[123]0000/.test(canonical) ? 'residence-permit' : 'citizen',
    birthDate: isoDate(canonical.slice(6, 14)),
    sex: sexOf(canonical.charCodeAt(16)),
    addressCode: foreigner ? canonical.slice(1, 3) : canonical.slice(0, 6),
  };
}

function sexOf(digit: number): '1' | '2' {
  return digit % 2 === 1 ? '1' : '2';
}

/**
 * A valid 18-digit number from its parts, for synthetic persons. `sequence` is 0 to 999, odd for a male. Throws a
 * RangeError where the parts make no acceptable number.
 */
export function makePersonId(parts: { addressCode: string; birthDate: string; sequence: number }): string {
  const first17 = parts.addressCode + parts.birthDate.replaceAll('-', '') + String(parts.sequence).padStart(3, '0');
  const id = first17 + personIdCheckDigit(first17);
  // Far in the future, so that a synthetic city may have a clock of its own.
  if (id.length !== 18 || !checkEighteen(id, '9999-12-31').ok) throw new RangeError('no person id has these parts');
  return id;
}
