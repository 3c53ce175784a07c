import { Client, type ClientConfig, type QueryResultRow } from 'pg';

/** A place to ask, one question at a time. */
export interface Queryable {
  query<Row extends QueryResultRow = QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

interface LiveOptions {
  readonly connectionString: string;
  /** PostgreSQL ends the connection when it has not heard of this process for so long. */
  readonly silenceMs: number;
  /** Takes the commands of replication too; then there can be no parameters. */
  readonly replication?: boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const HEARTBEATS = 3;

/**
 * A connection that says from time to time that its process lives. PostgreSQL ends it, and lets its locks and its
 * snapshot go, when the process was stopped or its machine lost. (The kernel of a process that is stopped keeps its
 * sockets open.) Questions are asked one after the other.
 */
export class LiveConnection implements Queryable {
  /** Aborted when the connection is gone, with the reason. */
  readonly lost: AbortSignal;
  readonly #client: Client;
  readonly #heartbeat: NodeJS.Timeout;
  #latest: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  private constructor(client: Client, silenceMs: number) {
    this.#client = client;
    const lost = new AbortController();
    this.lost = lost.signal;
    client.on('error', (error) => lost.abort(error));
    this.#heartbeat = setInterval(() => this.#beat(), silenceMs / HEARTBEATS).unref();
  }

  static async open({ connectionString, silenceMs, replication = false }: LiveOptions): Promise<LiveConnection> {
    const config = { connectionString, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS };
    const client = new Client({
      ...config,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...(replication && { replication: 'database' }),
    } as ClientConfig);
    const connection = new LiveConnection(client, silenceMs);
    try {
      await client.connect();
      await connection.query(limits(silenceMs));
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  query<Row extends QueryResultRow = QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }> {
    this.#waiting += 1;
    const answered = this.#latest.then(() => this.#client.query<Row>(text, values));
    const done = (): void => {
      this.#waiting -= 1;
    };
    this.#latest = answered.then(done, done);
    return answered;
  }

  /** Says goodbye, or cuts the connection when a question is open. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#client.end().catch(() => undefined);
  }

  #beat(): void {
    if (this.#waiting === 0) this.query('SELECT 1').catch(() => undefined);
  }
}

/** The last one: a client that no longer reads holds up a server that writes to it, which is not idle. */
function limits(silenceMs: number): string {
  const names = ['idle_session_timeout', 'idle_in_transaction_session_timeout', 'tcp_user_timeout'];
  return `SELECT ${names.map((name) => `set_config('${name}', '${silenceMs}ms', false)`).join(', ')}`;
}
