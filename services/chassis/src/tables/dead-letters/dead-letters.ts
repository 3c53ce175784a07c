import type { DeadLetter } from '../../incoming/incoming.ts';
import { type KafkaRecord, rawHeadersOf, textOf } from '../../kafka/record.ts';
import { isMoment, momentOf } from '../../postgres/record-time.ts';
import { short, storable } from '../../postgres/storable.ts';
import type { Sql } from '../../rules/database.ts';
import { areTold, packed, unpacked } from './header-bytes.ts';
import { isOpen, isOpenOfSameKey, keyHash, keyHashOf, type TopicKey, topicOf } from './key-hash.ts';

/** A record to be set aside: one that cannot be handled, or one that waits behind it. */
export interface NewDeadLetter {
  readonly id: string;
  readonly record: KafkaRecord;
  /** Why it cannot be handled; undefined when it only waits. */
  readonly failure: { readonly code: string; readonly reason: string } | undefined;
  /** Why the record cannot be kept whole: then its place and hashes are kept, which have one size and one form. */
  readonly reducedBecause?: string | undefined;
}

/** A dead letter that is not settled, as far as its successors are concerned. */
export interface OpenDeadLetter extends TopicKey {
  readonly position: number;
}

/** What a dead letter that was handled again came to. */
export interface Settlement {
  readonly id: string;
  readonly status: 'DEAD' | 'PARKED' | 'QUARANTINED' | 'HANDLED';
  readonly outcome: 'applied' | 'duplicate' | 'ignored' | 'dead' | 'parked';
  readonly reason: string | null;
  /** Of a new failure. */
  readonly code: string | null;
  readonly replays: number;
}

export interface StoredDeadLetter {
  readonly deadLetter: DeadLetter;
  readonly record: KafkaRecord;
}

const MAX_REASON = 2_000;
/** An id, a type, a code. Longer ones are nobody's; the whole is among the headers. */
const MAX_NAME = 1_000;

/**
 * Sets records aside with their bytes, in the transaction that goes on without them, and returns the ids of those that
 * were not set aside before: a redelivered record stays the dead letter that it is. Another record at the same place, of a topic that
 * was deleted and made again, is another dead letter. One statement.
 */
