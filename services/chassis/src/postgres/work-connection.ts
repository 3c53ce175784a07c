import pg from 'pg';
import type { Sql, Transactions } from '../rules/database.ts';
import { Retryable } from '../rules/failure.ts';
import { PipelinedTransaction, type Statement, type StatementResult, wireValues } from './pipelined-transaction.ts';
import { statementNames } from './statement-names.ts';

/** The batch loop has one transaction at a time. A rehearsal, a look for due tasks and a look of a poller may run beside it. */
const CONNECTIONS = 4;
/**
 * Every statement here looks for rows by their keys. A plan made for an empty table, or from statistics of that time,
 * would read the whole table for each batch. Joins say so too: see `byKey`. A plan need not know the values, and is
 * made once: left to itself, PostgreSQL plans anew for each small batch.
 */
const PLANS =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan';

export interface WorkConnection extends Transactions {
  /** Statements that are transactions of their own, planned as those of the unit of work; a round trip each. */
  readonly single: Sql;
  /** Ends when the transactions under way have ended. */
  close(): Promise<void>;
}

/**
 * Transactions straight on pg, for the path on which every message goes: Prisma's runtime takes as much CPU for a
 * statement as pg and PostgreSQL together. Statements are prepared once for a connection. Those that need no answer of
 * each other are sent together (`Sql.pipelines`), BEGIN with the first and COMMIT with the last.
 */
export function workConnection(config: pg.PoolConfig): WorkConnection {
  const pool = new pg.Pool({ ...config, max: CONNECTIONS, options: PLANS });
  // Whoever uses the connection learns of it by the next statement.
  pool.on('error', () => undefined);
  const nameOf = statementNames();
  const inTransaction = async <Result>(work: (tx: WorkTransaction) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    try {
      const result = await transaction(new WorkTransaction(client, nameOf), work);
      client.release();
      return result;
    } catch (error) {
      client.release(await cannotGoOn(client));
      throw error;
    }
  };
  return {
    $transaction: inTransaction,
    single: {
      $queryRawUnsafe: (text, ...values) => inTransaction((tx) => last(tx, tx.$queryRawUnsafe(text, ...values))),
      $executeRawUnsafe: (text, ...values) => inTransaction((tx) => last(tx, tx.$executeRawUnsafe(text, ...values))),
    },
    close: () => pool.end(),
  };
}

/** The statement that was just sent is the last of its transaction. */
function last<Answer>(tx: WorkTransaction, answer: Promise<Answer>): Promise<Answer> {
  tx.complete();
  return answer;
}

async function transaction<Result>(
  tx: WorkTransaction,
  work: (tx: WorkTransaction) => Promise<Result>,
): Promise<Result> {
  try {
    tx.begin();
    const result = await work(tx);
    await tx.commit();
    return result;
  } finally {
    tx.end();
  }
}

/** Rolls back. Whether the connection is of no more use. */
async function cannotGoOn(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

class WorkTransaction implements Sql {
  /** PostgreSQL runs the statements of a connection one after the other, in the order in which they were sent. */
  readonly pipelines = true;
  readonly #client: pg.PoolClient;
  readonly #nameOf: (query: { readonly sql: string }) => string;
  #over = false;
  #waiting: Statement[] = [];
  #isComplete = false;
  #committed: Promise<StatementResult> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(client: pg.PoolClient, nameOf: (query: { readonly sql: string }) => string) {
    this.#client = client;
    this.#nameOf = nameOf;
  }

  async $queryRawUnsafe<Rows>(text: string, ...values: unknown[]): Promise<Rows> {
    const { rows } = await this.#statement(text, values);
    return rows as Rows;
  }

  async $executeRawUnsafe(text: string, ...values: unknown[]): Promise<number> {
    const { command } = await this.#statement(text, values);
    return Number(command.slice(command.lastIndexOf(' ') + 1)) || 0;
  }

  /** Not waited for: the first statement goes with it. When it fails, so does every statement after it. */
  begin(): void {
    this.#add('BEGIN', []).catch(() => undefined);
  }

  /** COMMIT goes with the statements of this turn of the event loop; when one of them fails, PostgreSQL does not come to it. */
  complete(): void {
    this.#isComplete = this.#waiting.length > 0;
  }

  giveUp(error: unknown): void {
    this.#failed(error);
  }

  async commit(): Promise<void> {
    // A statement that failed, whoever may have caught that.
    if (this.#failure !== undefined) throw this.#rolledBack();
    this.#isComplete = false;
    const { command } = await (this.#committed ?? this.#add('COMMIT', []));
    if (command !== 'COMMIT') throw this.#rolledBack();
  }

  /** A statement that comes now would take effect by itself. */
  end(): void {
    this.#over = true;
    const unsent = this.#waiting.splice(0);
    for (const { failed } of unsent) failed(transactionOver());
  }

  #statement(text: string, values: unknown[]): Promise<StatementResult> {
    return this.#over || this.#isComplete ? Promise.reject(transactionOver()) : this.#add(text, values);
  }

  /** What is added in this turn of the event loop leaves in one piece. */
  #add(text: string, values: unknown[]): Promise<StatementResult> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    return new Promise((done, reject) => {
      const failed = (error: unknown): void => reject(this.#failed(error));
      try {
        const statement = { text, name: this.#nameOf({ sql: text }), values: wireValues(values), done, failed };
        if (this.#waiting.length === 0) this.#sendSoon();
        this.#waiting.push(statement);
      } catch (error) {
        failed(error);
      }
    });
  }

  /** When all promises have been told of what has happened in this turn: a failure beside the statements keeps COMMIT back. */
  #sendSoon(): void {
    queueMicrotask(() => process.nextTick(() => this.#send()));
  }

  #send(): void {
    if (this.#isComplete && this.#failure === undefined) {
      this.#committed = this.#add('COMMIT', []);
      this.#committed.catch(() => undefined);
    }
    const statements = this.#waiting.splice(0);
    if (statements.length > 0) this.#client.query(new PipelinedTransaction(statements));
  }

  /** Every statement behind the one that failed fails as well, for no reason of its own: all of them tell what failed first. */
  #failed(error: unknown): unknown {
    this.#failure ??= { error };
    return this.#failure.error;
  }

  #rolledBack(): Retryable {
    return new Retryable('ROLLED_BACK', 'PostgreSQL rolled the transaction back.');
  }
}

function transactionOver(): Retryable {
  return new Retryable('TRANSACTION_OVER', 'The transaction is over; the statement was not sent.');
}
