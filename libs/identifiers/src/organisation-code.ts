import type { CheckResult } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

const form = /^[0-9A-Z]{8}[0-9X]$/;
const weights = [3, 7, 9, 10, 5, 8, 4, 2];
const zero = 48;
const letterA = 65;

/** The check character over the first 8 characters (digits and capital letters) by GB 11714-1997. */
export function organisationCodeCheckCharacter(first8: string): string {
  let sum = 0;
  for (let i = 0; i < 8; i++) {
    const code = first8.charCodeAt(i);
    sum += (code >= letterA ? code - letterA + 10 : code - zero) * weights[i]!;
  }
  return '0X987654321'[sum % 11]!;
}

/** GB 11714. The canonical text has no hyphen: nine characters as GB/T 36104 stores it and the credit code embeds it. */
export function checkOrganisationCode(text: string): CheckResult {
  const code = text.length === 10 && text[8] === '-' ? text.slice(0, 8) + text[9]! : text;
  if (code.length !== 9) return refused('LENGTH');
  if (!form.test(code)) return refused('FORMAT');
  return organisationCodeCheckCharacter(code) === code[8] ? accepted(code) : refused('CHECK_DIGIT');
}
