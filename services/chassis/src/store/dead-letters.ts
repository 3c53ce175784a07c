import type { Sql } from '../database.ts';
import type { Letter } from '../incoming.ts';
import { type KafkaRecord, textOf } from '../kafka/record.ts';
import { storable } from './storable.ts';

/** A record to be set aside: one that cannot be handled, or one that waits behind it. */
export interface SetAside {
  /** UUIDv7. */
  readonly id: string;
  readonly record: KafkaRecord;
  /** Why it cannot be handled; undefined when it only waits. */
  readonly failure: { readonly code: string; readonly reason: string } | undefined;
}

/** A letter that is not settled, as far as its successors are concerned. */
export interface OpenLetter {
  readonly topic: string;
  readonly key: string;
  readonly position: number;
}

/** What a letter that was handled again came to. */
export interface Settlement {
  readonly id: string;
  readonly status: 'DEAD' | 'PARKED' | 'QUARANTINED' | 'HANDLED';
  readonly outcome: 'applied' | 'duplicate' | 'ignored' | 'dead' | 'parked';
  readonly reason: string | null;
  /** Of a new failure. */
  readonly code: string | null;
  readonly replays: number;
}

/** A letter with its record, as it came from the broker. */
export interface StoredLetter {
  readonly letter: Letter;
  readonly record: KafkaRecord;
}

const MAX_REASON = 2_000;

/**
 * Sets records aside with their bytes, in the transaction that goes on without them, and returns the ids of those that
 * were not set aside before: a redelivered record stays the letter that it is. One statement.
 */
export async function setAside(tx: Sql, letters: readonly SetAside[]): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `INSERT INTO dead_letter (id, topic, partition, "offset", event_id, event_type, key, key_text, value, headers,
                              record_time, status, error_code, error_message)
     SELECT id, topic, partition, "offset", event_id, event_type, decode(key, 'base64'), key_text, decode(value, 'base64'),
            headers, to_timestamp(time_ms / 1000.0), CASE WHEN code IS NULL THEN 'PARKED' ELSE 'DEAD' END, code, reason
     FROM json_to_recordset($1::json)
       AS d(id uuid, topic text, partition int, "offset" bigint, event_id text, event_type text, key text, key_text text,
            value text, headers json, time_ms float8, code text, reason text, n int)
     ORDER BY n
     ON CONFLICT (topic, partition, "offset") DO NOTHING RETURNING id::text`,
    JSON.stringify(letters.map((letter, n) => ({ ...columnsOf(letter), n }))),
  );
  return new Set(rows.map(({ id }) => id));
}

function columnsOf({ id, record, failure }: SetAside): Record<string, unknown> {
  const { topic, partition, offset, headers, key, value } = record;
  return {
    ...{ id, topic, partition, offset, time_ms: record.timestampMs },
    ...{ event_id: storable(headers.ce_id), event_type: storable(headers.ce_type) },
    ...{ key: key?.toString('base64'), key_text: textOf(key), value: value?.toString('base64') },
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [storable(name), storable(text)])),
    ...{ code: failure?.code, reason: storable(failure?.reason.slice(0, MAX_REASON)) },
  };
}

/**
 * The open letters of some topics and keys. One statement. Each is looked up by itself (`OFFSET 0` keeps PostgreSQL from making
 * a plain join of it): a join that was planned while there was none reads all that are open for each batch.
 */
export async function openLetters(
  tx: Sql,
  records: readonly Pick<KafkaRecord, 'topic' | 'key'>[],
): Promise<readonly OpenLetter[]> {
  return tx.$queryRawUnsafe<OpenLetter[]>(
    `SELECT topic, key, letter.position::float8 AS position
     FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS r(topic, key)) AS record
     CROSS JOIN LATERAL (
       SELECT position FROM dead_letter
       WHERE settled_at IS NULL AND topic = record.topic AND key_text = record.key OFFSET 0) AS letter`,
    records.map(({ topic }) => topic),
    records.map(({ key }) => textOf(key) ?? null),
  );
}

/** Writes what letters came to, and the progress of the replays that they belong to. One statement. */
export async function settle(tx: Sql, settlements: readonly Settlement[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `WITH came AS (
       SELECT * FROM json_to_recordset($1::json)
         AS c(id uuid, status text, outcome text, reason text, code text, replays int)),
     before AS (SELECT id, replay_id FROM dead_letter WHERE id IN (SELECT id FROM came) AND settled_at IS NULL),
     letters AS (
       UPDATE dead_letter d SET
         status = c.status, replays = c.replays, replay_id = NULL,
         error_code = coalesce(c.code, d.error_code),
         error_message = CASE WHEN c.code IS NULL THEN d.error_message ELSE c.reason END,
         outcome = CASE WHEN c.status = 'HANDLED' THEN c.outcome END,
         outcome_reason = CASE WHEN c.status = 'HANDLED' THEN c.reason END,
         settled_at = CASE WHEN c.status = 'HANDLED' THEN now() END
       FROM came c JOIN before USING (id) WHERE d.id = c.id)
     UPDATE dead_letter_replay_item i SET outcome = c.outcome, outcome_reason = c.reason, done_at = now()
     FROM came c JOIN before USING (id) WHERE i.letter_id = c.id AND i.replay_id = before.replay_id`,
    JSON.stringify(
      settlements.map(({ reason, ...row }) => ({ ...row, reason: storable(reason?.slice(0, MAX_REASON)) })),
    ),
  );
}

interface LetterColumns {
  id: string;
  position: number;
  status: Letter['status'];
  replays: number;
  topic: string;
  partition: number;
  offset: string;
  time_ms: number;
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
}

const LETTER = `d.id::text, d.position::float8 AS position, d.status, d.replays, d.topic, d.partition, d."offset"::text,
  extract(epoch FROM d.record_time)::float8 * 1000 AS time_ms, encode(d.key, 'base64') AS key,
  encode(d.value, 'base64') AS value, d.headers`;

/** Those of these letters that are not settled, in the order in which they were set aside. */
export async function findOpen(db: Sql, ids: readonly string[]): Promise<readonly StoredLetter[]> {
  const rows = await db.$queryRawUnsafe<LetterColumns[]>(
    `SELECT ${LETTER} FROM dead_letter d WHERE d.id = ANY($1::uuid[]) AND d.settled_at IS NULL ORDER BY d.position`,
    ids,
  );
  return rows.map(stored);
}

/** Parked messages that nothing holds back any more, in the order in which they were parked. */
export async function findReleasable(db: Sql, limit: number): Promise<readonly StoredLetter[]> {
  const rows = await db.$queryRawUnsafe<LetterColumns[]>(
    `SELECT ${LETTER} FROM dead_letter d
     WHERE d.settled_at IS NULL AND d.status = 'PARKED' AND NOT EXISTS (
       SELECT FROM dead_letter e WHERE e.settled_at IS NULL AND e.status <> 'PARKED'
         AND e.topic = d.topic AND e.key_text = d.key_text AND e.position < d.position)
     ORDER BY d.position LIMIT $1`,
    limit,
  );
  return rows.map(stored);
}

function stored({ id, position, status, replays, key, value, time_ms, ...record }: LetterColumns): StoredLetter {
  return {
    letter: { id, position, status, replays },
    record: { ...record, timestampMs: time_ms, key: bytes(key), value: bytes(value) },
  };
}

const bytes = (base64: string | null): Buffer | null => (base64 === null ? null : Buffer.from(base64, 'base64'));
