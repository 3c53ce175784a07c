import { firstIdAt, madeAt } from '../process/uuid-time.ts';
import type { Sql } from '../rules/database.ts';
import { keyHashOf } from './dead-letters/key-hash.ts';
import { shownKey } from './dead-letters/queries.ts';

/** No count goes beyond this: what it costs to look is bounded, and more is not worse. */
export const MOST = 1_000;

/** A kind of call, and how long its outcome may take. */
export interface CallKind {
  readonly name: string;
  readonly allowedMs: number;
}

/** A call without an outcome, for longer than it may take: how often and when it is made is shown as it is. */
export interface OverdueCall {
  readonly correlationId: string;
  readonly key: string;
  /** When it was first asked for. */
  readonly since: Date;
}

export interface OverdueTimer {
  readonly name: string;
  readonly correlationId: string;
  readonly dueAt: Date;
}

/** How many calls of a kind are overdue, `MOST` at most. By the primary key: what is pending and young is few. */
export async function countOverdue(db: Sql, { name, allowedMs }: CallKind, now: Date): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (SELECT FROM chassis.task WHERE name = $1 AND id < $2::uuid LIMIT ${MOST}) AS overdue`,
    name,
    firstIdAt(new Date(now.getTime() - allowedMs)),
  );
  return row?.count ?? 0;
}

/** By key, and so the oldest sagas first where the key is the saga's: its id begins with its time. */
export async function overdueCalls(
  db: Sql,
  { name, allowedMs }: CallKind,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<OverdueCall[]> {
  const rows = await db.$queryRawUnsafe<(Omit<OverdueCall, 'since'> & { id: string })[]>(
    `SELECT id::text, correlation_id AS "correlationId", key, attempts, last_error AS "lastError", due_at AS "nextAttemptAt",
            coalesce(leased_until > now(), false) AS "isBeingMade" FROM chassis.task
     WHERE name = $1 AND id < $2::uuid ORDER BY key LIMIT $3::int`,
    name,
    firstIdAt(new Date(now.getTime() - allowedMs)),
    limit,
  );
  return rows.map(({ id, ...call }) => ({ ...call, since: madeAt(id) }));
}

/** Timers that should have gone off more than `graceMs` ago, the most overdue first. Reads all that is due; for people. */
export async function overdueTimers(
  db: Sql,
  { now, graceMs, limit }: { readonly now: Date; readonly graceMs: number; readonly limit: number },
): Promise<OverdueTimer[]> {
  return db.$queryRawUnsafe<OverdueTimer[]>(
    `SELECT name, correlation_id AS "correlationId", due_at AS "dueAt" FROM chassis.task
     WHERE kind = 'timer' AND due_at < $1::timestamptz ORDER BY due_at LIMIT $2::int`,
    new Date(now.getTime() - graceMs).toISOString(),
    limit,
  );
}

/** Keys whose messages are not settled, by topic and key, as the index of open dead letters has them. */
export async function parkedKeys(db: Sql, limit: number): Promise<readonly object[]> {
  return db.$queryRawUnsafe(
    `SELECT topic, min(${shownKey('d')}) AS key, (count(*) FILTER (WHERE status = 'DEAD'))::int AS dead,
            (count(*) FILTER (WHERE status = 'PARKED'))::int AS parked,
            (count(*) FILTER (WHERE status = 'QUARANTINED'))::int AS quarantined, min(received_at) AS since,
            (array_agg(error_code ORDER BY position) FILTER (WHERE error_code IS NOT NULL))[1] AS "errorCode"
     FROM chassis.dead_letter d WHERE settled_at IS NULL GROUP BY topic, ${keyHashOf('d')} ORDER BY topic, key LIMIT $1::int`,
    limit,
  );
}
