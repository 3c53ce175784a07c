import type { Sql } from '../database.ts';
import { uuidv7 } from '../ids.ts';
import { type KafkaRecord, textOf } from '../kafka/record.ts';
import { storable } from './storable.ts';

/** A record on its way to the dead-letter topic. */
export interface DeadRecord {
  readonly record: KafkaRecord;
  readonly code: string;
  readonly reason: string;
  /** How often it was handled in vain. */
  readonly attempts: number;
  /** How many of these attempts an operator asked for. */
  readonly replays: number;
}

/** A header has little room; the whole reason is in `dead_letter`. */
const MAX_MESSAGE = 500;

/** Headers that have a column of their own. Others are kept together, as JSON. */
const COLUMNS: Readonly<Record<string, string>> = {
  ce_specversion: 'ce_specversion',
  ce_id: 'ce_id',
  ce_type: 'ce_type',
  ce_source: 'ce_source',
  ce_subject: 'ce_subject',
  ce_time: 'ce_time',
  'content-type': 'content_type',
  ce_correlationid: 'ce_correlationid',
  ce_causationid: 'ce_causationid',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
};
const COLUMN_LIST = `${Object.values(COLUMNS).join(', ')}, x_original_topic, x_original_partition, x_original_offset,
  x_original_headers, x_original_key, x_error_class, x_error_message, x_attempts, x_replays`;

/**
 * Puts dead letters on their way to `<service>.dlq`, with their own key, value and headers and what is known of their
 * failure; the relay publishes them after the commit. One statement.
 */
export async function publishDeadLetters(tx: Sql, service: string, dead: readonly DeadRecord[]): Promise<void> {
  const texts = COLUMN_LIST.split(/,\s*/).map((name) => `${name} text`);
  await tx.$executeRawUnsafe(
    `INSERT INTO dead_letter_outbox (id, aggregatetype, aggregateid, payload, ${COLUMN_LIST})
     SELECT id, $1, key, decode(value, 'base64'), ${COLUMN_LIST}
     FROM json_to_recordset($2::json)
       AS d(id uuid, key text, value text, ${texts.join(', ')}, n int) ORDER BY n`,
    service,
    JSON.stringify(dead.map((record, n) => ({ ...columnsOf(record), n }))),
  );
}

function columnsOf({ record, code, reason, attempts, replays }: DeadRecord): Record<string, unknown> {
  const { topic, partition, offset, key, value, headers } = record;
  const own = Object.entries(COLUMNS).map(([header, column]) => [column, storable(headers[header] ?? '')]);
  const others = Object.entries(headers).filter(([header]) => COLUMNS[header] === undefined);
  const text = textOf(key);
  return {
    ...{ id: uuidv7(), key: text ?? '', value: value?.toString('base64') },
    ...Object.fromEntries(own),
    ...{ x_original_topic: topic, x_original_partition: String(partition), x_original_offset: offset },
    x_original_headers: others.length === 0 ? '' : storable(JSON.stringify(Object.fromEntries(others))),
    x_original_key: text === undefined ? (key?.toString('base64') ?? '') : '',
    ...{ x_error_class: code, x_error_message: storable(reason.slice(0, MAX_MESSAGE)) },
    ...{ x_attempts: String(attempts), x_replays: String(replays) },
  };
}
