import type { OutboxRecord } from './outbox-record.ts';
import type { RelayObserver } from './relay/observer.ts';
import { parseLsn } from './replication/lsn.ts';

/** A look at a database: the highest position that was visible, and how far the log was written behind it. */
export interface OutboxLook {
  readonly position: string;
  /** As PostgreSQL writes it: `0/16B3748`. */
  readonly written: string;
  /** How far the slot is confirmed; null without a slot. */
  readonly confirmed: string | null;
}

interface Sample {
  readonly position: bigint;
  readonly written: bigint;
}

/** A look a second, for so long as a slot may need to come by. */
const KEPT = 600;

/**
 * How far the outbox is known to be published. A row has no position in the write-ahead log, and the relay keeps its state in
 * its slot alone. So it is known from two sides:
 *
 * - The relay of this process tells what the broker has taken: exact while it has the turn.
 * - Whoever looks tells how far the log was written when a position was visible. Once the slot has confirmed that, the broker
 *   has the position. This serves while another process has the turn, and Debezium; it is as old as the look.
 *
 * Undefined until one of the two has happened. Two processes that write at the same moment may commit their positions the other
 * way round: then a row counts as published a moment too early.
 */
export class PublishedPosition {
  #known: bigint | undefined;
  #samples: Sample[] = [];

  /** Decimal. */
  get upTo(): string | undefined {
    return this.#known?.toString();
  }

  /** @returns the observer of the relay, which tells here as well */
  watching(observer: RelayObserver): RelayObserver {
    return {
      ...observer,
      published: (records, ms) => {
        observer.published(records, ms);
        this.#published(records);
      },
    };
  }

  looked({ position, written, confirmed }: OutboxLook): void {
    this.#samples.push({ position: BigInt(position), written: parseLsn(written) });
    if (this.#samples.length > KEPT) this.#samples.shift();
    if (confirmed === null) return;
    const upTo = parseLsn(confirmed);
    const passed = this.#samples.findLastIndex((sample) => sample.written <= upTo);
    if (passed === -1) return;
    this.#rise((this.#samples[passed] as Sample).position);
    this.#samples = this.#samples.slice(passed + 1);
  }

  /** The last of a request has the highest position, or nearly so. */
  #published(records: readonly OutboxRecord[]): void {
    const last = records.findLast(({ place }) => place.outbox === 'outbox');
    if (last !== undefined) this.#rise(BigInt(last.place.position));
  }

  #rise(position: bigint): void {
    if (this.#known === undefined || position > this.#known) this.#known = position;
  }
}
