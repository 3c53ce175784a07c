import type { Socket } from 'node:net';
import pg from 'pg';
import type { Sql, Transactions } from '../database.ts';
import { Retryable } from '../failure.ts';
import { statementNames } from './statement-names.ts';

/** The lane has one transaction at a time; a rehearsal may run beside it. */
const CONNECTIONS = 2;
/**
 * Every statement here looks for rows by their keys. A plan that was made while a table was empty, or from statistics of
 * that time, would read the whole table for each batch, and more with each batch.
 */
const BY_KEY = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** Transactions of the unit of work. */
export interface WorkConnection extends Transactions {
  /** Ends when the transactions under way have ended. */
  close(): Promise<void>;
}

/**
 * Transactions straight on pg, for the one path on which every message goes: Prisma's own runtime takes as much CPU for a
 * statement as pg and PostgreSQL together. Statements are prepared once for a connection, and those that do not wait for
 * each other's answers are sent together (`Sql.pipelines`).
 */
export function workConnection(config: pg.PoolConfig): WorkConnection {
  const pool = new pg.Pool({ ...config, max: CONNECTIONS, pipeline: true, options: BY_KEY });
  // Whoever uses the connection learns of it by the next statement.
  pool.on('error', () => undefined);
  const nameOf = statementNames();
  return {
    async $transaction(work) {
      const client = await pool.connect();
      try {
        const result = await transaction(new WorkTransaction(client, nameOf), work);
        client.release();
        return result;
      } catch (error) {
        client.release(await cannotGoOn(client));
        throw error;
      }
    },
    close: () => pool.end(),
  };
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
  #gathers = false;
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
    const { rowCount } = await this.#statement(text, values);
    return rowCount ?? 0;
  }

  /** Not waited for: the first statement goes with it. When it fails, so does every statement after it. */
  begin(): void {
    this.#gather();
    this.#client.query('BEGIN').catch(() => undefined);
  }

  async commit(): Promise<void> {
    const { command } = await this.#client.query('COMMIT');
    // PostgreSQL answers so when a statement had failed, whoever may have caught that.
    if (command !== 'COMMIT') throw new Retryable('ROLLED_BACK', 'PostgreSQL rolled the transaction back.');
  }

  /** A statement that comes now would take effect by itself. */
  end(): void {
    this.#over = true;
  }

  #statement(text: string, values: unknown[]): Promise<pg.QueryResult> {
    if (this.#over) throw new Retryable('TRANSACTION_OVER', 'The transaction is over; the statement was not sent.');
    this.#gather();
    return this.#client
      .query({ name: this.#nameOf({ sql: text }), text, values })
      .catch((error: unknown) => this.#fail(error));
  }

  /**
   * Every statement behind the one that failed fails as well, for no reason of its own, and whoever waits for several
   * hears of these first when the first one has more to pass through. All of them tell what failed first.
   */
  #fail(error: unknown): never {
    this.#failure ??= { error };
    throw this.#failure.error;
  }

  /** What is sent in this turn of the event loop leaves in one piece. */
  #gather(): void {
    if (this.#gathers) return;
    this.#gathers = true;
    const { stream } = (this.#client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.#gathers = false;
      stream.uncork();
    });
  }
}
