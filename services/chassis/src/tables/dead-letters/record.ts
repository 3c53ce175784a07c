import type { RawHeader } from '../../kafka/batches/fetched-message.ts';
import { type KafkaRecord, rawHeadersOf, textOf } from '../../kafka/record.ts';
import { storable } from '../../postgres/storable.ts';
import { columnOf, OWN_HEADERS } from './columns.ts';
import { type HeadersJson, headersJson } from './record-headers.ts';

/** What of a record goes to the dead-letter topic, as columns of `dead_letter_outbox`. */
export interface DeadContent {
  /** null: the record has no key. Empty: it is empty, or not text. */
  readonly key: string | null;
  /** base64; undefined: the record has no value. */
  readonly value: string | undefined;
  readonly own: Readonly<Record<string, string>>;
  readonly x_original_headers: string;
  /** base64 of a key that is not text. */
  readonly x_original_key: string;
  /** JSON: what was cut, with its original size in bytes; empty when nothing was. */
  readonly x_truncated: string;
}

/** Of key, value and headers. Below what brokers take by default (1 MiB for a batch). */
export const MAX_RECORD_BYTES = 1_000_000;
/** Names of headers, place, failure, and what was cut. */
const FIXED_BYTES = 20_000;
const MAX_KEY_BYTES = 200_000;
/** Of a header with a column. A longer one is cut there, and stands whole among the others. */
const MAX_OWN_BYTES = 4_096;
/** What the other headers may take, however large the value is. */
const HEADERS_BYTES = 100_000;
const NAMED_CUTS = 20;
const LONGEST_NAME = 100;

/** What can be told of a record that could not be kept. */
export const REDUCED: DeadContent = {
  key: null,
  value: undefined,
  x_original_headers: '',
  x_original_key: '',
  x_truncated: '{"reduced":true}',
  own: Object.fromEntries(OWN_HEADERS.map((header) => [columnOf(header), ''])),
};

/**
 * Fits a record into what a dead-letter topic takes: the record may be as large as its own topic allows, and what is known of its
 * failure comes on top. The headers give way first, down to a tenth; a value is of use only whole. `dead_letter` keeps everything.
 */
export function deadContent(record: KafkaRecord): DeadContent {
  const raw = rawHeadersOf(record);
  const key = keyContent(record.key);
  const own = ownHeaders(record.headers);
  const room = MAX_RECORD_BYTES - FIXED_BYTES - key.size - sizeOf(Object.values(own));
  const { value } = record;
  const others = headersJson(notOwn(raw, own), Math.max(room - (value?.length ?? 0), HEADERS_BYTES));
  const bytes = value?.subarray(0, room - Buffer.byteLength(others.json));
  const cuts = { key: key.cut, value: bytes?.length === value?.length ? undefined : value?.length };
  return {
    key: key.text,
    value: bytes?.toString('base64'),
    own,
    x_original_headers: others.json,
    x_original_key: key.base64,
    x_truncated: truncated(cuts, others),
  };
}

interface KeyContent {
  readonly text: string | null;
  readonly base64: string;
  readonly size: number;
  readonly cut: number | undefined;
}

function keyContent(key: Buffer | null): KeyContent {
  if (key === null) return { text: null, base64: '', size: 0, cut: undefined };
  const text = textOf(key);
  const cut = key.length > MAX_KEY_BYTES ? key.length : undefined;
  if (text !== undefined)
    return { text: prefix(text, MAX_KEY_BYTES), base64: '', size: Math.min(key.length, MAX_KEY_BYTES), cut };
  const base64 = key.subarray(0, MAX_KEY_BYTES).toString('base64');
  return { text: '', base64, size: base64.length, cut };
}

function ownHeaders(headers: KafkaRecord['headers']): Record<string, string> {
  const cut = (header: string): string => prefix(storable(headers[header] ?? ''), MAX_OWN_BYTES);
  return Object.fromEntries(OWN_HEADERS.map((header) => [columnOf(header), cut(header)]));
}

/** The headers that no column tells whole. */
function notOwn(raw: readonly RawHeader[], own: Readonly<Record<string, string>>): RawHeader[] {
  const told = new Map(OWN_HEADERS.map((header): [string, string] => [header, own[columnOf(header)] ?? '']));
  return raw.filter(({ name, value }) => {
    const text = told.get(name.toString());
    return text === undefined || value?.equals(Buffer.from(text)) !== true;
  });
}

/** The beginning of a text, of so many bytes at most, without half a character. */
function prefix(text: string, bytes: number): string {
  if (text.length <= bytes / 3) return text;
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  let end = bytes;
  // A byte 10xxxxxx goes on with the character before it.
  while (((whole[end] as number) & 0xc0) === 0x80) end -= 1;
  return whole.toString('utf8', 0, end);
}

const sizeOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function truncated(
  cuts: { key: number | undefined; value: number | undefined },
  { cut, leftOut }: HeadersJson,
): string {
  if (cuts.key === undefined && cuts.value === undefined && cut.size + leftOut === 0) return '';
  const named = [...cut].slice(0, NAMED_CUTS).map(([name, size]) => [name.slice(0, LONGEST_NAME), size] as const);
  const headers = cut.size > 0 && { headers: Object.fromEntries(named) };
  return storable(JSON.stringify({ ...cuts, ...headers, ...(leftOut > 0 && { headersLeftOut: leftOut }) }));
}
