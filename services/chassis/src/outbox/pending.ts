import type { OutboxRecord } from './outbox-record.ts';
import type { Lsn } from './replication/lsn.ts';

/** A position that may be acknowledged as soon as this many records are published. */
interface Mark {
  readonly after: number;
  lsn: Lsn;
}

/** Above this array length what was taken is really removed. */
const COMPACT = 4_096;

/** Records that wait for the broker. A position comes free when every record before it is published. */
export class Pending {
  #records: OutboxRecord[] = [];
  #taken = 0;
  readonly #marks: Mark[] = [];
  #bytes = 0;
  #added = 0;
  #published = 0;

  get size(): number {
    return this.#records.length - this.#taken;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(record: OutboxRecord): void {
    this.#records.push(record);
    this.#bytes += record.bytes;
    this.#added += 1;
  }

  /** Everything before `lsn` has been added: it may be acknowledged once all of that is published. */
  mark(lsn: Lsn): void {
    const last = this.#marks.at(-1);
    if (last?.after !== this.#added) this.#marks.push({ after: this.#added, lsn });
    else if (lsn > last.lsn) last.lsn = lsn;
  }

  /** The next records, at least one, at most `count`, and no more than `bytes` unless the first alone is larger. */
  take(limit: { readonly count: number; readonly bytes: number }): readonly OutboxRecord[] {
    const end = Math.min(this.#records.length, this.#taken + limit.count);
    let bytes = 0;
    let at = this.#taken;
    for (; at < end; at += 1) {
      const next = (this.#records[at] as OutboxRecord).bytes;
      if (at > this.#taken && bytes + next > limit.bytes) break;
      bytes += next;
    }
    const batch = this.#records.slice(this.#taken, at);
    this.#taken = at;
    this.#bytes -= bytes;
    this.#compact();
    return batch;
  }

  /** The broker has this many more records, in the order in which they were taken. Returns what may be acknowledged. */
  published(count: number): Lsn | undefined {
    this.#published += count;
    let free: Lsn | undefined;
    while (this.#marks[0] !== undefined && this.#marks[0].after <= this.#published) free = this.#marks.shift()?.lsn;
    return free;
  }

  // Stryker disable all: when memory is given back changes nothing of what comes out
  #compact(): void {
    if (this.#taken < this.#records.length && this.#taken < COMPACT) return;
    this.#records = this.#records.slice(this.#taken);
    this.#taken = 0;
  }
  // Stryker restore all
}
