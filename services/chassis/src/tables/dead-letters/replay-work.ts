import type { Sql } from '../../rules/database.ts';

export interface LeasedReplay {
  readonly id: string;
  readonly ratePerSecond: number;
  /** Proves that nobody else has taken the replay since. */
  readonly lease: string;
}

/** How long a replay belongs to its process when that says nothing more. */
const LEASE = "now() + interval '15 seconds'";

/** Leases replays that are unfinished and belong to nobody; safe beside other processes that do the same. */
export async function claimReplays(db: Sql, limit: number): Promise<readonly LeasedReplay[]> {
  return db.$queryRawUnsafe<LeasedReplay[]>(
    `UPDATE chassis.dead_letter_replay SET leased_until = ${LEASE} WHERE id IN (
       SELECT id FROM chassis.dead_letter_replay WHERE finished_at IS NULL AND (leased_until IS NULL OR leased_until < now())
       ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id::text, rate_per_second AS "ratePerSecond", leased_until::text AS lease`,
    limit,
  );
}

/** The replay with a longer lease; undefined when it belongs to another process by now. */
export async function renewLease(db: Sql, replay: LeasedReplay): Promise<LeasedReplay | undefined> {
  const [row] = await db.$queryRawUnsafe<{ lease: string }[]>(
    `UPDATE chassis.dead_letter_replay SET leased_until = ${LEASE}
     WHERE id = $1::uuid AND finished_at IS NULL AND leased_until = $2::text::timestamptz
     RETURNING leased_until::text AS lease`,
    replay.id,
    replay.lease,
  );
  return row && { ...replay, lease: row.lease };
}

/** Gives a replay back, so that another process takes it at once. */
export async function giveBack(db: Sql, { id, lease }: LeasedReplay): Promise<void> {
  await db.$executeRawUnsafe(
    `UPDATE chassis.dead_letter_replay SET leased_until = NULL WHERE id = $1::uuid AND leased_until = $2::text::timestamptz`,
    id,
    lease,
  );
}

/** The next dead letters of a replay, in the order in which they were set aside. */
export async function nextDeadLetters(db: Sql, replayId: string, limit: number): Promise<readonly string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `SELECT d.id::text FROM chassis.dead_letter_replay_item i
     JOIN chassis.dead_letter d ON d.id = i.letter_id AND d.replay_id = i.replay_id
     WHERE i.replay_id = $1::uuid AND i.done_at IS NULL ORDER BY d.position LIMIT $2`,
    replayId,
    limit,
  );
  return rows.map(({ id }) => id);
}

/** What these dead letters came to in this replay, counted; those without an outcome are left out. */
export async function outcomesOf(
  db: Sql,
  replayId: string,
  ids: readonly string[],
): Promise<readonly { readonly outcome: string; readonly count: number }[]> {
  return db.$queryRawUnsafe(
    `SELECT outcome, count(*)::int AS count FROM chassis.dead_letter_replay_item
     WHERE replay_id = $1::uuid AND letter_id = ANY($2::uuid[]) AND outcome IS NOT NULL GROUP BY outcome`,
    replayId,
    ids,
  );
}

/** Ends a replay that has no next dead letters. One that was settled otherwise meanwhile is `skipped`. One statement. */
export async function finishReplay(db: Sql, replayId: string): Promise<void> {
  await db.$executeRawUnsafe(
    `WITH skipped AS (
       UPDATE chassis.dead_letter_replay_item SET outcome = 'skipped', outcome_reason = 'It no longer waited for this replay.',
              done_at = now()
       WHERE replay_id = $1::uuid AND done_at IS NULL)
     UPDATE chassis.dead_letter_replay SET finished_at = now(), leased_until = NULL WHERE id = $1::uuid AND finished_at IS NULL`,
    replayId,
  );
}
