import type { Sql } from '../rules/database.ts';

/** A row of an outbox that is set aside: refused by the broker for good, or waiting behind such a one. */
export interface UnpublishedRow {
  readonly id: string;
  readonly outbox: 'outbox' | 'dead_letter_outbox';
  readonly position: string;
  readonly topic: string;
  readonly key: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly attempts: number;
  readonly set_aside_at: Date;
  readonly wanted: 'retry' | 'discard' | null;
  /** How many wait behind it. */
  readonly waiting: number;
}

const ROW = `a.id::text, a.outbox, a.position::text, a.topic, a.key, a.error_code, a.error_message, a.attempts, a.set_aside_at,
  a.wanted, CASE WHEN a.error_code IS NULL OR a.outbox <> 'outbox' THEN 0 ELSE (
    SELECT count(*)::int FROM chassis.relay_aside w
    WHERE w.topic = a.topic AND w.key_hash = a.key_hash AND w.error_code IS NULL AND w.position > a.position) END AS waiting`;

/** Those that were refused, the newest first, behind one. The others wait behind them, and are counted there. */
export async function pageOfUnpublished(
  db: Sql,
  { behind, limit }: { readonly behind: string | undefined; readonly limit: number },
): Promise<readonly UnpublishedRow[]> {
  return db.$queryRawUnsafe<UnpublishedRow[]>(
    `SELECT ${ROW} FROM chassis.relay_aside a
     WHERE a.error_code IS NOT NULL AND ($1::text IS NULL OR a.id < $1::text::uuid) ORDER BY a.id DESC LIMIT $2`,
    behind ?? null,
    limit,
  );
}

/** One of them; locked, when it is to be changed. */
export async function findUnpublished(db: Sql, id: string, lock = false): Promise<UnpublishedRow | undefined> {
  const [row] = await db.$queryRawUnsafe<UnpublishedRow[]>(
    `SELECT ${ROW} FROM chassis.relay_aside a WHERE a.id = $1::uuid ${lock ? 'FOR UPDATE OF a' : ''}`,
    id,
  );
  return row;
}

/** Tells the relay what to do with it, which it does within a second or so. */
export async function want(tx: Sql, id: string, wanted: 'retry' | 'discard'): Promise<void> {
  await tx.$executeRawUnsafe('UPDATE chassis.relay_aside SET wanted = $2 WHERE id = $1::uuid', id, wanted);
}
