import type { Sql } from '../rules/database.ts';
import { DomainError } from '../rules/failure.ts';
import { LEASE_MS, type TaskRow } from './tasks.ts';

/** A pending call, as a person ends it. */
export type HeldCall = Pick<TaskRow, 'id' | 'data' | 'attempts' | 'correlationId' | 'causationId' | 'depth'>;

/**
 * Takes the lease of a pending call that nobody is making, so that nobody begins to while a person ends it. Undefined when
 * it is not there, or somebody is making it. Without an end the lease runs out, and the call is made again.
 */
export async function holdCall(db: Sql, name: string, key: string): Promise<HeldCall | undefined> {
  const [held] = await db.$queryRawUnsafe<HeldCall[]>(
    `UPDATE chassis.task SET leased_until = now() + ${LEASE_MS} * interval '1 millisecond'
     WHERE name = $1 AND key = $2 AND kind = 'call' AND (leased_until IS NULL OR leased_until < now())
     RETURNING id::text, data, attempts, correlation_id AS "correlationId", causation_id AS "causationId", depth`,
    name,
    key,
  );
  return held;
}

/** Until when a pending call belongs to whoever makes it, or ends it; undefined when there is no such call. */
export async function heldUntil(db: Sql, name: string, key: string): Promise<Date | undefined> {
  const [row] = await db.$queryRawUnsafe<{ until: Date }[]>(
    `SELECT coalesce(leased_until, now()) AS until FROM chassis.task WHERE name = $1 AND key = $2 AND kind = 'call'`,
    name,
    key,
  );
  return row?.until;
}

export interface CallAddress {
  readonly call: string;
  readonly key: string;
}

export function callNotWaiting({ call, key }: CallAddress): DomainError {
  return new DomainError({
    code: 'CALL_NOT_WAITING',
    status: 404,
    title: 'There is no such call',
    detail: `No ${call} of ${key} waits here: it was answered, ended, or never asked for. GET /waiting lists those that have waited too long.`,
  });
}
