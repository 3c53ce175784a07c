import type { Failure } from '@troupe/chassis';
import {
  type IncomingEvent,
  isId,
  type KafkaRecord,
  momentOf,
  type Poison,
  short,
  storable,
  textOf,
} from '@troupe/chassis/internal';
import { events } from '@troupe/schemas';
import type { Broken, RecordRow } from '../store/record-row.ts';

/** What the reader made of a record. */
export type Read = IncomingEvent | Poison;

const EVENT_TOPIC = /\.events$/;
const TRACE = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-/;
const HEX_BYTES = 256;
const LONGEST_MESSAGE = 1_000;
const owners: ReadonlyMap<string, string> = new Map(events.map(({ messageName, owner }) => [messageName, owner]));

/** The row of a record: the same whenever, by whomever and in whichever company it is read. */
export function recordOf(read: Read): RecordRow {
  return read.kind === 'event' ? rowOfEvent(read) : rowOfPoison(read.record, read);
}

/** What is kept of a record that can be kept in no other form. */
export function reducedRecord(record: KafkaRecord, failure: Failure): RecordRow {
  const { code, message: reason } = failure;
  return { ...rowOfPoison(record, { code, reason }), key: null, headers: '{}' };
}

function rowOfEvent({ record, id, type, key, data, depth }: IncomingEvent): RecordRow {
  const place = placeOf(record);
  return {
    ...place,
    saidAt: saidAt(record.headers.ce_time) ?? place.publishedAt,
    type,
    owner: owners.get(type) ?? null,
    eventId: id,
    sagaId: key,
    depth,
    schemaId: schemaIdOf(record.value),
    // A dead letter has the form of its event, and is none.
    isEvent: EVENT_TOPIC.test(record.topic) && owners.has(type),
    payload: json(data),
    broken: null,
  };
}

function rowOfPoison(
  record: KafkaRecord,
  { code, reason }: { readonly code: string; readonly reason: string },
): RecordRow {
  const { headers, value } = record;
  const place = placeOf(record);
  return {
    ...place,
    saidAt: saidAt(headers.ce_time),
    type: storable(headers.ce_type?.split('.').at(-1)) ?? null,
    owner: null,
    eventId: idIn(headers.ce_id),
    sagaId: idIn(place.key) ?? idIn(headers.ce_correlationid) ?? idIn(headers.ce_subject),
    depth: 1,
    schemaId: schemaIdOf(value),
    isEvent: false,
    payload: null,
    broken: brokenBecause(code, reason, value),
  };
}

function placeOf(record: KafkaRecord) {
  const { topic, partition, offset, timestampMs, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    publishedAt: momentOf(timestampMs),
    key: textOf(key) ?? null,
    causationId: idIn(headers.ce_causationid),
    traceId: TRACE.exec(headers.traceparent ?? '')?.[1] ?? null,
    headers: json(headers),
    bytes: (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers),
  };
}

function brokenBecause(code: string, reason: string, value: Buffer | null): Broken {
  return {
    code,
    message: short(reason, LONGEST_MESSAGE),
    hex: value === null ? '' : value.subarray(0, HEX_BYTES).toString('hex'),
  };
}

function saidAt(time: string | undefined): number | null {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? null : momentOf(ms);
}

const idIn = (text: string | null | undefined): string | null => (text && isId(text) ? text : null);

/** Of the Confluent wire format: a zero, then four bytes. */
function schemaIdOf(value: Buffer | null): number | null {
  if (value === null || value.length < 5 || value[0] !== 0) return null;
  const id = value.readInt32BE(1);
  return id >= 0 ? id : null;
}

/** PostgreSQL's JSON holds no NUL and no lone surrogate. */
function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_name, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

const headerBytes = (headers: KafkaRecord['headers']): number =>
  Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text), 0);
