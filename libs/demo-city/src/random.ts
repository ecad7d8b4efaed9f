import { hash } from 'node:crypto';

/**
 * A small seeded generator (sfc32 over a SHA-1 of its name), so that every part of the city draws from a stream of its
 * own and adding a draw in one place changes nothing elsewhere. Not for secrets.
 */
export class Random {
  readonly #state: Int32Array;

  constructor(...name: readonly (string | number)[]) {
    const bytes = hash('sha1', name.join('|'), 'buffer');
    this.#state = Int32Array.from([0, 4, 8, 12], (at) => bytes.readInt32LE(at));
  }

  /** A number from 0 to 1, 1 excluded. */
  next(): number {
    const s = this.#state;
    const t = (s[0]! + s[1]! + s[3]!) | 0;
    s[3] = s[3]! + 1;
    s[0] = s[1]! ^ (s[1]! >>> 9);
    s[1] = (s[2]! + (s[2]! << 3)) | 0;
    s[2] = ((s[2]! << 21) | (s[2]! >>> 11)) + t;
    return (t >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('picking from nothing');
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** Digits, for numbers that have no check. */
  digits(length: number): string {
    let text = '';
    for (let at = 0; at < length; at++) text += String(this.between(0, 9));
    return text;
  }
}
