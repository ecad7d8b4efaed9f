import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import { createCity, type City, type Segment } from '@huitong/demo-city';

/**
 * `<home>/demo/state.json`: which city it is and how far it has been published. Written before what it announces is sent
 * (`loadingTo`, `planned`) and after what it states is confirmed (`cellsDone`, `steps`), so that after a crash at any
 * moment the same events are sent again under the same ids and the truth stays what it was.
 */
export interface Journal {
  readonly seed: string;
  readonly people: number;
  readonly base: string;
  /** Hides the ids in the reports of `huitong prove`. */
  readonly salt: string;
  /** Cells whose initial load the gateway has confirmed, and up to which cell sending may have begun. */
  readonly cellsDone: number;
  readonly loadingTo: number;
  /** Live steps that the gateway has confirmed, and up to which step sending may have begun. */
  readonly steps: number;
  readonly planned: number;
  readonly segments: readonly Segment[];
  readonly eventsSent: number;
  readonly eventsRejected: number;
}

const fileOf = (home: string): string => join(home, 'demo', 'state.json');

/** The journal of a home folder, or undefined where no city was ever begun. Throws DATA_LOST when it cannot be read. */
export function readJournal(home: string): Journal | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(home), 'utf8')) as Journal;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HuitongError('DATA_LOST', `演示城市的进度文件不可读 / reading the demo city’s journal ${fileOf(home)}`, {
      cause,
    });
  }
}

/** Replaces the journal as a whole; on disk when it returns. */
export function writeJournal(home: string, journal: Journal): void {
  const file = fileOf(home);
  mkdirSync(dirname(file), { recursive: true });
  const next = openSync(`${file}.new`, 'w');
  writeSync(next, JSON.stringify(journal));
  fsyncSync(next);
  closeSync(next);
  renameSync(`${file}.new`, file);
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/**
 * The journal to go on with: the one that is there, or a new city's. Seed and people that were chosen on purpose must be
 * those of the city that is there (CONFIG_INVALID), since two cities in one set of databases have no common truth.
 */
export function openJournal(
  home: string,
  wanted: { people: number; seed: string; chosen: { people: boolean; seed: boolean } },
  nowMs: number,
): Journal {
  const known = readJournal(home);
  if (!known) {
    const { people, seed } = wanted;
    const base = new Date(nowMs).toISOString().slice(0, 10);
    const salt = randomBytes(16).toString('hex');
    const none = { cellsDone: 0, loadingTo: 0, steps: 0, planned: 0, segments: [], eventsSent: 0, eventsRejected: 0 };
    const journal: Journal = { seed, people, base, salt, ...none };
    writeJournal(home, journal);
    return journal;
  }
  const differs =
    (wanted.chosen.people && wanted.people !== known.people) || (wanted.chosen.seed && wanted.seed !== known.seed);
  if (differs)
    throw new HuitongError(
      'CONFIG_INVALID',
      `运行目录中已有另一座演示城市 (人口 ${known.people}), 请另选 HUITONG_HOME 或删除该目录 / the runtime folder holds another demo city already (${known.people} people): choose another HUITONG_HOME or remove the folder`,
      { context: { people: known.people } },
    );
  return known;
}

/** The city that a journal speaks of. */
export const cityOf = ({ seed, people, base }: Journal): City => createCity({ seed, people, base });

/** Cells whose events may have been sent in part: their truth is known again once the city goes on. */
export function uncertainCells({ cellsDone, loadingTo, steps, planned }: Journal, city: City): Set<number> {
  const cells = new Set<number>();
  for (let cell = cellsDone; cell < loadingTo; cell++) cells.add(cell);
  for (let step = steps; step < planned; step++) cells.add(city.cellOf(step));
  return cells;
}
