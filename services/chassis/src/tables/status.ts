import { byKey } from '../postgres/by-key.ts';
import { madeAt } from '../process/uuid-time.ts';
import type { Sql } from '../rules/database.ts';

/** No count goes beyond this: what a look costs has a bound, and more is not worse. */
export const MOST_COUNTED = 10_000;
/** Of each list. The oldest are shown. */
export const MOST_LISTED = 200;

/** A call or timer without an outcome: it was tried in vain, or its first attempt lasts. */
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

/** An event that is not known to be on its topic. */
export interface UnpublishedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly causationId: string;
  readonly since: Date;
  /** Why the broker refused it; null: it waits for the relay, or behind one that was refused. */
  readonly refused: string | null;
}

export interface StatusLook {
  readonly unanswered: readonly UnansweredTask[];
  readonly lateTimers: readonly LateTimer[];
  readonly letters: readonly OpenLetter[];
  readonly letterCounts: Readonly<Record<OpenLetter['status'], number>>;
  readonly refused: readonly RefusedRow[];
  /** Events that were refused, and those that wait for longer than they should. `key` is the id of their saga. */
  readonly waiting: readonly (UnpublishedEvent & { readonly key: string })[];
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
  /** Names of the timers of the table, and of its calls. */
  readonly timers: readonly string[];
  readonly calls: readonly string[];
  /** What is due for longer is late: a timer that has not gone off, a call whose first attempt has not ended. */
  readonly lateMs: number;
  /** An event that was said longer ago waits for its relay. */
  readonly waitingMs: number;
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

/** SQL: of a row `o` of `outbox`, what is shown of its event. */
export const SHOWN_EVENT = `o.id::text AS "eventId", o.type, o.ce_causationid AS "causationId", o.ce_time AS since`;

/** SQL: of a row `a` of `relay_aside`, why the broker refused it. */
export const WHY_REFUSED = `CASE WHEN a.error_code IS NOT NULL THEN a.error_code || ': ' || coalesce(a.error_message, '') END AS refused`;

/** SQL: the tasks of these names that are late. */
const late = (names: string, columns: string): string => `unnest(${names}) AS task_of(name) CROSS JOIN LATERAL (
    SELECT ${columns} FROM chassis.task
    WHERE name || '' = task_of.name AND due_at < now() - $3::float8 * interval '1 millisecond'
    ORDER BY due_at LIMIT ${MOST_LISTED}) AS late`;

const REFUSED_EVENTS = `SELECT said.* FROM (
    SELECT position, error_code, error_message FROM chassis.relay_aside
    WHERE error_code IS NOT NULL AND outbox || '' = 'outbox' ORDER BY set_aside_at LIMIT ${MOST_LISTED}) AS a
  CROSS JOIN LATERAL (
    SELECT ${SHOWN_EVENT}, o.aggregateid AS key, ${WHY_REFUSED} FROM chassis.outbox o
    WHERE ${byKey('o.position', 'a.position')} OFFSET 0) AS said`;

/** The index of refused records must not be taken here: for each row all that are refused would be gone through. */
const WAITING_EVENTS = `SELECT ${SHOWN_EVENT}, o.aggregateid AS key, NULL AS refused FROM (
    SELECT id, type, aggregateid, ce_causationid, ce_time, position FROM chassis.outbox
    WHERE position > $1::text::bigint ORDER BY position LIMIT ${MOST_LISTED}) AS o
  WHERE o.ce_time::timestamptz < now() - $6::float8 * interval '1 millisecond' AND NOT EXISTS (
    SELECT FROM chassis.relay_aside a
    WHERE a.outbox = 'outbox' AND ${byKey('a.position', 'o.position')} AND a.error_code || '' IS NOT NULL OFFSET 0)`;

/**
 * One statement. Each part finds its rows in the order of an index and stops at its bound, however many lie there: tasks by
 * those that were tried in vain, timers by name and moment, dead letters by status and age, the outbox from `$1` on. `OFFSET 0`
 * keeps a look-up a look-up: as a join, it would be made by reading all of the other table first.
 */
const STATUS = `SELECT
  ${listOf(`(SELECT ${SHOWN_TASK} FROM chassis.task WHERE last_error IS NOT NULL ORDER BY task.id LIMIT ${MOST_LISTED})
    UNION ALL (SELECT late.* FROM ${late('$5::text[]', SHOWN_TASK)} WHERE late."lastError" IS NULL LIMIT ${MOST_LISTED})`)} AS unanswered,
  ${listOf(`SELECT late.* FROM ${late('$2::text[]', `name, correlation_id AS "sagaId", ${ms('due_at')} AS "dueAt"`)}
    ORDER BY "dueAt" LIMIT ${MOST_LISTED}`)} AS "lateTimers",
  ${listOf(`SELECT open.* FROM ${STATUSES} CROSS JOIN LATERAL (
    SELECT ${SHOWN_LETTER} FROM ${OPEN_OF_STATUS} ORDER BY d.received_at LIMIT ${MOST_LISTED}) AS open`)} AS letters,
  (SELECT json_object_agg(s.status, ${upTo(`SELECT FROM ${OPEN_OF_STATUS}`)}) FROM ${STATUSES}) AS "letterCounts",
  ${listOf(`SELECT ${SHOWN_REFUSED} FROM chassis.relay_aside a WHERE a.error_code IS NOT NULL
    ORDER BY a.set_aside_at LIMIT ${MOST_LISTED}`)} AS refused,
  ${listOf(`(${REFUSED_EVENTS}) UNION ALL (${WAITING_EVENTS})`)} AS waiting,
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

export type StoredEvent = Omit<UnpublishedEvent, 'since'> & { readonly since: string };

interface StatusColumns {
  readonly unanswered: readonly StoredTask[];
  readonly lateTimers: readonly Stored<LateTimer, 'dueAt'>[];
  readonly letters: readonly StoredLetter[];
  readonly letterCounts: StatusLook['letterCounts'];
  readonly refused: readonly StoredRefused[];
  readonly waiting: readonly (StoredEvent & { readonly key: string })[];
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
export const aged = <Row extends { readonly since: number | string }>({ since, ...row }: Row) => ({
  ...row,
  since: new Date(since),
});

/** What waits in this database, and how far its outbox is known to be published. Reads only. */
export async function lookAtStatus(db: Sql, query: StatusQuery): Promise<StatusLook> {
  const { timers, calls, lateMs, waitingMs, publishedUpTo, slot } = query;
  const values = [publishedUpTo, timers, lateMs, slot, calls, waitingMs];
  const rows = await db.$queryRawUnsafe<StatusColumns[]>(STATUS, ...values);
  const found = rows[0] as StatusColumns;
  return {
    unanswered: found.unanswered.map(taskShown),
    lateTimers: found.lateTimers.map(({ dueAt, ...timer }) => ({ ...timer, dueAt: new Date(dueAt) })),
    letters: found.letters.map(aged),
    letterCounts: found.letterCounts,
    refused: found.refused.map(aged),
    waiting: found.waiting.map(aged),
    outbox: {
      unpublished: Math.max(0, found.behindPublished - found.aside),
      oldestAt: found.oldest === null ? null : new Date(found.oldest),
    },
    position: found.position,
    written: found.written,
    slot: found.slot,
  };
}
