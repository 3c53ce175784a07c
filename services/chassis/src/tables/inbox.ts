import type { IncomingEvent } from '../incoming/incoming.ts';
import { byKey } from '../postgres/by-key.ts';
import type { Sql } from '../rules/database.ts';

export interface Received {
  /** The ids that were not in the inbox before; the others drop out. */
  readonly fresh: ReadonlySet<string>;
  /** Ids that were seen before with other bytes: two different facts claim to be the same. */
  readonly imposters: ReadonlySet<string>;
  /** Whether this service has any message aside that is not settled. */
  readonly hasDeadLetters: boolean;
}

/**
 * Inserts the ids of a batch. An id that another transaction is inserting right now waits for that transaction, so an
 * event takes effect in exactly one of them. One statement, whatever the size of the batch.
 *
 * It sees the inbox as it was before: what it inserts itself is not among the seen. What another transaction inserted
 * meanwhile is neither, and is not fresh.
 */
export async function receive(tx: Sql, events: readonly IncomingEvent[]): Promise<Received> {
  const rows = await tx.$queryRawUnsafe<
    { event_id: string; fresh: boolean; same: boolean | null; dead_letters: boolean }[]
  >(
    `WITH incoming AS (
       SELECT DISTINCT ON (event_id) event_id, decode(hash, 'hex') AS payload_hash
       FROM unnest($1::uuid[], $2::text[]) AS i(event_id, hash)),
     inserted AS (
       INSERT INTO chassis.inbox (event_id, payload_hash) SELECT event_id, payload_hash FROM incoming
       ON CONFLICT (event_id) DO NOTHING RETURNING event_id),
     known AS (
       SELECT event_id, true AS fresh, NULL::bool AS same FROM inserted
       UNION ALL
       SELECT incoming.event_id, false, seen.payload_hash = incoming.payload_hash
       FROM incoming JOIN chassis.inbox seen ON ${byKey('seen.event_id', 'incoming.event_id')})
     SELECT event_id::text, fresh, same, EXISTS (SELECT FROM chassis.dead_letter WHERE settled_at IS NULL) AS dead_letters FROM known`,
    events.map((event) => event.id),
    events.map((event) => event.payloadHash.toString('hex')),
  );
  return {
    fresh: new Set(rows.filter((row) => row.fresh).map((row) => row.event_id)),
    imposters: new Set(rows.filter((row) => row.same === false).map((row) => row.event_id)),
    hasDeadLetters: rows[0]?.dead_letters === true,
  };
}

/** Keeps why events were ignored. One statement. */
export async function recordIgnored(tx: Sql, reasons: ReadonlyMap<string, string>): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE chassis.inbox SET ignored_because = i.reason
     FROM unnest($1::uuid[], $2::text[]) AS i(event_id, reason) WHERE ${byKey('inbox.event_id', 'i.event_id')}`,
    [...reasons.keys()],
    [...reasons.values()],
  );
}

/** Takes back that events were received: they did not take effect, and can be handled later. One statement. */
export async function forget(tx: Sql, ids: readonly string[]): Promise<void> {
  await tx.$executeRawUnsafe('DELETE FROM chassis.inbox WHERE event_id = ANY($1::uuid[])', ids);
}
