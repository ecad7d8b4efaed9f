import { checkCreditCode } from './credit-code.ts';
import { checkDivisionCode } from './division-code.ts';
import { checkEstateUnit } from './estate-unit.ts';
import { checkOrganisationCode } from './organisation-code.ts';
import { chinaDate } from './calendar.ts';
import type { CheckResult } from './outcome.ts';
import { refused } from './outcome.ts';
import { checkPersonId } from './person-id.ts';
import { checkRegistrationNumber } from './registration-number.ts';

/** The identifiers that a dataset can declare a check for (`check` and `subjectCheck` in a schema). */
export const identifierKinds = [
  'person-id',
  'credit-code',
  'organisation-code',
  'registration-number',
  'division-code',
  'estate-unit',
] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

const longestInput = 64;
const spaces = /\s+/g;
const printableAscii = /^[!-~]+$/;

const checks = {
  'person-id': checkPersonId,
  'credit-code': checkCreditCode,
  'organisation-code': checkOrganisationCode,
  'registration-number': checkRegistrationNumber,
  'division-code': checkDivisionCode,
  'estate-unit': checkEstateUnit,
} as const satisfies Record<IdentifierKind, (text: string, today: string) => CheckResult>;

/**
 * Checks an identifier and answers its one canonical text, or why it is refused; never throws. It refuses only what
 * cannot be: rare but lawful identifiers are accepted with flags. `today` (ISO date) decides what lies in the future and
 * which division codes are over; without it the date in China now is taken. A canonical text is its own canonical text.
 */
export function checkIdentifier(kind: IdentifierKind, text: string, today: string = chinaDate()): CheckResult {
  if (text.length > longestInput) return refused('LENGTH');
  const bare = kind === 'estate-unit' ? text.replace(spaces, '') : text.trim();
  if (bare === '') return refused('LENGTH');
  // Some characters outside ASCII (ſ, ı, ß) turn into plain letters on upper-casing and would forge a match.
  if (!printableAscii.test(bare)) return refused('FORMAT');
  return checks[kind](bare.toUpperCase(), today);
}
