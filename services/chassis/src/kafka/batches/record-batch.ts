import { TooLarge } from '../compression/bounded.ts';
import { compressionOf } from '../compression/codecs.ts';
import { crc32c } from '../wire/crc32c.ts';
import { Input } from '../wire/input.ts';
import type { Budget } from './budget.ts';
import { type BatchContext, FetchedMessage } from './fetched-message.ts';
import { gap } from './gap.ts';
import type { LogReading } from './log-reading.ts';
import { BatchFault, MOST_RECORDS } from './unreadable.ts';

// A record batch, magic 2: https://kafka.apache.org/documentation/#recordbatch

/** Of a batch, from its first byte: where its checksum stands, and how long it is without records. */
const CRC_AT = 17;
const HEADER_BYTES = 61;
export const MAGIC = 2;
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** What stands before the records of a batch. */
type Header = ReturnType<typeof headerOf>;

/**
 * Reads the batch up to `end` into `found`, and passes its last offset also where records are missing or aborted. False
 * when it is left for the next fetch. @throws BatchFault, and then nothing of it is in `found`.
 */
export function readBatch(input: Input, end: number, reading: LogReading): boolean {
  assertChecksum(input, end);
  const header = headerOf(input);
  const { found, aborted, budget } = reading;
  if (aborted?.has(header) === true && !header.context.isControlBatch) {
    found.push(gap(header.context, header.lastOffset));
    return true;
  }
  if (header.compressionBits === 0) readRecords(input, end, { header, found });
  else {
    if (budget.isSpent) return false;
    const records = decompressed(input.buffer.subarray(input.at, end), header, budget);
    budget.spend(records.length, header.count);
    readRecords(new Input(records), records.length, { header, found });
  }
  const last = found.at(-1);
  if (header.context.isControlBatch) aborted?.ended(header.producerId, last?.key ?? null);
  if (!isDense(header) && last?.offset !== String(header.lastOffset))
    found.push(gap(header.context, header.lastOffset));
  return true;
}

/** Whether it holds a record for each of its offsets, as its producer wrote it. */
const isDense = ({ count, context }: Header): boolean => count > 0 && count === context.lastOffsetDelta + 1;

function assertChecksum({ buffer, at }: Input, end: number): void {
  if (end - at < HEADER_BYTES) throw new BatchFault({ kind: 'wrong checksum' });
  const written = buffer.readUInt32BE(at + CRC_AT);
  if (crc32c(buffer.subarray(at + CRC_AT + 4, end)) !== written) throw new BatchFault({ kind: 'wrong checksum' });
}

function headerOf(input: Input) {
  const base = input.roundedInt64();
  // No checksum covers it; the end of the log is not that far.
  if (!Number.isSafeInteger(base)) throw new BatchFault({ kind: 'wrong checksum' });
  // Its length, which the reader knows.
  input.at += 4;
  const partitionLeaderEpoch = input.int32();
  // The magic byte and the checksum.
  input.at += 5;
  const attributes = input.int16();
  const lastOffsetDelta = input.int32();
  const firstTime = input.roundedInt64();
  const maxTime = input.roundedInt64();
  const producerId = input.roundedInt64();
  const isTransactional = (attributes & TRANSACTIONAL) > 0;
  const context: BatchContext = {
    firstOffset: String(base),
    firstTimestamp: String(firstTime),
    partitionLeaderEpoch,
    inTransaction: isTransactional,
    isControlBatch: (attributes & CONTROL) > 0,
    lastOffsetDelta,
    maxTimestamp: String(maxTime),
    producerId: String(producerId),
    producerEpoch: input.int16(),
    firstSequence: input.int32(),
    timestampType: (attributes & LOG_APPEND_TIME) > 0 ? 1 : 0,
    magicByte: MAGIC,
  };
  const [compressionBits, count] = [attributes & COMPRESSION, input.int32()];
  const lastOffset = base + lastOffsetDelta;
  return { context, base, lastOffset, firstTime, producerId, isTransactional, compressionBits, count };
}

function decompressed(bytes: Buffer, { compressionBits: bits, count }: Header, budget: Budget): Buffer {
  const compression = compressionOf(bits);
  if (compression === undefined) throw new BatchFault({ kind: 'unknown compression', bits });
  const { name, decompress } = compression;
  if (count > MOST_RECORDS) throw new BatchFault({ kind: 'too large', compression: name });
  if (count === 0) return Buffer.alloc(0);
  try {
    return decompress(bytes, count);
  } catch (error) {
    budget.spendInVain();
    if (error instanceof TooLarge) throw new BatchFault({ kind: 'too large', compression: name });
    throw new BatchFault({ kind: 'not decompressed', compression: name, cause: (error as Error).message });
  }
}

interface InBatch {
  readonly header: Header;
  readonly found: FetchedMessage[];
}

/** The record before, by its offset from the base of the batch. */
interface Last {
  delta: number;
}

/** All of them, or none. */
function readRecords(input: Input, end: number, { header, found }: InBatch): void {
  const before = found.length;
  try {
    const last: Last = { delta: -1 };
    for (let at = 0; at < header.count; at += 1) found.push(record(input, end, header, last));
    if (input.at !== end || header.count < 0) throw new RangeError(`it says that it holds ${header.count} of them`);
  } catch (error) {
    found.length = before;
    const compression = compressionOf(header.compressionBits)?.name ?? 'not compressed';
    throw new BatchFault({ kind: 'not records', compression, cause: (error as Error).message });
  }
}

/** @see https://kafka.apache.org/documentation/#record */
function record(input: Input, batchEnd: number, { base, firstTime, context }: Header, last: Last): FetchedMessage {
  const length = input.varInt();
  const end = input.at + length;
  if (length < 0 || end > batchEnd) throw new RangeError('one ends behind its batch');
  const attributes = input.int8();
  const time = firstTime + input.varLong();
  const delta = input.varInt();
  // A broker does not look at it where nothing is compressed; believed, it would carry a reader past other records, or back.
  if (delta <= last.delta || delta > context.lastOffsetDelta) throw new RangeError('one has an offset of another');
  last.delta = delta;
  const timestamp = context.timestampType === 1 ? context.maxTimestamp : String(time);
  const key = input.bytes();
  const value = input.bytes();
  if (input.at > end) throw new RangeError('one has more in it than it says');
  const headers = { bytes: input.buffer, at: input.at, end };
  input.at = end;
  const offset = String(base + delta);
  return new FetchedMessage({ attributes, timestamp, offset, key, value, headers, context });
}
