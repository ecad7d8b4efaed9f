import {
  accessSync,
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import type { RowProblem } from './row-events.ts';
import type { Source, SourceRow } from './source.ts';

/** Beside the input, or in the home folder where the input's folder cannot be written to. */
export function refusedPathOf(file: string, home: string): string {
  const name = `${basename(file)}.refused.csv`;
  try {
    accessSync(dirname(file), constants.W_OK);
    return join(dirname(file), name);
  } catch {
    return join(home, 'publish', name);
  }
}

/**
 * The refused rows of a file as CSV (UTF-8 with BOM, which spreadsheets need): the columns of the input and four that say
 * where the row is and why it was refused. Made with the first refusal; what an earlier run left there is removed.
 */
export class RefusedFile {
  readonly path: string;
  readonly #columns: readonly string[];
  readonly #delimiter: string;
  #file: number | undefined;
  #bytes: number;

  /** `bytes` is how much of the file to keep: 0 for a new run, else what the journal says. */
  constructor(path: string, source: Pick<Source, 'format' | 'columns'>, bytes: number, delimiter = ',') {
    this.path = path;
    this.#columns = source.format === 'csv' ? source.columns : ['原文 content'];
    this.#delimiter = delimiter;
    this.#bytes = bytes;
    if (bytes === 0) rmSync(path, { force: true });
    else this.#resume(bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  add({ original, line }: SourceRow, { code, field, message }: RowProblem): void {
    if (this.#file === undefined) {
      mkdirSync(dirname(this.path), { recursive: true });
      this.#open('w');
      this.#write(`\uFEFF${this.#line([...this.#columns, '行号 line', '代码 code', '字段 field', '原因 reason'])}`);
    }
    // A row of another width than the header keeps the four columns in their place.
    const cells = this.#columns.map((_, index) => original[index] ?? '');
    const surplus = original.slice(this.#columns.length);
    if (surplus.length > 0) cells.push(cells.pop()! + this.#delimiter + surplus.join(this.#delimiter));
    this.#write(this.#line([...cells, String(line), code, field, message]));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #resume(bytes: number): void {
    if ((statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) < bytes)
      throw new HuitongError(
        'REQUEST_INVALID',
        `上次的拒收文件不在了，请用 --restart 从头开始 / the file of refused rows of the earlier run is gone: begin anew with --restart: ${this.path}`,
      );
    ftruncateSync(this.#open('r+'), bytes);
  }

  #open(flags: 'w' | 'r+'): number {
    return (this.#file = openSync(this.path, flags));
  }

  #write(text: string): void {
    this.#bytes += writeSync(this.#file!, text, this.#bytes);
  }

  #line(cells: readonly string[]): string {
    return `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
  }
}
