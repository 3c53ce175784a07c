import type { Sql } from '../../rules/database.ts';
import type { Page } from '../page.ts';
import { isOpenOfSameKey, keyHashOf } from './key-hash.ts';

export const DEAD_LETTER_STATUSES = ['DEAD', 'QUARANTINED', 'PARKED', 'HANDLED', 'DISCARDED'] as const;
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];

/** Which dead letters; a condition that is left out holds for each. */
export interface DeadLetterFilter {
  readonly statuses: readonly DeadLetterStatus[];
  readonly topic?: string | undefined;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly key?: string | undefined;
  /** RFC 3339; not the moment itself. */
  readonly receivedBefore?: string | undefined;
  /** RFC 3339; the moment itself as well. */
  readonly receivedSince?: string | undefined;
}

/** A dead letter as operators see it in a list. It has the fields of `deadLetterView`; these are looked at on the way. */
export interface ListedDeadLetter {
  readonly position: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly eventType: string | null;
  /** Null for what only waits. */
  readonly error: { readonly code: string } | null;
  readonly parkedBehind: number;
}

/** All that is kept of one record. */
export interface WholeDeadLetter extends ListedDeadLetter {
  readonly headerBytes: Buffer | null;
  readonly valueBase64: string | null;
  readonly reducedBecause: string | null;
}

/** The conditions of a filter on `d`; its values are the statement's first seven. */
export const MATCHES = `d.status = ANY($1::text[])
  AND ($2::text IS NULL OR d.topic = $2) AND ($3::text IS NULL OR d.event_type = $3)
  AND ($4::text IS NULL OR d.error_code = $4) AND ($5::text IS NULL OR d.key_text = $5)
  AND ($6::text IS NULL OR d.received_at < $6::text::timestamptz)
  AND ($7::text IS NULL OR d.received_at >= $7::text::timestamptz)`;

export const valuesOf = (filter: DeadLetterFilter): readonly unknown[] => [
  filter.statuses,
  filter.topic ?? null,
  filter.type ?? null,
  filter.code ?? null,
  filter.key ?? null,
  filter.receivedBefore ?? null,
  filter.receivedSince ?? null,
];

/** A longer key is whole with its dead letter alone, and nobody types it into a filter. */
export const LONGEST_KEY = 10_000;
/** SQL: the key of a dead letter, as far as a list shows it. */
export const shownKey = (deadLetter: string): string => `left(${deadLetter}.key_text, ${LONGEST_KEY})`;

const DEAD_LETTER = `d.id::text, d.position::text, d.status, d.topic, d.partition, d."offset"::text, ${shownKey('d')} AS key,
  d.event_id AS "eventId", d.event_type AS "eventType", d.replays, d.replay_id::text AS "replayId",
  CASE WHEN d.error_code IS NOT NULL THEN
    json_build_object('code', d.error_code, 'message', coalesce(d.error_message, '')) END AS error,
  CASE WHEN d.outcome IS NOT NULL THEN json_build_object('kind', d.outcome, 'reason', d.outcome_reason) END AS outcome,
  d.received_at AS "receivedAt", d.settled_at AS "settledAt", d.reduced_because AS "reducedBecause",
  coalesce(behind.parked, 0) AS "parkedBehind"`;

const BEHIND = `LEFT JOIN LATERAL (
    SELECT count(*)::int AS parked FROM chassis.dead_letter p
    WHERE ${isOpenOfSameKey('p', 'd')} AND p.status = 'PARKED' AND p.position > d.position
  ) behind ON d.settled_at IS NULL AND d.status <> 'PARKED'`;

export async function pageOfDeadLetters(
  db: Sql,
  filter: DeadLetterFilter,
  { behind, limit }: Page,
): Promise<readonly ListedDeadLetter[]> {
  return db.$queryRawUnsafe<ListedDeadLetter[]>(
    `SELECT ${DEAD_LETTER} FROM chassis.dead_letter d ${BEHIND}
     WHERE ${MATCHES} AND ($8::text IS NULL OR d.position < $8::text::bigint) ORDER BY d.position DESC LIMIT $9`,
    ...valuesOf(filter),
    behind ?? null,
    limit,
  );
}

export async function findDeadLetter(db: Sql, id: string): Promise<ListedDeadLetter | undefined> {
  const [row] = await db.$queryRawUnsafe<ListedDeadLetter[]>(
    `SELECT ${DEAD_LETTER} FROM chassis.dead_letter d ${BEHIND} WHERE d.id = $1::uuid`,
    id,
  );
  return row;
}

