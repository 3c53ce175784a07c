import { Random } from '@troupe/simulation';

/** Chance that can be had again: the same seed draws the same things in the same order. */
export class Dice extends Random {
  constructor(seed: number) {
    super(seed, 'chaos');
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** So many of them, in an order of chance. */
  some<T>(of: readonly T[], count: number): T[] {
    const left = [...of];
    const drawn = (): T => left.splice(this.below(left.length), 1)[0] as T;
    return Array.from({ length: Math.min(count, of.length) }, drawn);
  }
}
