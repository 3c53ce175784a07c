import { deadContent, REDUCED } from '@troupe/chassis/internal';
import type { LoggedTransaction } from '../database/server.ts';
import type { StoredDeadLetter, StoredEvent } from '../database/tables.ts';

// Messages of pgoutput, protocol version 1: the real relay reads the log of a database in memory in this form.
// https://www.postgresql.org/docs/18/protocol-logicalrep-message-formats.html

/** A row as the relay reads it. */
export type Columns = Readonly<Record<string, string | Buffer | null>>;
interface Relation {
  readonly name: string;
  readonly oid: number;
  readonly columns: readonly string[];
}

const TEXT = 25;
const BYTEA = 17;

const int16 = (value: number): Buffer => Buffer.of(value >>> 8, value & 255);
const int32 = (value: number): Buffer =>
  Buffer.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const asText = (value: string | Buffer): string => (typeof value === 'string' ? value : `\\x${value.toString('hex')}`);

const EVENTS: Relation = {
  name: 'outbox',
  oid: 16_385,
  columns: [
    'position',
    'id',
    'aggregatetype',
    'aggregateid',
    'type',
    'payload',
    'ce_specversion',
    'ce_source',
    'ce_time',
    'ce_correlationid',
    'ce_causationid',
    'ce_depth',
    'content_type',
    'traceparent',
    'tracestate',
  ],
};
const DEAD_LETTERS: Relation = {
  name: 'dead_letter_outbox',
  oid: 16_386,
  columns: [
    'position',
    'id',
    'aggregatetype',
    'aggregateid',
    'payload',
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'content_type',
    'ce_correlationid',
    'ce_causationid',
    'ce_depth',
    'traceparent',
    'tracestate',
    'x_original_topic',
    'x_original_partition',
    'x_original_offset',
    'x_original_headers',
    'x_original_key',
    'x_error_class',
    'x_error_message',
    'x_attempts',
    'x_replays',
    'x_truncated',
  ],
};

/** The first messages of a stream. They describe the tables. */
export const RELATIONS: readonly Buffer[] = [EVENTS, DEAD_LETTERS].map(({ name, oid, columns }) =>
  Buffer.concat([
    Buffer.from('R'),
    int32(oid),
    text('chassis'),
    text(name),
    Buffer.from('d'),
    int16(columns.length),
    ...columns.map((column) =>
      Buffer.concat([Buffer.of(0), text(column), int32(column === 'payload' ? BYTEA : TEXT), int32(-1)]),
    ),
  ]),
);

/** One transaction, from its begin to its commit. */
export function messagesOf({ end, events, deadLetters }: LoggedTransaction): readonly Buffer[] {
  return [
    Buffer.concat([Buffer.from('B'), int64(end - 1n), int64(0n), int32(7)]),
    ...events.map((event) => insert(EVENTS, eventRow(event))),
    ...deadLetters.map((deadLetter) => insert(DEAD_LETTERS, deadLetterRow(deadLetter))),
    Buffer.concat([Buffer.from('C'), Buffer.of(0), int64(end - 1n), int64(end), int64(0n)]),
  ];
}

function insert({ oid, columns }: Relation, row: Columns): Buffer {
  const values = columns.map((column) => {
    const value = row[column];
    if (value === null || value === undefined) return Buffer.from('n');
    const bytes = Buffer.from(asText(value));
    return Buffer.concat([Buffer.from('t'), int32(bytes.length), bytes]);
  });
  return Buffer.concat([Buffer.from('I'), int32(oid), Buffer.from('N'), int16(columns.length), ...values]);
}

/** The columns of the table `outbox`, its defaults included. */
export function eventRow(event: StoredEvent): Columns {
  const { id, aggregatetype, aggregateid, type, payload, time, causationId, depth, trace, source } = event;
  return {
    position: String(event.position),
    id,
    aggregatetype,
    aggregateid,
    type,
    payload,
    ce_specversion: '1.0',
    ce_source: source,
    ce_time: time,
    ce_correlationid: aggregateid,
    ce_causationid: causationId,
    ce_depth: String(depth),
    content_type: 'application/avro',
    traceparent: trace.traceparent ?? '',
    tracestate: trace.tracestate ?? '',
  };
}

/** The columns of the table `dead_letter_outbox`. */
export function deadLetterRow(deadLetter: StoredDeadLetter): Columns {
  const { id, position, record, service, code, reason, attempts, replays, isReduced } = deadLetter;
  const { topic, partition, offset } = record;
  const { key, value, own, ...content } = isReduced ? REDUCED : deadContent(record);
  return {
    position: String(position),
    id,
    aggregatetype: service,
    aggregateid: key,
    payload: value === undefined ? null : Buffer.from(value, 'base64'),
    ...own,
    ...content,
    x_error_class: code,
    x_error_message: reason,
    x_original_topic: topic,
    x_original_partition: String(partition),
    x_original_offset: offset,
    x_attempts: String(attempts),
    x_replays: String(replays),
  };
}