export async function findWholeDeadLetter(db: Sql, id: string): Promise<WholeDeadLetter | undefined> {
  const [row] = await db.$queryRawUnsafe<WholeDeadLetter[]>(
    `SELECT ${DEAD_LETTER}, d.record_time AS "recordTime", d.record_timestamp AS "recordTimestamp", d.headers,
            d.header_bytes AS "headerBytes", encode(${keyHashOf('d')}, 'hex') AS "keySha256",
            encode(coalesce(d.value_hash, sha256(d.value)), 'hex') AS "valueSha256",
            translate(encode(d.key, 'base64'), E'\\n', '') AS "keyBase64",
            translate(encode(d.value, 'base64'), E'\\n', '') AS "valueBase64"
     FROM chassis.dead_letter d ${BEHIND} WHERE d.id = $1::uuid`,
    id,
  );
  return row;
}

/** What waits behind a dead letter, the next one first. */
export async function parkedBehind(db: Sql, id: string, limit: number): Promise<readonly ListedDeadLetter[]> {
  return db.$queryRawUnsafe<ListedDeadLetter[]>(
    `SELECT ${DEAD_LETTER} FROM chassis.dead_letter l JOIN chassis.dead_letter d ON ${isOpenOfSameKey('d', 'l')} ${BEHIND}
     WHERE l.id = $1::uuid AND l.settled_at IS NULL AND l.status <> 'PARKED'
       AND d.settled_at IS NULL AND d.status = 'PARKED' AND d.position > l.position
     ORDER BY d.position LIMIT $2`,
    id,
    limit,
  );
}

/**
 * Why open dead letters failed, the most frequent cause first, and how many `causes` there are in all. A parked message counts
 * once, for what holds it back first.
 */
export async function causes(db: Sql, limit: number): Promise<readonly { readonly causes: number }[]> {
  return db.$queryRawUnsafe(
    `WITH failed AS (
       SELECT *, row_number() OVER (PARTITION BY topic, coalesce(${keyHashOf('d')}::text, id::text) ORDER BY position) AS of_key,
              ${keyHashOf('d')} AS hash
       FROM chassis.dead_letter d WHERE settled_at IS NULL AND status <> 'PARKED'),
     parked AS (
       SELECT topic, ${keyHashOf('d')} AS hash, count(*) AS n FROM chassis.dead_letter d
       WHERE settled_at IS NULL AND status = 'PARKED' GROUP BY 1, 2)
     SELECT f.topic, f.event_type AS "eventType", f.error_code AS code, count(*)::int AS count,
            (count(*) FILTER (WHERE f.status = 'QUARANTINED'))::int AS quarantined,
            coalesce(sum(p.n), 0)::int AS parked,
            min(f.received_at) AS "firstReceivedAt", max(f.received_at) AS "lastReceivedAt",
            (array_agg(json_build_object('id', f.id, 'message', f.error_message) ORDER BY f.position DESC))[1] AS example,
            (count(*) OVER ())::int AS causes
     FROM failed f LEFT JOIN parked p ON f.of_key = 1 AND p.topic = f.topic AND p.hash = f.hash
     GROUP BY f.topic, f.event_type, f.error_code ORDER BY count(*) DESC, f.topic, f.event_type, f.error_code LIMIT $1`,
    limit,
  );
}

/** No count goes beyond it. */
const MOST_SETTLED = 10_000;

/** What has been settled and is still kept: handled after all, or discarded. From the index of when that was. */
export async function settledCounts(db: Sql): Promise<{ readonly replayed: number; readonly discarded: number }> {
  const [counts] = await db.$queryRawUnsafe<{ replayed: number; discarded: number }[]>(
    `SELECT (count(*) FILTER (WHERE status = 'HANDLED'))::int AS replayed,
            (count(*) FILTER (WHERE status = 'DISCARDED'))::int AS discarded
     FROM (SELECT status FROM chassis.dead_letter WHERE settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT ${MOST_SETTLED}) AS settled`,
  );
  return counts ?? { replayed: 0, discarded: 0 };
}

/** How many dead letters are open in each status, and since when the oldest of them, in seconds. From an index alone. */
export async function openDeadLetterCounts(
  db: Sql,
): Promise<readonly { readonly status: DeadLetterStatus; readonly count: number; readonly oldest_seconds: number }[]> {
  return db.$queryRawUnsafe(
    `SELECT status, count(*)::int AS count, extract(epoch FROM now() - min(received_at))::float8 AS oldest_seconds
     FROM chassis.dead_letter WHERE settled_at IS NULL GROUP BY status`,
  );
}
