import type { OutgoingRecord } from '../kafka/producer.ts';

/** A row of the `outbox` table as it is read, from the log or by a query: text, except for the payload. */
export interface OutboxRow {
  readonly position: string;
  readonly id: string;
  readonly aggregatetype: string;
  readonly aggregateid: string;
  readonly type: string;
  /** Its own memory: pg makes it from text. (Binary pgoutput would give a view into a buffer that is used again.) */
  readonly payload: Buffer;
  readonly ce_specversion: string;
  readonly ce_source: string;
  readonly ce_time: string;
  readonly ce_correlationid: string;
  readonly ce_causationid: string;
  /** Absent in what was written to the log before there was such a column. */
  readonly ce_depth?: string;
  readonly content_type: string;
  /** Empty when there is none. A column without a value would be a header without a value in Debezium's records. */
  readonly traceparent: string;
  readonly tracestate: string;
}

export type OutboxName = 'outbox' | 'dead_letter_outbox';

/** The row of a record. */
export interface OutboxPosition {
  readonly outbox: OutboxName;
  /** Decimal. */
  readonly position: string;
  readonly id: string;
}

/** A row on its way to its topic. */
export interface OutboxRecord extends OutgoingRecord {
  readonly place: OutboxPosition;
  readonly headers: RecordHeaders;
  /** About as many bytes as it takes on the wire. */
  readonly bytes: number;
}

/** The headers of an event (CloudEvents 1.0, binary mode), in this order: every relay writes the same bytes. */
export interface RecordHeaders extends Readonly<Record<string, string>> {
  readonly ce_id: string;
  readonly ce_correlationid: string;
}

/** What a record takes beside its value and its longer texts: names of headers, lengths, key, ids. */
export const FIXED_BYTES = 500;

/** A row without the column has no such header, as with Debezium; its readers take it for a first event. */
export const depthHeader = ({ ce_depth }: { readonly ce_depth?: string }): { readonly ce_depth?: string } =>
  ce_depth === undefined ? {} : { ce_depth };

/** The record of a row, the same that Debezium's EventRouter makes of it. The trace context passes through unchanged. */
export function outboxRecord(row: OutboxRow, topicPrefix: string): OutboxRecord {
  const headers: RecordHeaders = {
    ce_specversion: row.ce_specversion,
    ce_id: row.id,
    ce_type: row.type,
    ce_source: row.ce_source,
    ce_subject: row.aggregateid,
    ce_time: row.ce_time,
    'content-type': row.content_type,
    ce_correlationid: row.ce_correlationid,
    ce_causationid: row.ce_causationid,
    ...depthHeader(row),
    traceparent: row.traceparent,
    tracestate: row.tracestate,
  };
  return {
    topic: `${topicPrefix}${row.aggregatetype}.events`,
    key: row.aggregateid,
    value: row.payload,
    headers,
    place: { outbox: 'outbox', position: row.position, id: row.id },
    bytes: FIXED_BYTES + row.payload.length + row.tracestate.length,
  };
}
