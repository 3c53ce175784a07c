import { type Failure, Retryable, Terminal } from '../rules/failure.ts';

/**
 * SQLSTATE classes of wrong data: 21 cardinality violation, 22 data exception, 23 integrity constraint violation, 54
 * program limit exceeded (an index row, a value, a list that is too large).
 *
 * All others can pass: 08 connection, 40 rollback, 53 resources, 55 and 57 locks, cancellation, shutdown, 58 system, XX
 * internal. So can 0A, 28, 3D, 3F and 42: a deployment brings the right, the schema, the table. They concern
 * everything, and not a record.
 */
const WRONG_DATA = /^(21|22|23|54)/;
/** With a digit, unlike EPIPE. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/**
 * Which kind of failure a transaction ended with, by SQLSTATE, never by message text. Wrong data, and a mistake in our
 * own code, fail again however often they are tried; everything else is a matter of time.
 */
export function databaseFailure(error: unknown): Failure {
  if (error instanceof Terminal || error instanceof Retryable) return error;
  const message = error instanceof Error ? error.message : String(error);
  const state = sqlState(error);
  if (state !== undefined && WRONG_DATA.test(state))
    return new Terminal(`SQLSTATE_${state}`, message, { cause: error });
  if (state === undefined && isMistake(error)) return new Terminal('CODE_THREW', message, { cause: error });
  return new Retryable(state === undefined ? 'DATABASE_AWAY' : `SQLSTATE_${state}`, message, { cause: error });
}

/** Looks through the layers in which Prisma and its driver adapter wrap what PostgreSQL said. */
function sqlState(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined;
  const { originalCode, code, cause, meta } = error as Record<string, unknown>;
  for (const candidate of [originalCode, code]) {
    if (
      typeof candidate === 'string' &&
      SQLSTATE.test(candidate) &&
      !candidate.startsWith('P2') &&
      !candidate.startsWith('P1')
    ) {
      return candidate;
    }
  }
  const { driverAdapterError } = (meta ?? {}) as Record<string, unknown>;
  return sqlState(cause, depth + 1) ?? sqlState(driverAdapterError, depth + 1);
}

const isMistake = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError;
