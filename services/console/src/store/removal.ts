import type { Sql } from '@troupe/chassis';

/** What a step has removed. */
export interface Removed {
  readonly sagas: number;
  readonly records: number;
  /** Of the records. */
  readonly bytes: number;
}

/** A step is short, so that the projection hardly waits for it. */
export const SAGAS_A_STEP = 200;
const RECORDS_A_STEP = 1_000;

/**
 * Removes ended sagas with all their records, the oldest first, at most `SAGAS_A_STEP`. Never an open one. One statement, a
 * transaction of its own; while another process does it, nothing.
 * @param before milliseconds since 1970; undefined: whenever they have ended
 */
export async function removeEndedSagas(sql: Sql, before: number | undefined): Promise<Removed> {
  const [removed] = await sql.$queryRawUnsafe<Removed[]>(
    `WITH old AS MATERIALIZED (
       SELECT order_id FROM saga
       WHERE NOT open AND ended_at < coalesce($1::timestamptz, 'infinity') AND (SELECT ${MINE})
       ORDER BY ended_at, order_id LIMIT ${SAGAS_A_STEP} FOR UPDATE SKIP LOCKED),
     records AS (DELETE FROM record WHERE saga_id IN (SELECT order_id FROM old) RETURNING bytes),
     sagas AS (DELETE FROM saga WHERE order_id IN (SELECT order_id FROM old) RETURNING 1)
     SELECT (SELECT count(*)::int FROM sagas) AS sagas, count(*)::int AS records, coalesce(sum(bytes), 0)::float8 AS bytes FROM records`,
    before === undefined ? null : new Date(before).toISOString(),
  );
  return removed ?? NOTHING;
}

/** Removes old records that are of no saga: what nobody could decode, and dead letters of nobody knows what. */
export async function removeStrayRecords(sql: Sql, before: number): Promise<Removed> {
  const [removed] = await sql.$queryRawUnsafe<Removed[]>(
    `WITH old AS MATERIALIZED (
       SELECT topic, partition, record."offset" FROM record
       WHERE published_at < $1::timestamptz AND (SELECT ${MINE})
         AND NOT EXISTS (SELECT FROM saga WHERE order_id = saga_id)
       ORDER BY published_at LIMIT ${RECORDS_A_STEP}),
     records AS (DELETE FROM record USING old
       WHERE record.topic = old.topic AND record.partition = old.partition AND record."offset" = old."offset" RETURNING bytes)
     SELECT 0 AS sagas, count(*)::int AS records, coalesce(sum(bytes), 0)::float8 AS bytes FROM records`,
    new Date(before).toISOString(),
  );
  return removed ?? NOTHING;
}

/** How many bytes the records of all sagas have, as they came. */
export async function keptBytes(sql: Sql): Promise<number> {
  const [found] = await sql.$queryRawUnsafe<{ bytes: number }[]>(
    'SELECT coalesce(sum(bytes), 0)::float8 AS bytes FROM saga',
  );
  return found?.bytes ?? 0;
}

const MINE = "pg_try_advisory_xact_lock(hashtextextended('console retention', 0))";
const NOTHING: Removed = { sagas: 0, records: 0, bytes: 0 };
