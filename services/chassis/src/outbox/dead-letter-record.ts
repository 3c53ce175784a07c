import { columnOf, DEAD_LETTER_HEADERS, type HeaderColumn } from '../tables/dead-letters/columns.ts';
import { FIXED_BYTES, type OutboxRecord, type RecordHeaders } from './outbox-record.ts';

/** A row of the `dead_letter_outbox` table as it is read, from the log or by a query: text, except for the payload. */
export interface DeadLetterRow extends Readonly<Record<Exclude<HeaderColumn, 'ce_depth'>, string>> {
  /** Absent in what was written to the log before there was such a column. */
  readonly ce_depth?: string;
  readonly position: string;
  readonly id: string;
  /** The consumer group that could not handle the record. */
  readonly aggregatetype: string;
  /** The record's key; null when it had none. */
  readonly aggregateid: string | null;
  readonly payload: Buffer | null;
}

/**
 * The record of a dead letter: its own key, value and headers, and what is known of its failure. Every header is
 * there, empty when the record did not have it: the same that Debezium's EventRouter makes of the row.
 */
export function deadLetterRecord(row: DeadLetterRow, topicPrefix: string): OutboxRecord {
  const headers = DEAD_LETTER_HEADERS.flatMap((header) => {
    const text = row[columnOf(header)];
    return text === undefined ? [] : [[header, text] as const];
  });
  // Nothing of a dead letter is of a known size: all of it was written by somebody else.
  const texts = [row.aggregateid ?? '', ...headers.map(([, text]) => text)];
  const textBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return {
    topic: `${topicPrefix}${row.aggregatetype}.dlq`,
    key: row.aggregateid,
    value: row.payload,
    headers: Object.fromEntries(headers) as RecordHeaders,
    place: { outbox: 'dead_letter_outbox', position: row.position, id: row.id },
    bytes: FIXED_BYTES + (row.payload?.length ?? 0) + textBytes,
  };
}
