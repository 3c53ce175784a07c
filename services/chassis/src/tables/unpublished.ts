import type { Sql } from '../rules/database.ts';
import type { Page } from './page.ts';

/** A row of an outbox that the broker refused for good, or that waits behind such a one; with the fields of its view. */
export interface Unpublished {
  readonly id: string;
  readonly topic: string;
  /** What the broker said; null for what only waits. */
  readonly error: { readonly code: string } | null;
  /** How many wait behind it. */
  readonly waiting: number;
}

const ROW = `a.id::text, CASE a.outbox WHEN 'outbox' THEN 'EVENT' ELSE 'DEAD_LETTER' END AS kind, a.topic, a.key, a.attempts,
  CASE WHEN a.error_code IS NOT NULL THEN
    json_build_object('code', a.error_code, 'message', coalesce(a.error_message, '')) END AS error,
  a.set_aside_at AS "setAsideAt", upper(a.wanted) AS wanted,
  CASE WHEN a.error_code IS NULL OR a.outbox <> 'outbox' THEN 0 ELSE (
    SELECT count(*)::int FROM chassis.relay_aside w
    WHERE w.topic = a.topic AND w.key_hash = a.key_hash AND w.error_code IS NULL AND w.position > a.position) END AS waiting`;

/** Those that were refused, the newest first, behind one. The others wait behind them, and are counted there. */
export async function pageOfUnpublished(db: Sql, { behind, limit }: Page): Promise<readonly Unpublished[]> {
  return db.$queryRawUnsafe<Unpublished[]>(
    `SELECT ${ROW} FROM chassis.relay_aside a
     WHERE a.error_code IS NOT NULL AND ($1::text IS NULL OR a.id < $1::text::uuid) ORDER BY a.id DESC LIMIT $2`,
    behind ?? null,
    limit,
  );
}

export async function lockUnpublished(tx: Sql, id: string): Promise<Unpublished | undefined> {
  const [row] = await tx.$queryRawUnsafe<Unpublished[]>(
    `SELECT ${ROW} FROM chassis.relay_aside a WHERE a.id = $1::uuid FOR UPDATE OF a`,
    id,
  );
  return row;
}

/** Tells the relay what to do with it, which it does within a second or so. */
export async function want(tx: Sql, id: string, wanted: 'retry' | 'discard'): Promise<void> {
  await tx.$executeRawUnsafe('UPDATE chassis.relay_aside SET wanted = $2 WHERE id = $1::uuid', id, wanted);
}
