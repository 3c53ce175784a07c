import type { World } from '../world/world.ts';
import { type Holder, Locks } from './locks.ts';
import { isOpen, releasable, type StoredDeadLetter, type StoredEvent, Tables } from './tables.ts';

/** A transaction that can still be aborted. */
export interface OpenTransaction extends Holder {
  abort(why: Error): void;
}

/** The outbox rows of one transaction, and where its commit stands in the write-ahead log. */
export interface LoggedTransaction {
  readonly end: bigint;
  readonly events: readonly StoredEvent[];
  readonly deadLetters: readonly StoredDeadLetter[];
}

/** A replication slot. Its reader has everything up to `confirmed`. */
interface Slot {
  confirmed: bigint;
  /** The value that `confirmed` falls back to after a crash. */
  checkpointed: bigint;
}

/** The error of Prisma when a connection breaks. It has no SQLSTATE. */
export class ConnectionLost extends Error {
  readonly code = 'ECONNRESET';
}

const FIRST = 1_000n;

/** The PostgreSQL server of one service: its tables, its log and its slot. It can crash, and be down for some time. */
export class DatabaseServer {
  readonly service: string;
  readonly world: World;
  readonly tables = new Tables();
  readonly locks: Locks;
  readonly log: LoggedTransaction[] = [];
  slot: Slot | undefined = { confirmed: FIRST, checkpointed: FIRST };
  /** Whether the outbox has to be published again, because the slot was lost. */
  recovery: 'none' | 'to be done' = 'none';
  isDown = false;
  /** How often all its connections were cut. */
  crashes = 0;
  readonly #open = new Set<OpenTransaction>();
  #end = FIRST;
  #positions = 0;
  #listeners: (() => void)[] = [];

  constructor(service: string, world: World) {
    this.service = service;
    this.world = world;
    this.locks = new Locks(world);
  }

  /** The end of the log. */
  get end(): bigint {
    return this.#end;
  }

  nextPosition(): number {
    this.#positions += 1;
    return this.#positions;
  }

  opened(tx: OpenTransaction): void {
    this.#open.add(tx);
  }

  closed(tx: OpenTransaction): void {
    this.#open.delete(tx);
    this.locks.release(tx);
  }

  /** Makes all writes of a transaction visible at once. */
  commit(writes: readonly (() => void)[]): void {
    const { outbox, deadLetterOutbox } = this.tables;
    const [events, deadLetters] = [outbox.length, deadLetterOutbox.length];
    for (const write of writes) write();
    this.#end += 10n;
    if (outbox.length > events || deadLetterOutbox.length > deadLetters) {
      this.log.push({
        end: this.#end,
        events: outbox.slice(events),
        deadLetters: deadLetterOutbox.slice(deadLetters),
      });
      this.notify();
    }
  }

  /** Calls everybody who listens: something has changed. */
  notify(): void {
    for (const notify of this.#listeners) notify();
  }

  /** `notify` is called when the log is longer, or the connection breaks. */
  listen(notify: () => void): () => void {
    this.#listeners.push(notify);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== notify);
    };
  }

  /** Aborts open transactions: those of a dead process, or all of them. */
  abortOpen(of: (tx: OpenTransaction) => boolean = () => true): void {
    for (const tx of [...this.#open]) if (of(tx)) tx.abort(new ConnectionLost('terminating connection'));
  }

  /** Aborts what is not committed. The slot falls back to the last checkpoint. */
  crash(): void {
    this.crashes += 1;
    this.abortOpen();
    if (this.slot !== undefined && this.slot.confirmed !== this.slot.checkpointed) {
      this.world.note('slot rewound');
      this.slot.confirmed = this.slot.checkpointed;
    }
    this.notify();
  }

  confirm(lsn: bigint): void {
    if (this.slot !== undefined && lsn > this.slot.confirmed) this.slot.confirmed = lsn;
  }

  checkpoint(): void {
    if (this.slot !== undefined) this.slot.checkpointed = this.slot.confirmed;
  }

  /** The next moment at which a poll finds a due task. */
  nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt, leasedUntil } of this.tables.tasks.values()) {
      next = Math.min(next, Math.max(dueAt, leasedUntil === undefined ? 0 : leasedUntil + 1));
    }
    return next;
  }

  get hasOpenDeadLetters(): boolean {
    return [...this.tables.deadLetters.values()].some(isOpen);
  }

  /** Whether a parked message waits for nothing any more. */
  get hasReleasable(): boolean {
    return this.tables.deadLetters.size > 0 && releasable(this.tables.deadLetters.values()).length > 0;
  }
}
