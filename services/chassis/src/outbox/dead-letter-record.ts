import { depthHeader, FIXED_BYTES, type OutboxRecord, type RecordHeaders } from './outbox-record.ts';

/** A row of the `dead_letter_outbox` table as it is read, from the log or by a query: text, except for the payload. */
export interface DeadLetterRow {
  readonly position: string;
  readonly id: string;
  /** The consumer group that could not handle the record. */
  readonly aggregatetype: string;
  /** The record's key; null when it had none. */
  readonly aggregateid: string | null;
  readonly payload: Buffer | null;
  readonly ce_specversion: string;
  readonly ce_id: string;
  readonly ce_type: string;
  readonly ce_source: string;
  readonly ce_subject: string;
  readonly ce_time: string;
  readonly content_type: string;
  readonly ce_correlationid: string;
  readonly ce_causationid: string;
  /** Absent in what was written to the log before there was such a column. */
  readonly ce_depth?: string;
  readonly traceparent: string;
  readonly tracestate: string;
  readonly x_original_topic: string;
  readonly x_original_partition: string;
  readonly x_original_offset: string;
  readonly x_original_headers: string;
  readonly x_original_key: string;
  readonly x_error_class: string;
  readonly x_error_message: string;
  readonly x_attempts: string;
  readonly x_replays: string;
  readonly x_truncated: string;
}

/**
 * The record of a dead letter: its own key, value and headers, and what is known of its failure. Every header is always
 * there, empty when the record did not have it: the same that Debezium's EventRouter makes of the row.
 */
export function deadLetterRecord(row: DeadLetterRow, topicPrefix: string): OutboxRecord {
  const headers: RecordHeaders = {
    ce_specversion: row.ce_specversion,
    ce_id: row.ce_id,
    ce_type: row.ce_type,
    ce_source: row.ce_source,
    ce_subject: row.ce_subject,
    ce_time: row.ce_time,
    'content-type': row.content_type,
    ce_correlationid: row.ce_correlationid,
    ce_causationid: row.ce_causationid,
    ...depthHeader(row),
    traceparent: row.traceparent,
    tracestate: row.tracestate,
    'x-original-topic': row.x_original_topic,
    'x-original-partition': row.x_original_partition,
    'x-original-offset': row.x_original_offset,
    'x-original-headers': row.x_original_headers,
    'x-original-key': row.x_original_key,
    'x-error-class': row.x_error_class,
    'x-error-message': row.x_error_message,
    'x-attempts': row.x_attempts,
    'x-replays': row.x_replays,
    'x-truncated': row.x_truncated,
  };
  return {
    topic: `${topicPrefix}${row.aggregatetype}.dlq`,
    key: row.aggregateid,
    value: row.payload,
    headers,
    place: { outbox: 'dead_letter_outbox', position: row.position, id: row.id },
    bytes: FIXED_BYTES + (row.payload?.length ?? 0) + textBytes([row.aggregateid ?? '', ...Object.values(headers)]),
  };
}

/** Nothing of a dead letter is of a known size: all of it was written by somebody else. */
function textBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
