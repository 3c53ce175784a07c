import { MOST_BYTES } from '../compression/bounded.ts';

/** Of all batches of one response: their bytes decompressed, and the objects made of them. */
const ALL_BYTES = 128 * 1024 * 1024;
const RECORD_BYTES = 200;

/** How much one response may grow by decompression. The rest is left to the next fetch. One batch always fits. */
export class Budget {
  #left = ALL_BYTES;

  /** Whether another compressed batch may be begun. */
  get isSpent(): boolean {
    return this.#left <= ALL_BYTES / 2;
  }

  spend(bytes: number, records: number): void {
    this.#left -= bytes + records * RECORD_BYTES;
  }

  /** One was decompressed in vain. How far is not known: a response full of bombs must not hold the process up for seconds. */
  spendInVain(): void {
    this.#left -= MOST_BYTES;
  }
}
