import { setTimeout as sleep } from 'node:timers/promises';
import { BehaviorSubject, filter, Subject, type Observable } from 'rxjs';
import { groupParked, relayWaiting, type AlarmWatch, type LagRow, type SubjectDatabase } from '@huitong/governance';
import type { Changed, CoursePoint, Live } from './contract.ts';
import type { SharedLooks } from './shared-looks.ts';

const courseMs = 600_000;
/** Looks come every 2.5 s, and one more after each change; those in between are left out of the course. */
const pointEveryMs = 2_000;
const judgeWithinMs = 4_000;
/** Several changes at once, as of a thousand events, need one look. */
const lookAgainMs = 300;

/**
 * One look at the exchange for all open pages: fed by the lag watch's own looks, it adds what is parked, what waits for the
 * relay, how promises and alarms stand, and keeps the course of the last ten minutes. A newcomer gets the newest look at once. Of
 * several consoles one looks for all.
 */
export class LiveFeed {
  readonly #databases: readonly SubjectDatabase[];
  readonly #alarms: Pick<AlarmWatch, 'take'>;
  readonly #shared: SharedLooks;
  readonly #lookAgain: () => void;
  readonly #latest = new BehaviorSubject<Live | undefined>(undefined);
  readonly #changes = new Subject<Changed>();
  #looking = false;
  #again: NodeJS.Timeout | undefined;

  constructor(parts: {
    databases: readonly SubjectDatabase[];
    alarms: Pick<AlarmWatch, 'take'>;
    shared: SharedLooks;
    /** Has the lag watch look now. */
    lookAgain: () => void;
  }) {
    this.#databases = parts.databases;
    this.#alarms = parts.alarms;
    this.#shared = parts.shared;
    this.#lookAgain = parts.lookAgain;
    parts.shared.looks.subscribe((live) => this.#latest.next(live));
    parts.shared.changes.subscribe((changed) => this.#pass(changed));
  }

  /** Every look from now on, the newest one first; it ends with {@link end}. */
  get looks(): Observable<Live> {
    return this.#latest.pipe(filter((live) => live !== undefined));
  }

  /** The newest look; undefined before the first. */
  get latest(): Live | undefined {
    return this.#latest.value;
  }

  /** What people have changed, here or in another console, from now on: pages ask again. */
  get changes(): Observable<Changed> {
    return this.#changes;
  }

  /** Tells all open pages of all consoles that something is not as it was. */
  changed(changed: Changed): void {
    this.#pass(changed);
    this.#shared.tellChange(changed);
  }

  /**
   * Takes the rows of a look, unless another console looks for all; while the look before still waits for a database, this
   * one is left out. Never throws.
   */
  async show(lag: readonly LagRow[]): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const part = await this.#shared.part();
      if (part === 'follow') return;
      const at = new Date();
      const databases = await Promise.all(
        this.#databases.map(async (database) => ({
          database: database.name,
          parked: await groupParked([database], undefined).catch(() => null),
          relay: await relayWaiting(database).catch(() => null),
        })),
      );
      // Pages wait no longer for a look because what is judged by it cannot be kept.
      const late = sleep(judgeWithinMs, { promises: null, alarms: null }, { ref: false });
      const judged = await Promise.race([this.#alarms.take({ lag, databases }, at.getTime()), late]);
      const course = withPoint(this.#latest.value?.course ?? [], at.getTime(), lag);
      const live = { at: at.toISOString(), lag, databases, course, ...judged };
      this.#latest.next(live);
      if (part === 'lead') this.#shared.tellLook(live);
    } finally {
      this.#looking = false;
    }
  }

  /** Ends every open stream, so that a stop need not wait for them. */
  async end(): Promise<void> {
    clearTimeout(this.#again);
    this.#latest.complete();
    this.#changes.complete();
    await this.#shared.end();
  }

  #pass(changed: Changed): void {
    this.#changes.next(changed);
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      this.#lookAgain();
    }, lookAgainMs).unref();
  }
}

/** The course of the last ten minutes with one more point; a look soon after the last is none. */
function withPoint(course: readonly CoursePoint[], atMs: number, lag: readonly LagRow[]): readonly CoursePoint[] {
  if (atMs - (course.at(-1)?.atMs ?? 0) < pointEveryMs) return course;
  return [...course, { atMs, records: waitingBySubject(lag) }].filter((point) => atMs - point.atMs <= courseMs);
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
