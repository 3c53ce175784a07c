import type { Sql } from '../../rules/database.ts';
import type { Page } from '../page.ts';
import { type DeadLetterFilter, type DeadLetterStatus, MATCHES, shownKey, valuesOf } from './queries.ts';

export interface NewReplay {
  readonly id: string;
  readonly operator: string;
  readonly reason: string | undefined;
  /** What was asked for, as JSON, for people. */
  readonly selection: unknown;
  readonly ratePerSecond: number;
}

/** A dead letter as far as it matters whether it may be replayed. */
export interface Candidate {
  readonly id: string;
  readonly status: DeadLetterStatus;
  readonly replay_id: string | null;
  /** null when there is none, or it is not text. */
  readonly key: string | null;
}

/** What a filter matches of the dead letters that failed. */
export interface Matching {
  /** Those that may be replayed; the ones beyond the limit included. */
  readonly ready: number;
  /** In quarantine, when the filter does not take those. */
  readonly quarantined: number;
  /** In a replay that has not finished. */
  readonly replaying: number;
}

/** A replay, with the fields of `replayView` but for its links. */
export interface Replay {
  readonly id: string;
}

/** What a replay has come to for a dead letter, with the fields of `replayedView`: `waiting` until it is handled. */
export interface Replayed {
  readonly id: string;
}

