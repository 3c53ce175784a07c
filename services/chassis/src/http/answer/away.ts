import { databaseFailure } from '../../postgres/database-failure.ts';
import { Retryable } from '../../rules/failure.ts';

/** Codes of Prisma and of Node that say: not reachable, cut off, no connection free, lost to another transaction. */
const CODES =
  /^(P10\d\d|P2024|P2028|P2034|P2037|ECONN[A-Z]+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** What Prisma's adapter calls the same in raw queries, whose own code is always P2010. */
const KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);
/** Where pg and its pool give no code at all, this is all there is to know it by. */
const WITHOUT_CODE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;

/** A database that is away while a route reads is as passing as during a commit: such errors come back as Retryable. */
export function understood(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Retryable) return error;
  const { code, meta } = error as Error & {
    code?: unknown;
    meta?: { driverAdapterError?: { cause?: { kind?: unknown } } };
  };
  const kind = meta?.driverAdapterError?.cause?.kind;
  const isAway = CODES.test(String(code)) || KINDS.has(String(kind)) || WITHOUT_CODE.test(error.message);
  if (isAway) return new Retryable('DATABASE_AWAY', error.message, { cause: error });
  const failure = databaseFailure(error);
  return failure instanceof Retryable && failure.code.startsWith('SQLSTATE_') ? failure : error;
}
