import { canBeDivision } from './divisions.ts';
import type { CheckResult } from './outcome.ts';
import { accepted, refused } from './outcome.ts';

/**
 * County 6, cadastral area 3 and sub-area 3, ownership and right letters, sequence 5, fixture letter, unit 8. Collective
 * ownership (A) and homesteads (C) exist on collective land only; where nothing stands on the land (W) the unit is zero.
 */
const form = /^\d{12}(?:[GJZ][BSXDEFGHWY]|J[AC])\d{5}(?:[FLQ]\d{8}|W0{8})$/;

/**
 * GB/T 37346-2019. The standard's spaced presentation is closed up beforehand. No check digit is known of, so this is a
 * check of form only.
 */
export function checkEstateUnit(code: string): CheckResult {
  if (code.length !== 28) return refused('LENGTH');
  if (!form.test(code)) return refused('FORMAT');
  return canBeDivision(code) ? accepted(code) : accepted(code, ['DIVISION_UNKNOWN']);
}
