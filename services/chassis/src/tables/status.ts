import { madeAt } from '../process/uuid-time.ts';
import type { Sql } from '../rules/database.ts';

/** No count goes beyond this: what a look costs has a bound, and more is not worse. */
export const MOST_COUNTED = 10_000;
/** Of each list. The oldest are shown. */
export const MOST_LISTED = 200;

/** A call or timer that was tried and came back without an outcome. */
export interface UnansweredTask {
  readonly kind: 'call' | 'timer';
  readonly name: string;
  readonly key: string;
  readonly sagaId: string;
  readonly causationId: string;
  readonly since: Date;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly nextAttemptAt: Date;
  readonly isBeingMade: boolean;
}

export interface LateTimer {
  readonly name: string;
  readonly sagaId: string;
  readonly dueAt: Date;
}

/** A message that is not settled. */
export interface OpenLetter {
  readonly id: string;
  readonly status: 'DEAD' | 'QUARANTINED' | 'PARKED';
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  /** Its key, which is the id of its saga where nothing is wrong with the key. */
  readonly key: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly since: Date;
}

/** A record that the broker refused for good. */
export interface RefusedRow {
  readonly id: string;
  readonly kind: 'EVENT' | 'DEAD_LETTER';
  readonly topic: string;
  readonly key: string | null;
  readonly code: string;
  readonly message: string | null;
  readonly since: Date;
}

export interface StatusLook {
  readonly unanswered: readonly UnansweredTask[];
  readonly lateTimers: readonly LateTimer[];
  readonly letters: readonly OpenLetter[];
  readonly letterCounts: Readonly<Record<OpenLetter['status'], number>>;
  readonly refused: readonly RefusedRow[];
  readonly outbox: { readonly unpublished: number; readonly oldestAt: Date | null };
  /** The highest position that is visible, and how far the write-ahead log is written behind it. */
  readonly position: string;
  readonly written: string;
  readonly slot: SlotLook | null;
}

export interface SlotLook {
  readonly confirmed: string | null;
  readonly active: boolean;
  readonly retainedBytes: number | null;
}

export interface StatusQuery {
  /** Names of the timers of the table. */
  readonly timers: readonly string[];
  readonly timerGraceMs: number;
  /** Rows of the outbox above it are not known to be published. */
  readonly publishedUpTo: string;
  readonly slot: string;
}

/** SQL: a moment in milliseconds since 1970, since JSON has no moments. */
export const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
/** SQL: the rows of a query as one value. */
export const listOf = (query: string): string => `(SELECT coalesce(json_agg(found), '[]') FROM (${query}) AS found)`;

/** SQL: of a row of `task`, what is shown of it. */
export const SHOWN_TASK = `id::text, kind, name, key, correlation_id AS "sagaId", causation_id AS "causationId", attempts,
  last_error AS "lastError", ${ms('due_at')} AS "nextAttemptAt", coalesce(leased_until > now(), false) AS "isBeingMade"`;

/** SQL: of a row `d` of `dead_letter`, what is shown of it. */
export const SHOWN_LETTER = `d.id::text, d.status, d.topic, d.partition, d."offset"::text AS "offset", left(d.event_id, 100) AS "eventId",
  d.event_type AS "eventType", left(d.key_text, 100) AS key, d.error_code AS code, left(d.error_message, 500) AS message,
  ${ms('d.received_at')} AS since`;

/** SQL: of a row `a` of `relay_aside`, what is shown of it. */
export const SHOWN_REFUSED = `a.id::text, CASE a.outbox WHEN 'outbox' THEN 'EVENT' ELSE 'DEAD_LETTER' END AS kind, a.topic,
  left(a.key, 100) AS key, a.error_code AS code, left(a.error_message, 500) AS message, ${ms('a.set_aside_at')} AS since`;

const upTo = (query: string): string => `(SELECT count(*)::int FROM (${query} LIMIT ${MOST_COUNTED}) AS counted)`;
const OPEN_OF_STATUS = 'chassis.dead_letter d WHERE d.status = s.status AND d.settled_at IS NULL';
const STATUSES = `unnest(ARRAY['DEAD', 'QUARANTINED', 'PARKED']) AS s(status)`;

/**
 * One statement. Each part finds its rows in the order of an index and stops at its bound, however many lie there: tasks by
 * those that were tried in vain, timers by name and moment, dead letters by status and age, the outbox from `$1` on. `OFFSET 0`
 * keeps a look-up a look-up: as a join, it would be made by reading all of the other table first.
 */
