import type { Sql } from '../../rules/database.ts';

/**
 * Settles a dead letter that is locked without handling it. Its event id goes into the inbox, so that no other copy of the
 * event takes effect either; an id that is there already, or that is no UUID, changes nothing. One statement.
 */
export async function discard(tx: Sql, id: string, because: string): Promise<void> {
  await tx.$executeRawUnsafe(
    `WITH gone AS (
       UPDATE chassis.dead_letter SET status = 'DISCARDED', outcome = 'discarded', outcome_reason = $2, settled_at = now()
       WHERE id = $1::uuid RETURNING event_id, value)
     INSERT INTO chassis.inbox (event_id, payload_hash, ignored_because)
     SELECT CASE WHEN event_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN event_id::uuid END,
            sha256(coalesce(value, '')), $2
     FROM gone WHERE event_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
     ON CONFLICT (event_id) DO NOTHING`,
    id,
    because,
  );
}
