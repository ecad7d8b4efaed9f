/** Days, ISO 8601 `YYYY-MM-DD`: the city's calendar. Later is greater, as text too. */
const dayMs = 86_400_000;

/** Epoch milliseconds of a day's start in UTC, which is 8 in the morning in China. */
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);

/** The day of an instant. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string => dayOf(startOf(day) + days * dayMs);

export const addYears = (day: string, years: number): string => {
  const moved = `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;
  return moved.endsWith('02-29') ? `${moved.slice(0, 8)}28` : moved;
};

/** The first day of a day's month, some months later or earlier. */
export function addMonths(day: string, months: number): string {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}-01`;
}

/** Whole years from a birth to a day. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
