import { randomBytes } from 'node:crypto';
import type { LiveEvents } from '../contract/live.ts';
import type { RecordView } from '../contract/topics.ts';
import type { RecordRow } from '../store/record-row.ts';
import { recordView } from './record-view.ts';

/** What was read last is kept, for streams that were cut off. */
const KEPT = 4_000;
/** More at once is more than anybody reads. */
const AT_ONCE = 200;

/** The newest records, in the order in which they were read. */
export class TailRing {
  /** Numbers of another process mean nothing here. */
  readonly #process = randomBytes(4).toString('hex');
  readonly #wakers = new Set<() => void>();
  #rows: RecordRow[] = [];
  /** The number of the first row that is kept. */
  #first = 0;

  get end(): number {
    return this.#first + this.#rows.length;
  }

  add(rows: readonly RecordRow[]): void {
    if (rows.length === 0) return;
    this.#rows.push(...rows);
    // Not one by one: the array is moved as a whole.
    if (this.#rows.length > 2 * KEPT) {
      this.#first = this.end - KEPT;
      this.#rows = this.#rows.slice(-KEPT);
    }
    for (const wake of this.#wakers) wake();
  }

  /** Calls `wake` when records have come. Returns a way to stop that. */
  watch(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => void this.#wakers.delete(wake);
  }

  /** Records of these topics from a number on. When they are too many, the newest, and how many were left out. */
  from(number: number, topics: ReadonlySet<string>): LiveEvents['tail'] & { readonly next: number } {
    const lost = Math.max(0, this.#first - number);
    const rows = this.#rows.slice(Math.max(0, number - this.#first)).filter(({ topic }) => topics.has(topic));
    const shown: readonly RecordView[] = rows.slice(-AT_ONCE).map(recordView);
    return { records: shown, skipped: lost + rows.length - shown.length, next: this.end };
  }

  /** An id from which a stream can go on at a number. */
  idOf(number: number): string {
    return `${this.#process}.${number}`;
  }

  /** The number of an id; undefined of one that was not given here. */
  numberOf(id: string | undefined): number | undefined {
    const [, of, number] = /^([0-9a-f]{8})\.(\d{1,15})$/.exec(id ?? '') ?? [];
    return of === this.#process && Number(number) <= this.end ? Number(number) : undefined;
  }
}
