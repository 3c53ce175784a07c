import type { World } from '../world.ts';
import { Locks } from './locks.ts';
import { isOpen, type KeptDeadLetter, type KeptEvent, releasable, Tables } from './tables.ts';
import type { MemoryTx } from './transaction.ts';

/** What one transaction has put into the outboxes, and where it ends in the write-ahead log. */
export interface LoggedTransaction {
  readonly end: bigint;
  readonly events: readonly KeptEvent[];
  readonly deadLetters: readonly KeptDeadLetter[];
}

/** A replication slot: how far its reader has everything. */
interface Slot {
  confirmed: bigint;
  /** What is left of `confirmed` after a crash. */
  checkpointed: bigint;
}

/** As Prisma says it: no SQLSTATE, a connection that broke. */
export class ConnectionLost extends Error {
  readonly code = 'ECONNRESET';
}

const FIRST = 1_000n;

/** The PostgreSQL of one service: its tables, its log, its slot. It can crash, and be away. */
export class DatabaseServer {
  readonly service: string;
  readonly world: World;
  readonly tables = new Tables();
  readonly locks: Locks;
  readonly log: LoggedTransaction[] = [];
  slot: Slot | undefined = { confirmed: FIRST, checkpointed: FIRST };
  /** That the outbox must be published again is known, and is not done. */
  recovery: 'none' | 'to be done' = 'none';
  isAway = false;
  /** How often its connections were all cut. */
  crashes = 0;
  readonly #open = new Set<MemoryTx>();
  #end = FIRST;
  #positions = 0;
  #listeners: (() => void)[] = [];

  constructor(service: string, world: World) {
    this.service = service;
    this.world = world;
    this.locks = new Locks(world);
  }

  /** Where the log ends. */
  get end(): bigint {
    return this.#end;
  }

  nextPosition(): number {
    this.#positions += 1;
    return this.#positions;
  }

  opened(tx: MemoryTx): void {
    this.#open.add(tx);
  }

  closed(tx: MemoryTx): void {
    this.#open.delete(tx);
    this.locks.letGo(tx);
  }

  /** Makes what a transaction wrote visible, all at once. */
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
      this.tell();
    }
  }

  /** Tells whoever listens that something has changed. */
  tell(): void {
    for (const tell of this.#listeners) tell();
  }

  /** Who wants to know when there is something new in the log, or the connection breaks. */
  listen(tell: () => void): () => void {
    this.#listeners.push(tell);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== tell);
    };
  }

  /** Ends the open transactions of a process that has died, or of everybody. */
  abortOpen(of: (tx: MemoryTx) => boolean = () => true): void {
    for (const tx of [...this.#open]) if (of(tx)) tx.abort(new ConnectionLost('terminating connection'));
  }

  /** What was not committed is gone, and the slot is where it was at the last checkpoint. */
  crash(): void {
    this.crashes += 1;
    this.abortOpen();
    if (this.slot !== undefined && this.slot.confirmed !== this.slot.checkpointed) {
      this.world.note('slot rewound');
      this.slot.confirmed = this.slot.checkpointed;
    }
    this.tell();
  }

  confirm(lsn: bigint): void {
    if (this.slot !== undefined && lsn > this.slot.confirmed) this.slot.confirmed = lsn;
  }

  checkpoint(): void {
    if (this.slot !== undefined) this.slot.checkpointed = this.slot.confirmed;
  }

  /** The next moment at which a look for due tasks finds one. */
  nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt, leasedUntil } of this.tables.tasks.values()) {
      next = Math.min(next, Math.max(dueAt, leasedUntil === undefined ? 0 : leasedUntil + 1));
    }
    return next;
  }

  get hasOpenLetters(): boolean {
    return [...this.tables.letters.values()].some(isOpen);
  }

  /** Whether something is parked that nothing holds back any more. */
  get hasReleasable(): boolean {
    return this.tables.letters.size > 0 && releasable(this.tables.letters.values()).length > 0;
  }
}
