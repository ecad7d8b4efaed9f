import { createHash } from 'node:crypto';

/** Numbers from a seed, the same in every run: the storm that found something can be had again. */
export class Random {
  #seed;
  #count = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  /** From 0 to below 1. */
  next() {
    const hash = createHash('sha256').update(`${this.#seed}:${this.#count++}`).digest();
    return hash.readUInt32BE(0) / 2 ** 32;
  }

  between(low, high) {
    return low + this.next() * (high - low);
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  shuffled(list) {
    return list
      .map((item) => ({ item, rank: this.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }
}
