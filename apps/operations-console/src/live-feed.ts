import { BehaviorSubject, filter, type Observable } from 'rxjs';
import { groupParked, relayWaiting, type LagRow, type SubjectDatabase } from '@huitong/governance';
import type { CoursePoint, Live } from './contract.ts';

/** Ten minutes of looks, one every 2.5 s. */
const courseMax = 240;

/**
 * One look at the exchange for all open pages: fed by the lag watch's own looks, it adds what is parked and what waits for
 * the relay, and keeps the course of the last ten minutes. A newcomer gets the newest look at once.
 */
export class LiveFeed {
  readonly #databases: readonly SubjectDatabase[];
  readonly #latest = new BehaviorSubject<Live | undefined>(undefined);
  #course: readonly CoursePoint[] = [];
  #looking = false;

  constructor(databases: readonly SubjectDatabase[]) {
    this.#databases = databases;
  }

  /** Every look from now on, the newest one first; it ends with {@link end}. */
  get looks(): Observable<Live> {
    return this.#latest.pipe(filter((live) => live !== undefined));
  }

  /** The newest look; undefined before the first. */
  get latest(): Live | undefined {
    return this.#latest.value;
  }

  /** Takes the rows of a look; while the look before still waits for a database, this one is left out. Never throws. */
  async show(lag: readonly LagRow[]): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const at = new Date();
      const databases = await Promise.all(
        this.#databases.map(async (database) => ({
          database: database.name,
          parked: await groupParked([database], undefined).catch(() => null),
          relay: await relayWaiting(database).catch(() => null),
        })),
      );
      this.#course = [...this.#course, { atMs: at.getTime(), records: waitingBySubject(lag) }].slice(-courseMax);
      this.#latest.next({ at: at.toISOString(), lag, databases, course: this.#course });
    } finally {
      this.#looking = false;
    }
  }

  /** Ends every open stream, so that a stop need not wait for them. */
  end(): void {
    this.#latest.complete();
  }
}

/** The waiting messages of each subject database; null as soon as those of one dataset are not known. */
export function waitingBySubject(lag: readonly LagRow[]): Record<string, number | null> {
  const sums: Record<string, number | null> = {};
  for (const { subjectDatabase, records } of lag) {
    const sum = sums[subjectDatabase] === undefined ? 0 : sums[subjectDatabase];
    sums[subjectDatabase] = sum === null || records === null ? null : sum + records;
  }
  return sums;
}
