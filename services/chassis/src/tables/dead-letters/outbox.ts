import type { KafkaRecord } from '../../kafka/record.ts';
import { short } from '../../postgres/storable.ts';
import { uuidv7 } from '../../process/ids.ts';
import type { Sql } from '../../rules/database.ts';
import { columnOf, DEAD_LETTER_HEADERS } from './columns.ts';
import { deadContent, REDUCED } from './record.ts';

export interface DeadRecord {
  readonly record: KafkaRecord;
  readonly code: string;
  readonly reason: string;
  /** How often it was handled in vain. */
  readonly attempts: number;
  /** How many of these attempts an operator asked for. */
  readonly replays: number;
  /** Its content is not to be touched: it is why the record could not be kept. */
  readonly isReduced?: boolean;
}

/** A header has little room; the whole reason is in `dead_letter`. */
const MAX_MESSAGE = 500;
const MAX_CODE = 200;

const COLUMNS = DEAD_LETTER_HEADERS.map(columnOf);
const COLUMN_LIST = COLUMNS.join(', ');

/** Puts dead letters on their way to `<service>.dlq`; the relay publishes them after the commit. One statement. */
export async function publishDeadLetters(tx: Sql, service: string, dead: readonly DeadRecord[]): Promise<void> {
  const texts = COLUMNS.map((name) => `${name} text`);
  await tx.$executeRawUnsafe(
    `INSERT INTO chassis.dead_letter_outbox (id, aggregatetype, aggregateid, payload, ${COLUMN_LIST})
     SELECT id, $1, key, decode(value, 'base64'), ${COLUMN_LIST}
     FROM json_to_recordset($2::json)
       AS d(id uuid, key text, value text, ${texts.join(', ')}, n int) ORDER BY n`,
    service,
    JSON.stringify(dead.map((record, n) => ({ ...columnsOf(record), n }))),
  );
}

function columnsOf({ record, code, reason, attempts, replays, isReduced }: DeadRecord): Record<string, unknown> {
  const { topic, partition, offset } = record;
  const { own, ...content } = isReduced ? REDUCED : deadContent(record);
  return {
    id: uuidv7(),
    ...own,
    ...content,
    x_original_topic: topic,
    x_original_partition: String(partition),
    x_original_offset: offset,
    x_error_class: short(code, MAX_CODE),
    x_error_message: short(reason, MAX_MESSAGE),
    x_attempts: String(attempts),
    x_replays: String(replays),
  };
}
