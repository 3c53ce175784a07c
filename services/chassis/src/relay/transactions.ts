import { type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { type Lsn, parseLsn } from './lsn.ts';
import type { OutboxRow } from './outbox-record.ts';

/** Receives what was committed, in the order of commits. */
export interface Committed {
  /** Rows of a committed transaction, in the order of their inserts. */
  rows(rows: readonly OutboxRow[]): void;
  /** The rows of the transaction are complete; its commit record ends here. A transaction may have no rows. */
  commit(end: Lsn): void;
}

const OUTBOX = 'outbox';
/** Rows of one transaction that are gathered before they are handed on. More are handed on in pieces. */
const PIECE = 1_000;

/**
 * Puts the messages of pgoutput (protocol version 1) together to transactions. The server sends a transaction only when
 * it is committed, whole, and in the order of commits, so rows may be handed on before the commit message: what makes
 * them final is `commit`, and only its position may ever be acknowledged. Several rows share one position.
 */
export class TransactionReader {
  readonly #decoder = new PgoutputPlugin({ protoVersion: 1, publicationNames: [] });
  readonly #committed: Committed;
  #rows: OutboxRow[] = [];
  #inTransaction = false;

  constructor(committed: Committed) {
    this.#committed = committed;
  }

  /** Whether a transaction has begun whose commit has not been read. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** @throws Error when the message cannot be decoded. */
  read(payload: Buffer): void {
    const message = this.#decoder.parse(payload) as Pgoutput.Message;
    switch (message.tag) {
      case 'begin':
        this.#inTransaction = true;
        break;
      case 'insert':
        if (message.relation.name === OUTBOX) this.#rows.push(message.new as unknown as OutboxRow);
        if (this.#rows.length >= PIECE) this.#handOn();
        break;
      case 'commit':
        this.#handOn();
        this.#inTransaction = false;
        this.#committed.commit(parseLsn(message.commitEndLsn ?? ''));
        break;
      default:
        break;
    }
  }

  #handOn(): void {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#committed.rows(rows);
  }
}
