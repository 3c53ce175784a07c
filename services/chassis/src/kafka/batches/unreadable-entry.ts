import { Input } from '../wire/input.ts';
import { RECORD_BATCH_HEADERS } from './batch-as-value.ts';
import { FetchedMessage, plainContext } from './fetched-message.ts';
import type { LogReading } from './log-reading.ts';
import { MAGIC } from './record-batch.ts';
import { type Fault, sentence } from './unreadable.ts';

interface Entry {
  readonly begin: number;
  readonly end: number;
  /** Of all bytes of the log that came. */
  readonly allEnd: number;
  readonly fault: Fault;
  readonly reading: LogReading;
}

/** Of a record batch, from its first byte. */
const MAGIC_AT = 16;
const LAST_OFFSET_DELTA_AT = 23;
const MAX_TIME_AT = 35;
const HEADER_BYTES = 61;
/** How Kafka says that there is no time. */
const NO_TIME = -1;

/** The entry as one message, with its last offset. Undefined where its bytes may be anything: they come again. */
export function unreadable(buffer: Buffer, entry: Entry): FetchedMessage | undefined {
  const place = placeOf(buffer, entry);
  if (place === undefined) return undefined;
  const { begin, end, fault } = entry;
  const { first, last } = place;
  const time = isBelieved(buffer, entry) ? new Input(buffer, begin + MAX_TIME_AT).roundedInt64() : NO_TIME;
  const context = plainContext(place, { time: String(time), timestampType: 0, magicByte: MAGIC });
  const reason =
    `The ${first === last ? `record at offset ${first}` : `batch of records at the offsets ${first} to ${last}`} ` +
    `cannot be read: ${sentence(fault)}`;
  return new FetchedMessage({
    attributes: 0,
    timestamp: context.maxTimestamp,
    offset: String(last),
    key: null,
    value: buffer.subarray(begin, end),
    headers: RECORD_BATCH_HEADERS,
    context,
    unreadable: { firstOffset: String(first), reason },
  });
}

const isBatch = (buffer: Buffer, { begin, end }: Entry): boolean =>
  end - begin >= HEADER_BYTES && buffer.readUInt8(begin + MAGIC_AT) === MAGIC;

/** Whether what stands before the records can be taken as it is. */
const isBelieved = (buffer: Buffer, entry: Entry): boolean =>
  isBatch(buffer, entry) && entry.fault.kind !== 'wrong checksum';

interface Place {
  readonly first: number;
  readonly last: number;
}

/** With a wrong checksum an entry reaches to the next one at most, and not behind the end of the log. */
function placeOf(buffer: Buffer, entry: Entry): Place | undefined {
  const { begin, reading } = entry;
  const asked = reading.askedFrom();
  const base = new Input(buffer, begin).roundedInt64();
  const before = reading.found.at(-1);
  const isInLog = base > Number(before?.offset ?? -1) && base < reading.highWatermark;
  if (!isInLog) return before === undefined && asked !== undefined ? { first: asked, last: asked } : undefined;
  const said = lastSaid(buffer, entry, base);
  if (isBelieved(buffer, entry)) return { first: base, last: Math.max(base, said) };
  const limit = (nextBase(buffer, entry, base) ?? reading.highWatermark) - 1;
  const isPossible = said >= base && said <= limit;
  const last = isPossible ? said : (nextBase(buffer, entry, base) ?? base + 1) - 1;
  // Where it was asked for in its middle, it reaches that far at least.
  return { first: base, last: Math.max(last, Math.min(asked ?? base, limit)) };
}

/** What an entry says of its last offset. An old message has one; a format that nobody knows says nothing. */
function lastSaid(buffer: Buffer, entry: Entry, base: number): number {
  if (isBatch(buffer, entry)) return base + buffer.readInt32BE(entry.begin + LAST_OFFSET_DELTA_AT);
  return buffer.readUInt8(entry.begin + MAGIC_AT) < MAGIC ? base : Number.POSITIVE_INFINITY;
}

/** Undefined when no other entry came, or its offset makes no sense. */
function nextBase(buffer: Buffer, { end, allEnd, reading }: Entry, base: number): number | undefined {
  if (end + HEADER_BYTES > allEnd) return undefined;
  const next = new Input(buffer, end).roundedInt64();
  return next > base && next < reading.highWatermark ? next : undefined;
}
