import { canBeDivision, divisionYears } from './divisions.ts';
import type { CheckResult } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

const form = /^\d{6}(?:\d{3}){0,2}$/;
const townshipMissing = /^\d{6}000\d{3}$/;

/**
 * GB/T 2260 in six digits, with township nine, with village twelve. Padding to a longer form (340210000000) is taken
 * off, so that one place has one text. Codes that are over are flagged by the year of `today`; a code that is unknown
 * here is accepted, except where its province has never existed.
 */
export function checkDivisionCode(text: string, today: string): CheckResult {
  if (text.length !== 6 && text.length !== 9 && text.length !== 12) return refused('LENGTH');
  if (!form.test(text)) return refused('FORMAT');
  const code = withoutPadding(text);
  if (townshipMissing.test(code)) return refused('FORMAT');
  if (!canBeDivision(code)) return refused('ADDRESS_UNKNOWN');
  const years = divisionYears(code.slice(0, 6));
  if (years === undefined) return code.startsWith('3402') ? accepted(code, ['CODE_UNLISTED']) : accepted(code);
  return years.to < Number(today.slice(0, 4)) ? accepted(code, ['CODE_ABOLISHED']) : accepted(code);
}

function withoutPadding(code: string): string {
  if (code.length === 6 || !code.endsWith('000')) return code;
  return withoutPadding(code.slice(0, -3));
}
