import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import { isRunning, processIdOf, readJson, writeJson, type ProcessId } from '@huitong/local-stack';

/** What became of the rows so far; every row is in exactly one of `accepted` and `refused`. */
export interface Tally {
  rows: number;
  accepted: number;
  /** By code. */
  refused: Record<string, number>;
  /** Accepted rows with at least one flag, and the flags by kind. */
  flagged: number;
  flags: Record<string, number>;
  /** How long the refused file is when it holds exactly these refusals. */
  refusedBytes: number;
}

/** A tally without any row. */
export const emptyTally = (): Tally => ({ rows: 0, accepted: 0, refused: {}, flagged: 0, flags: {}, refusedBytes: 0 });

interface Entry {
  readonly file: string;
  readonly dataset: string;
  readonly process: ProcessId;
  readonly tally: Tally;
}

/**
 * How far a file has come, written after each acknowledged batch, so that a run that ended anyhow can be taken up. It
 * exists as long as there is something to take up, and keeps a second process from sending the same file meanwhile.
 */
export class Journal {
  readonly tally: Tally;
  readonly #path: string;
  readonly #about: Omit<Entry, 'tally'>;

  private constructor(path: string, about: Omit<Entry, 'tally'>, tally: Tally) {
    this.#path = path;
    this.#about = about;
    this.tally = tally;
  }

  /** REQUEST_INVALID while another process sends the same file. */
  static open(options: {
    home: string;
    fingerprint: string;
    file: string;
    dataset: string;
    restart: boolean;
  }): Journal {
    const path = join(options.home, 'publish', `${options.fingerprint}.json`);
    const entry = readJson<Entry>(path);
    if (entry && entry.process.pid !== process.pid && isRunning(entry.process))
      throw new HuitongError(
        'REQUEST_INVALID',
        `另一进程正在发送同一文件 / another process is sending the same file: ${entry.process.pid}`,
      );
    const about = { file: options.file, dataset: options.dataset, process: processIdOf(process.pid) };
    const journal = new Journal(path, about, (!options.restart && entry?.tally) || emptyTally());
    journal.write();
    return journal;
  }

  /** The datasets that some process of this installation is sending now. */
  static beingSent(home: string): Set<string> {
    const folder = join(home, 'publish');
    const entries = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return new Set(
      entries.flatMap((name) => {
        const entry = readJson<Entry>(join(folder, name));
        return entry && isRunning(entry.process) ? [entry.dataset] : [];
      }),
    );
  }

  write(): void {
    writeJson(this.#path, { ...this.#about, tally: this.tally } satisfies Entry);
  }

  /** All rows are done: the next run of the same command begins anew. */
  finish(): void {
    rmSync(this.#path, { force: true });
  }
}

const sampleBytes = 1 << 20;

/**
 * Names a file's content together with all that decides what its rows become. Of the file its size, its modification time
 * and its first and last megabyte: ten gigabytes are not read twice for it.
 */
export async function fingerprintOf(file: string, settings: unknown): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const sha = createHash('sha256').update(JSON.stringify([size, mtimeMs, settings]));
  const handle = await open(file);
  try {
    const sample = Buffer.alloc(Math.min(sampleBytes, size));
    for (const position of [0, size - sample.length]) {
      await handle.read(sample, 0, sample.length, position);
      sha.update(sample);
    }
  } finally {
    await handle.close();
  }
  return sha.digest('hex').slice(0, 32);
}