const STATUS = `SELECT
  ${listOf(`SELECT ${SHOWN_TASK} FROM chassis.task WHERE last_error IS NOT NULL ORDER BY task.id LIMIT ${MOST_LISTED}`)} AS unanswered,
  ${listOf(`SELECT late.* FROM unnest($2::text[]) AS timer(of_name) CROSS JOIN LATERAL (
    SELECT name, correlation_id AS "sagaId", ${ms('due_at')} AS "dueAt" FROM chassis.task
    WHERE name || '' = timer.of_name AND due_at < now() - $3::float8 * interval '1 millisecond'
    ORDER BY due_at LIMIT ${MOST_LISTED}) AS late ORDER BY "dueAt" LIMIT ${MOST_LISTED}`)} AS "lateTimers",
  ${listOf(`SELECT open.* FROM ${STATUSES} CROSS JOIN LATERAL (
    SELECT ${SHOWN_LETTER} FROM ${OPEN_OF_STATUS} ORDER BY d.received_at LIMIT ${MOST_LISTED}) AS open`)} AS letters,
  (SELECT json_object_agg(s.status, ${upTo(`SELECT FROM ${OPEN_OF_STATUS}`)}) FROM ${STATUSES}) AS "letterCounts",
  ${listOf(`SELECT ${SHOWN_REFUSED} FROM chassis.relay_aside a WHERE a.error_code IS NOT NULL
    ORDER BY a.set_aside_at LIMIT ${MOST_LISTED}`)} AS refused,
  ${upTo('SELECT FROM chassis.outbox WHERE position > $1::text::bigint ORDER BY position')} AS "behindPublished",
  ${upTo(`SELECT FROM chassis.relay_aside WHERE outbox = 'outbox' AND position > $1::text::bigint`)} AS aside,
  (SELECT o.ce_time FROM chassis.outbox o WHERE o.position > $1::text::bigint
     AND NOT EXISTS (SELECT FROM chassis.relay_aside a WHERE a.outbox = 'outbox' AND a.position = o.position OFFSET 0)
   ORDER BY o.position LIMIT 1) AS oldest,
  coalesce((SELECT position FROM chassis.outbox ORDER BY position DESC LIMIT 1), 0)::text AS position,
  (SELECT json_build_object('confirmed', confirmed_flush_lsn, 'active', active,
     'retainedBytes', pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8)
   FROM pg_replication_slots WHERE slot_name = $4) AS slot,
  pg_current_wal_insert_lsn()::text AS written`;

type Stored<Row, Moments extends keyof Row> = Omit<Row, Moments> & Readonly<Record<Moments, number>>;
export type StoredTask = Stored<Omit<UnansweredTask, 'since'>, 'nextAttemptAt'> & { readonly id: string };
export type StoredLetter = Stored<OpenLetter, 'since'>;
export type StoredRefused = Stored<RefusedRow, 'since'>;

interface StatusColumns {
  readonly unanswered: readonly StoredTask[];
  readonly lateTimers: readonly Stored<LateTimer, 'dueAt'>[];
  readonly letters: readonly StoredLetter[];
  readonly letterCounts: StatusLook['letterCounts'];
  readonly refused: readonly StoredRefused[];
  readonly behindPublished: number;
  readonly aside: number;
  readonly oldest: string | null;
  readonly position: string;
  readonly slot: SlotLook | null;
  readonly written: string;
}

export const taskShown = ({ id, nextAttemptAt, ...task }: StoredTask): UnansweredTask => ({
  ...task,
  since: madeAt(id),
  nextAttemptAt: new Date(nextAttemptAt),
});
export const aged = <Row extends { readonly since: number }>({ since, ...row }: Row) => ({
  ...row,
  since: new Date(since),
});

/** What waits in this database, and how far its outbox is known to be published. Reads only. */
export async function lookAtStatus(db: Sql, query: StatusQuery): Promise<StatusLook> {
  const { timers, timerGraceMs, publishedUpTo, slot } = query;
  const rows = await db.$queryRawUnsafe<StatusColumns[]>(STATUS, publishedUpTo, timers, timerGraceMs, slot);
  const found = rows[0] as StatusColumns;
  return {
    unanswered: found.unanswered.map(taskShown),
    lateTimers: found.lateTimers.map(({ dueAt, ...timer }) => ({ ...timer, dueAt: new Date(dueAt) })),
    letters: found.letters.map(aged),
    letterCounts: found.letterCounts,
    refused: found.refused.map(aged),
    outbox: {
      unpublished: Math.max(0, found.behindPublished - found.aside),
      oldestAt: found.oldest === null ? null : new Date(found.oldest),
    },
    position: found.position,
    written: found.written,
    slot: found.slot,
  };
}
