import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** How far a run is. */
interface Position {
  readonly rows: number;
  readonly refused: number;
  readonly bytes: number;
  readonly bytesTotal: number;
}

const lineEveryMs = 5_000;
const format = '{bar} {percentage}% | {rows} 行 rows | {rate} 行/秒 rows/s | 剩余 left {left} | 拒收 refused {refused}';

/** Shows progress on standard error: a bar with rate and time left on a terminal, else a plain line every few seconds. */
export class Progress {
  readonly #isTerminal: boolean;
  #bars: MultiBar | undefined;
  #bar: SingleBar | undefined;
  #since = 0;
  #start: Position | undefined;
  #said = Date.now();

  constructor(isTerminal: boolean) {
    this.#isTerminal = isTerminal;
  }

  show(position: Position): void {
    if (!this.#start) [this.#start, this.#since] = [position, Date.now()];
    const seconds = Math.max((Date.now() - this.#since) / 1_000, 0.001);
    const rate = Math.round((position.rows - this.#start.rows) / seconds);
    const bytes = position.bytes - this.#start.bytes;
    const left = bytes > 0 ? duration((seconds * (position.bytesTotal - position.bytes)) / bytes) : '-';
    const { rows, refused } = position;
    if (this.#isTerminal) this.#draw(position, { rows, rate, left, refused });
    else if (Date.now() - this.#said >= lineEveryMs) {
      this.#said = Date.now();
      const percentage = Math.floor((100 * position.bytes) / Math.max(position.bytesTotal, 1));
      this.say(
        `… ${percentage}% ${rows} 行，${rate} 行/秒，剩余 ${left}，拒收 ${refused} / ${rows} rows, ${rate} rows/s, ${left} left, ${refused} refused`,
      );
    }
  }

  /** One line, above the bar where there is one. */
  say(line: string): void {
    if (this.#bars) this.#bars.log(`${line}\n`);
    else process.stderr.write(`${line}\n`);
  }

  stop(): void {
    this.#bars?.stop();
    this.#bars = this.#bar = undefined;
  }

  /** The bar's timer keeps a process alive until {@link stop}, so it begins with the first thing to show. */
  #draw({ bytes, bytesTotal }: Position, payload: Record<string, string | number>): void {
    this.#bars ??= new MultiBar({ format, stream: process.stderr, hideCursor: true, fps: 5 }, Presets.shades_classic);
    this.#bar ??= this.#bars.create(Math.max(bytesTotal, 1), 0, payload);
    this.#bar.update(bytes, payload);
  }
}

/** `1:02:03`, or `2:03` below an hour. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
