import type { Problem } from './outcome.ts';

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Nobody alive or in a register of the People's Republic was born before; the oldest published sample is of 1880. */
const earliestBirthYear = 1800;
const chinaOffsetMs = 8 * 3_600_000;

export function dateExists(year: number, month: number, day: number): boolean {
  const days = monthDays[month - 1];
  if (days === undefined || day < 1) return false;
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return day <= days + leapDay;
}

/** What is wrong with a birth date of the form YYYYMMDD on a given day (ISO date). */
export function birthDateProblem(digits: string, today: string): Problem | undefined {
  const year = Number(digits.slice(0, 4));
  if (year < earliestBirthYear) return 'DATE';
  if (!dateExists(year, Number(digits.slice(4, 6)), Number(digits.slice(6, 8)))) return 'DATE';
  return isoDate(digits) > today ? 'BIRTH_IN_FUTURE' : undefined;
}

/** YYYYMMDD as an ISO date. */
export function isoDate(digits: string): string {
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
}

/** The ISO date in China (UTC+8, no summer time since 1991) at an instant in milliseconds. */
export function chinaDate(instantMs: number = Date.now()): string {
  return new Date(instantMs + chinaOffsetMs).toISOString().slice(0, 10);
}
