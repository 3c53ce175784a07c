/**
 * Pseudo-random numbers, the same for the same seed. Each purpose has a stream of its own: one more draw for one purpose changes
 * no number of another.
 *
 * The generator is sfc32 of PractRand, by Chris Doty-Humphrey (public domain).
 */
export class Random {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  constructor(seed: number, purpose: string) {
    this.#a = Math.trunc(seed);
    this.#b = hash(purpose) ^ Math.trunc(seed / 2 ** 32);
    for (let at = 0; at < 12; at += 1) this.next();
  }

  /** At least 0, below 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number: at least 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(share: number): boolean {
    return share > 0 && this.next() < share;
  }

  pick<T>(among: readonly T[]): T {
    return among[this.below(among.length)] as T;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}
