import { canBeAuthority } from './divisions.ts';
import type { CheckResult } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

const form = /^\d{15}$/;
/** Thirteen digits before 2007, and provincial forms with letters that were never renumbered. */
const legacyForm = /^(?:\d{13}|\d{6}[0-9A-Z]{7}|\d{6}[0-9A-Z]{9})$/;
const zero = 48;

/** The check digit over the first 14 digits by ISO 7064 MOD 11,10 (GB/T 17710), as GS 15-2006 prescribes. */
export function registrationNumberCheckDigit(first14: string): string {
  let product = 10;
  for (let i = 0; i < 14; i++) {
    const sum = (product + first14.charCodeAt(i) - zero) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** GS 15-2006. Lawful older forms have no check and are flagged; fifteen digits with a wrong check digit are refused. */
export function checkRegistrationNumber(number: string): CheckResult {
  if (number.length !== 15 && number.length !== 13) return refused('LENGTH');
  if (form.test(number)) {
    if (registrationNumberCheckDigit(number) !== number[14]) return refused('CHECK_DIGIT');
    return canBeAuthority(number) ? accepted(number) : accepted(number, ['DIVISION_UNKNOWN']);
  }
  if (!legacyForm.test(number)) return refused('FORMAT');
  return accepted(number, canBeAuthority(number) ? ['LEGACY_FORM'] : ['LEGACY_FORM', 'DIVISION_UNKNOWN']);
}
