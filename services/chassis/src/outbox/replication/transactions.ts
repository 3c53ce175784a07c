import { type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import type { OutboxRecord } from '../outbox-record.ts';
import { OUTBOX_TABLES, type OutboxTable } from '../outbox-tables.ts';
import { type Lsn, parseLsn } from './lsn.ts';

/** Receives what was committed, in the order of commits. */
export interface Committed {
  /** What rows of a committed transaction are on the topics, in the order of their inserts. */
  records(records: readonly OutboxRecord[]): void;
  /** The rows of the transaction are complete; its commit record ends here. A transaction may have no rows. */
  commit(end: Lsn): void;
}

/** By name alone: what was written before the chassis had a schema of its own names these tables in `public`. */
const tables: ReadonlyMap<string, OutboxTable> = new Map(OUTBOX_TABLES.map((table) => [table.name, table]));
/** Rows of one transaction that are gathered before they are handed on. More are handed on in pieces. */
const PIECE = 1_000;

/**
 * Puts messages of pgoutput (protocol version 1) together to transactions. The server sends a transaction whole, once
 * it is committed, in the order of commits. So rows may be handed on before `commit`, whose position alone may be
 * acknowledged: several rows share one.
 */
export class TransactionReader {
  readonly #decoder = new PgoutputPlugin({ protoVersion: 1, publicationNames: [] });
  readonly #committed: Committed;
  readonly #topicPrefix: string;
  #records: OutboxRecord[] = [];
  #inTransaction = false;

  constructor(committed: Committed, topicPrefix: string) {
    this.#committed = committed;
    this.#topicPrefix = topicPrefix;
  }

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
        this.#add(message);
        if (this.#records.length >= PIECE) this.#handOn();
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

  #add({ relation, new: row }: Pgoutput.MessageInsert): void {
    const table = tables.get(relation.name);
    if (table !== undefined) this.#records.push(table.recordOf(row, this.#topicPrefix));
  }

  #handOn(): void {
    if (this.#records.length === 0) return;
    const records = this.#records;
    this.#records = [];
    this.#committed.records(records);
  }
}
