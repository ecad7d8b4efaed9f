const dayMs = 86_400_000;
const isoDateByDay = new Map<number, string>();

/** Days since 1970-01-01 as an ISO 8601 date. Throws a RangeError beyond JavaScript's calendar. */
export function isoDateOf(days: number): string {
  let date = isoDateByDay.get(days);
  if (date === undefined) {
    date = new Date(days * dayMs).toISOString().slice(0, 10);
    // A human life has about 40,000 days; the bound keeps hostile dates from filling the memory.
    if (isoDateByDay.size < 100_000) isoDateByDay.set(days, date);
  }
  return date;
}

/** An ISO 8601 date as days since 1970-01-01; undefined where it is none. */
export function daysOf(date: string): number | undefined {
  const days = Date.parse(date) / dayMs;
  return Number.isInteger(days) ? days : undefined;
}
