export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface TransactionalBatch {
  readonly lastOffset: number;
  readonly producerId: number;
  readonly isTransactional: boolean;
}

/** The type that stands in the key of a control record, behind its version. */
const ABORT = 0;

/**
 * Which batches belong to aborted transactions, asked in the order of the log. By whole batches, as in the Java client:
 * a batch has one producer. kafkajs 2.2.4 counts records, and errs where transactions overlap.
 */
export class AbortedTransactions {
  /** In the order of their first offsets. */
  readonly #ahead: AbortedTransaction[];
  readonly #open = new Set<number>();

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#ahead = [...transactions].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether nothing of this batch took place. */
  has({ lastOffset, producerId, isTransactional }: TransactionalBatch): boolean {
    while (this.#ahead[0] !== undefined && this.#ahead[0].firstOffset <= lastOffset) {
      this.#open.add((this.#ahead.shift() as AbortedTransaction).producerId);
    }
    return isTransactional && this.#open.has(producerId);
  }

  /** A producer ended its transaction. @param key of the control record that says so. */
  ended(producerId: number, key: Buffer | null): void {
    if (key !== null && key.length >= 4 && key.readInt16BE(2) === ABORT) this.#open.delete(producerId);
  }
}