export async function insertReplay(tx: Sql, replay: NewReplay): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO chassis.dead_letter_replay (id, created_by, reason, filter, rate_per_second)
     VALUES ($1::uuid, $2, $3, $4::text::jsonb, $5::int)`,
    replay.id,
    replay.operator,
    replay.reason ?? null,
    JSON.stringify(replay.selection),
    replay.ratePerSecond,
  );
}

/** What is known of these dead letters; with `lock`, nobody else changes them until the transaction ends. */
export async function candidates(tx: Sql, ids: readonly string[], lock: boolean): Promise<readonly Candidate[]> {
  return tx.$queryRawUnsafe<Candidate[]>(
    `SELECT id::text, status, replay_id::text, ${shownKey('d')} AS key FROM chassis.dead_letter d WHERE id = ANY($1::uuid[])
     ORDER BY position ${lock ? 'FOR UPDATE' : ''}`,
    ids,
  );
}

/** Of the dead letters that a filter matches, how many could be replayed, and why the others could not. */
export async function matching(db: Sql, filter: DeadLetterFilter): Promise<Matching> {
  const everyFailed: DeadLetterFilter = { ...filter, statuses: ['DEAD', 'QUARANTINED'] };
  const [row] = await db.$queryRawUnsafe<Matching[]>(
    `SELECT (count(*) FILTER (WHERE replay_id IS NULL AND status = ANY($8::text[])))::int AS ready,
            (count(*) FILTER (WHERE replay_id IS NULL AND status = 'QUARANTINED' AND status <> ALL($8::text[])))::int
              AS quarantined,
            (count(*) FILTER (WHERE replay_id IS NOT NULL))::int AS replaying
     FROM chassis.dead_letter d WHERE d.settled_at IS NULL AND ${MATCHES}`,
    ...valuesOf(everyFailed),
    filter.statuses,
  );
  return row ?? { ready: 0, quarantined: 0, replaying: 0 };
}

const READY = `SELECT d.id FROM chassis.dead_letter d
  WHERE d.settled_at IS NULL AND d.replay_id IS NULL AND ${MATCHES} ORDER BY d.position LIMIT $8::int`;

/** The dead letters that a replay by this filter would take, the oldest first. */
export async function readyDeadLetters(db: Sql, filter: DeadLetterFilter, limit: number): Promise<readonly string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `SELECT id::text FROM (${READY}) AS ready`,
    ...valuesOf(filter),
    limit,
  );
  return rows.map(({ id }) => id);
}

/** Puts the dead letters of a filter into a replay, the oldest first. Those that another replay takes meanwhile stay out. */
export async function takeMatching(
  tx: Sql,
  replayId: string,
  filter: DeadLetterFilter,
  limit: number,
): Promise<number> {
  return tx.$executeRawUnsafe(
    `WITH ready AS (${READY} FOR UPDATE OF d), taken AS (
       UPDATE chassis.dead_letter SET replay_id = $9::uuid FROM ready WHERE dead_letter.id = ready.id RETURNING dead_letter.id)
     INSERT INTO chassis.dead_letter_replay_item (replay_id, letter_id) SELECT $9::uuid, id FROM taken`,
    ...valuesOf(filter),
    limit,
    replayId,
  );
}

/** Puts dead letters that are locked into a replay. */
export async function takeLocked(tx: Sql, replayId: string, ids: readonly string[]): Promise<number> {
  return tx.$executeRawUnsafe(
    `WITH taken AS (UPDATE chassis.dead_letter SET replay_id = $1::uuid WHERE id = ANY($2::uuid[]) RETURNING id)
     INSERT INTO chassis.dead_letter_replay_item (replay_id, letter_id) SELECT $1::uuid, id FROM taken`,
    replayId,
    ids,
  );
}

const REPLAY = `r.id::text, CASE WHEN r.finished_at IS NULL THEN 'RUNNING' ELSE 'FINISHED' END AS status, r.reason,
  r.created_by AS operator, r.filter AS selection, r.rate_per_second AS "ratePerSecond", progress.total, progress.done,
  progress.total - progress.done AS rest, progress.outcomes, r.created_at AS "createdAt", r.finished_at AS "finishedAt"
  FROM chassis.dead_letter_replay r CROSS JOIN LATERAL (
    SELECT coalesce(sum(n), 0)::int AS total, coalesce(sum(n) FILTER (WHERE outcome IS NOT NULL), 0)::int AS done,
           coalesce(jsonb_object_agg(outcome, n) FILTER (WHERE outcome IS NOT NULL), '{}') AS outcomes
    FROM (SELECT outcome, count(*) AS n FROM chassis.dead_letter_replay_item WHERE replay_id = r.id GROUP BY outcome) AS counted
  ) AS progress`;

export async function findReplay(db: Sql, id: string): Promise<Replay | undefined> {
  const [row] = await db.$queryRawUnsafe<Replay[]>(`SELECT ${REPLAY} WHERE r.id = $1::uuid`, id);
  return row;
}

/** Replays, newest first: their ids are UUIDv7. */
export async function pageOfReplays(db: Sql, { behind, limit }: Page): Promise<readonly Replay[]> {
  return db.$queryRawUnsafe<Replay[]>(
    `SELECT ${REPLAY} WHERE ($1::text IS NULL OR r.id < $1::text::uuid) ORDER BY r.id DESC LIMIT $2`,
    behind ?? null,
    limit,
  );
}

const REPLAYED = `coalesce(i.outcome, 'waiting') AS outcome, i.outcome_reason AS reason, i.done_at AS "doneAt"`;

/** The dead letters of a replay by their ids, behind one. */
export async function pageOfReplayed(
  db: Sql,
  replayId: string,
  { outcome, behind, limit }: Page & { readonly outcome: string | undefined },
): Promise<readonly Replayed[]> {
  return db.$queryRawUnsafe<Replayed[]>(
    `SELECT i.letter_id::text AS id, ${REPLAYED}, d.topic, d.event_type AS "eventType", ${shownKey('d')} AS key, d.status
     FROM chassis.dead_letter_replay_item i LEFT JOIN chassis.dead_letter d ON d.id = i.letter_id
     WHERE i.replay_id = $1::uuid AND ($2::text IS NULL OR coalesce(i.outcome, 'waiting') = $2)
       AND ($3::text IS NULL OR i.letter_id > $3::text::uuid) ORDER BY i.letter_id LIMIT $4`,
    replayId,
    outcome ?? null,
    behind ?? null,
    limit,
  );
}

export async function replaysOfDeadLetter(
  db: Sql,
  deadLetterId: string,
  limit: number,
): Promise<readonly { readonly replayId: string }[]> {
  return db.$queryRawUnsafe(
    `SELECT i.replay_id::text AS "replayId", r.created_by AS operator, ${REPLAYED}
     FROM chassis.dead_letter_replay_item i JOIN chassis.dead_letter_replay r ON r.id = i.replay_id
     WHERE i.letter_id = $1::uuid ORDER BY i.replay_id DESC LIMIT $2`,
    deadLetterId,
    limit,
  );
}