export async function addDeadLetters(tx: Sql, deadLetters: readonly NewDeadLetter[]): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", event_id, event_type, key, key_text, value, headers,
                              header_bytes, record_time, record_timestamp, status, error_code, error_message,
                              reduced_because, key_hash, value_hash)
     SELECT id, topic, partition, "offset", event_id, event_type, decode(key, 'base64'), key_text, decode(value, 'base64'),
            headers, decode(header_bytes, 'base64'), to_timestamp(time_ms / 1000.0), record_timestamp,
            CASE WHEN code IS NULL THEN 'PARKED' ELSE 'DEAD' END, code, reason,
            reduced_because, decode(key_hash, 'hex'), decode(value_hash, 'hex')
     FROM json_to_recordset($1::json)
       AS d(id uuid, topic text, partition int, "offset" bigint, event_id text, event_type text, key text, key_text text,
            value text, headers json, header_bytes text, time_ms float8, record_timestamp text, code text, reason text,
            reduced_because text, key_hash text, value_hash text, n int)
     ORDER BY n
     ON CONFLICT (topic, partition, "offset", record_time, content_hash) DO NOTHING RETURNING id::text`,
    JSON.stringify(deadLetters.map((deadLetter, n) => ({ ...columnsOf(deadLetter), n }))),
  );
  return new Set(rows.map(({ id }) => id));
}

function columnsOf({ id, record, failure, reducedBecause }: NewDeadLetter): Record<string, unknown> {
  const { topic, partition, offset, timestampMs } = record;
  return {
    id,
    topic,
    partition,
    offset,
    time_ms: momentOf(timestampMs),
    ...(!isMoment(timestampMs) && { record_timestamp: record.original?.().timestamp ?? String(timestampMs) }),
    code: short(failure?.code, MAX_NAME),
    reason: short(failure?.reason, MAX_REASON),
    ...(reducedBecause === undefined ? contentOf(record) : hashesOf(record, reducedBecause)),
  };
}

function contentOf(record: KafkaRecord): Record<string, unknown> {
  const { headers, key, value } = record;
  const raw = rawHeadersOf(record);
  return {
    event_id: short(headers.ce_id, MAX_NAME),
    event_type: short(headers.ce_type, MAX_NAME),
    key: key?.toString('base64'),
    key_text: textOf(key),
    value: value?.toString('base64'),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [storable(name), storable(text)])),
    ...(!areTold(raw) && { header_bytes: packed(raw).toString('base64') }),
  };
}

function hashesOf({ key, value }: KafkaRecord, reducedBecause: string): Record<string, unknown> {
  return {
    headers: {},
    reduced_because: short(reducedBecause, MAX_REASON),
    key_hash: keyHash(key),
    value_hash: keyHash(value),
  };
}

/**
 * The open dead letters of some topics and keys. One statement. Each is looked up by itself (`OFFSET 0` keeps PostgreSQL from making
 * a plain join of it): a join that was planned while there was none reads all that are open for each batch.
 */
export async function openDeadLetters(tx: Sql, keys: readonly TopicKey[]): Promise<readonly OpenDeadLetter[]> {
  return tx.$queryRawUnsafe<OpenDeadLetter[]>(
    `SELECT topic, wanted.hash AS "keyHash", open.position::float8 AS position
     FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS w(topic, hash)) AS wanted
     CROSS JOIN LATERAL (
       SELECT position FROM chassis.dead_letter d
       WHERE ${isOpen('d')} AND ${topicOf('d')} = wanted.topic AND ${keyHashOf('d')} = decode(wanted.hash, 'hex')
       OFFSET 0) AS open`,
    keys.map(({ topic }) => topic),
    keys.map(({ keyHash: hash }) => hash),
  );
}

/** Writes what dead letters came to, and the progress of the replays that they belong to. One statement. */
export async function settle(tx: Sql, settlements: readonly Settlement[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `WITH came AS (
       SELECT * FROM json_to_recordset($1::json)
         AS c(id uuid, status text, outcome text, reason text, code text, replays int)),
     before AS (SELECT id, replay_id FROM chassis.dead_letter WHERE id IN (SELECT id FROM came) AND settled_at IS NULL),
     settled AS (
       UPDATE chassis.dead_letter d SET
         status = c.status, replays = c.replays, replay_id = NULL,
         error_code = coalesce(c.code, d.error_code),
         error_message = CASE WHEN c.code IS NULL THEN d.error_message ELSE c.reason END,
         outcome = CASE WHEN c.status = 'HANDLED' THEN c.outcome END,
         outcome_reason = CASE WHEN c.status = 'HANDLED' THEN c.reason END,
         settled_at = CASE WHEN c.status = 'HANDLED' THEN now() END
       FROM came c JOIN before USING (id) WHERE d.id = c.id)
     UPDATE chassis.dead_letter_replay_item i SET outcome = c.outcome, outcome_reason = c.reason, done_at = now()
     FROM came c JOIN before USING (id) WHERE i.letter_id = c.id AND i.replay_id = before.replay_id`,
    JSON.stringify(settlements.map(({ reason, ...row }) => ({ ...row, reason: short(reason, MAX_REASON) }))),
  );
}

/** The record is in columns of its own, its bytes as base64. */
type DeadLetterRow = Omit<DeadLetter, 'reduced'> &
  RecordRow & { reduced: { because: string; keyHash?: string } | null };
type RecordRow = Pick<KafkaRecord, 'topic' | 'partition' | 'offset' | 'headers'> &
  Record<'key' | 'value', string | null> & {
    timeMs: number;
    headerBytes: string | null;
    timestamp: string | null;
  };

const DEAD_LETTER = `d.id::text, d.position::float8 AS position, d.status, d.replays, d.topic, d.partition, d."offset"::text,
  extract(epoch FROM d.record_time)::float8 * 1000 AS "timeMs", encode(d.key, 'base64') AS key,
  encode(d.value, 'base64') AS value, d.headers, encode(d.header_bytes, 'base64') AS "headerBytes",
  d.record_timestamp AS timestamp, CASE WHEN d.reduced_because IS NOT NULL THEN json_strip_nulls(
    json_build_object('because', d.reduced_because, 'keyHash', encode(d.key_hash, 'hex'))) END AS reduced`;

/** Those of these dead letters that are not settled, in the order in which they were set aside. */
export async function findOpen(db: Sql, ids: readonly string[]): Promise<readonly StoredDeadLetter[]> {
  const rows = await db.$queryRawUnsafe<DeadLetterRow[]>(
    `SELECT ${DEAD_LETTER} FROM chassis.dead_letter d WHERE d.id = ANY($1::uuid[]) AND d.settled_at IS NULL ORDER BY d.position`,
    ids,
  );
  return rows.map(stored);
}

/** Parked messages that nothing holds back any more, in the order in which they were parked. */
export async function findReleasable(db: Sql, limit: number): Promise<readonly StoredDeadLetter[]> {
  const rows = await db.$queryRawUnsafe<DeadLetterRow[]>(
    `SELECT ${DEAD_LETTER} FROM chassis.dead_letter d
     WHERE d.settled_at IS NULL AND d.status = 'PARKED' AND NOT EXISTS (
       SELECT FROM chassis.dead_letter e WHERE ${isOpenOfSameKey('e', 'd')} AND e.status <> 'PARKED' AND e.position < d.position)
     ORDER BY d.position LIMIT $1`,
    limit,
  );
  return rows.map(stored);
}

function stored({ id, position, status, replays, reduced, ...row }: DeadLetterRow): StoredDeadLetter {
  const isReduced = reduced && { reduced: { keyHash: undefined, ...reduced } };
  return { deadLetter: { id, position, status, replays, ...isReduced }, record: recordOf(row) };
}

function recordOf({ key, value, timeMs, headerBytes, timestamp, ...place }: RecordRow): KafkaRecord {
  // Of a moment, PostgreSQL's arithmetic leaves parts of a millisecond.
  const timestampMs = timestamp === null ? Math.round(timeMs) : Number(timestamp);
  const record: KafkaRecord = { ...place, timestampMs, key: bytes(key), value: bytes(value) };
  const packedHeaders = bytes(headerBytes);
  if (packedHeaders === null && timestamp === null) return record;
  const headers = packedHeaders === null ? rawHeadersOf(record) : unpacked(packedHeaders);
  return { ...record, original: () => ({ timestamp: timestamp ?? String(timestampMs), headers }) };
}

const bytes = (base64: string | null): Buffer | null => (base64 === null ? null : Buffer.from(base64, 'base64'));
