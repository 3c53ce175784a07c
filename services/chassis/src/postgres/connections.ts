import { Socket } from 'node:net';
import { Client, type ClientConfig, type PoolConfig } from 'pg';

/** One for the batch loop, the rest for queries; the embedded PostgreSQL serves all services with this many each. */
const CONNECTIONS = 8;
/** How long a free connection is waited for, and a new one. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A server that says nothing for so long is taken for dead. Longer than any statement, and any lock, should take. */
const SILENCE_MS = 15_000;
/** A connection to a server that is no longer the primary, or with plans that a migration made stale, ends by itself. */
const LIFETIME_S = 60;
/** A process that stops in the middle of a transaction lets the keys that it has locked go. */
export const ABANDONED_MS = 30_000;

/** The pool of a service. No connection hangs for ever, also when its server is gone without a word. */
export function connections(connectionString: string, silenceMs = SILENCE_MS): PoolConfig {
  return {
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    maxLifetimeSeconds: LIFETIME_S,
    idle_in_transaction_session_timeout: ABANDONED_MS,
    stream: () => cutWhenSilent(silenceMs),
    Client: ListenedTo,
  };
}

/** A connection that breaks on its way from the pool would end the process. The first statement tells its user. */
class ListenedTo extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Cuts the connection: pg's own `query_timeout` leaves it, with an open transaction, to the next user. */
function cutWhenSilent(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => socket.destroy(new DatabaseSilent(silenceMs)));
}

/** In the form of Node's own socket errors, by which Prisma knows a connection that is lost. */
class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'ETIMEDOUT';
  readonly syscall = 'read';
  readonly errno = -110;
  constructor(silenceMs: number) {
    super(`PostgreSQL has said nothing for ${silenceMs / 1000} s; the connection is cut.`);
  }
}
