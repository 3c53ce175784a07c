import { type DeadLetterRow, deadLetterRecord } from './dead-letter-record.ts';
import { type OutboxName, type OutboxRecord, type OutboxRow, outboxRecord } from './outbox-record.ts';

export interface OutboxTable {
  readonly name: OutboxName;
  /** SQL: the bytes of what is not bounded in a row. Reads nothing that is stored out of line. */
  readonly bytes: string;
  /** @param row as it is read, from the log or by a query. */
  recordOf(row: unknown, topicPrefix: string): OutboxRecord;
}

/** The tables whose rows are published. They go to different topics, so there is no order between them. */
export const OUTBOX_TABLES: readonly OutboxTable[] = [
  {
    name: 'outbox',
    bytes: 'octet_length(payload) + octet_length(tracestate)',
    recordOf: (row, topicPrefix) => outboxRecord(row as OutboxRow, topicPrefix),
  },
  {
    name: 'dead_letter_outbox',
    bytes:
      'coalesce(octet_length(payload), 0) + octet_length(x_original_headers) + octet_length(x_original_key) + coalesce(octet_length(aggregateid), 0)',
    recordOf: (row, topicPrefix) => deadLetterRecord(row as DeadLetterRow, topicPrefix),
  },
];
