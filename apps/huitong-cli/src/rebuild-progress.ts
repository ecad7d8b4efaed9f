import cliProgress from 'cli-progress';
import type { SweepProgress } from '@huitong/subject-engine';
import { duration } from './publish/progress.ts';

const lineEveryMs = 5_000;

/**
 * Shows how far a sweep or a rebuild of one subject database is, on standard error: a bar with rate and time left on a terminal, a
 * plain line every 5 s elsewhere, nothing where `quiet`.
 */
export class RecordsProgress {
  readonly #what: string;
  readonly #mode: 'bar' | 'lines' | 'quiet';
  readonly #since = Date.now();
  #said = Date.now();
  #bar: cliProgress.SingleBar | undefined;

  constructor(what: string, quiet: boolean) {
    this.#what = what;
    this.#mode = quiet ? 'quiet' : process.stderr.isTTY ? 'bar' : 'lines';
  }

  show({ done, total }: SweepProgress): void {
    if (this.#mode === 'quiet') return;
    const seconds = Math.max((Date.now() - this.#since) / 1_000, 0.001);
    const rate = Math.round(done / seconds);
    const left = duration((seconds * (total - done)) / Math.max(done, 1));
    if (this.#mode === 'bar') {
      this.#bar ??= this.#draw(total);
      this.#bar.setTotal(total);
      this.#bar.update(done, { rate, left });
    } else if (Date.now() - this.#said >= lineEveryMs) {
      this.#said = Date.now();
      process.stderr.write(
        `… ${this.#what} ${done} / ${total}，${rate} 条/秒，剩余 ${left} / ${rate} records/s, ${left} left\n`,
      );
    }
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(total: number): cliProgress.SingleBar {
    const format = `${this.#what} {bar} {percentage}% | {value}/{total} | {rate} 条/秒 records/s | 剩余 left {left}`;
    const bar = new cliProgress.SingleBar(
      { format, stream: process.stderr, hideCursor: true, fps: 5 },
      cliProgress.Presets.shades_classic,
    );
    bar.start(total, 0, { rate: 0, left: '-' });
    return bar;
  }
}

/** Progress of several databases, one after the other. */
export class ProgressOfMany {
  readonly #quiet: boolean;
  #name = '';
  #shown: RecordsProgress | undefined;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  show(name: string, progress: SweepProgress): void {
    if (name !== this.#name) {
      this.stop();
      [this.#name, this.#shown] = [name, new RecordsProgress(name, this.#quiet)];
    }
    this.#shown!.show(progress);
  }

  stop(): void {
    this.#shown?.stop();
  }
}
