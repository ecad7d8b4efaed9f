import { hash } from 'node:crypto';
import { HuitongError } from '@huitong/change-event';

const smallest = 2 ** 23;
const largest = 2 ** 30;
const probes = 8;
/** Some 200 MB of ids. */
const exactMax = 2_000_000;

/**
 * Tells which record ids a file has shown before, in bounded memory: a Bloom filter of one bit a byte of the file, 1 MB at
 * least, 128 MB at most. It never misses a repeat and sees very few that are none (below one in ten thousand for 30 million
 * ids); who asks must bear those. The same file always gives the same answers, so that a resumed run repeats them.
 */
export class RepeatedIds {
  readonly #bits: Uint8Array;
  readonly #size: number;

  constructor(fileBytes: number) {
    this.#size = Math.min(largest, Math.max(smallest, 2 ** Math.ceil(Math.log2(fileBytes + 1))));
    this.#bits = new Uint8Array(this.#size / 8);
  }

  /** Remembers the id; true when it was there already. */
  seen(id: string): boolean {
    const digest = hash('sha256', id, 'buffer');
    const first = digest.readUInt32LE(0);
    const step = (digest.readUInt32LE(4) | 1) >>> 0;
    let known = true;
    for (let probe = 0; probe < probes; probe++) {
      const bit = (first + probe * step) % this.#size;
      const mask = 1 << (bit & 7);
      if ((this.#bits[bit >>> 3]! & mask) !== 0) continue;
      known = false;
      this.#bits[bit >>> 3]! |= mask;
    }
    return known;
  }
}

/** The same without error, where a repeat means a refusal; REQUEST_INVALID beyond two million ids. */
export class ExactIds {
  readonly #ids = new Set<string>();

  seen(id: string): boolean {
    if (this.#ids.has(id)) return true;
    if (this.#ids.size >= exactMax)
      throw new HuitongError(
        'REQUEST_INVALID',
        `文件过大，无法逐行核对记录标识，请用 --key 指明记录标识列 / so large a file needs --key with the columns of its record id: above ${exactMax} rows they are not guessed`,
      );
    this.#ids.add(id);
    return false;
  }
}
