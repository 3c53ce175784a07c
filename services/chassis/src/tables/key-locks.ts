import type { Sql } from '../rules/database.ts';

/**
 * Locks keys until the transaction ends, so that the state loaded next is the latest, also where no row exists yet.
 * Sorted, so that two batches never wait for each other in a circle. One statement.
 */
export async function lockKeys(tx: Sql, keys: Iterable<string>): Promise<void> {
  await tx.$executeRawUnsafe(
    `SELECT count(pg_advisory_xact_lock(k)) FROM (
       SELECT DISTINCT hashtextextended(unnest($1::text[]), 0) AS k ORDER BY k OFFSET 0) AS sorted`,
    [...keys],
  );
}
