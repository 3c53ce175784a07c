import type { Input } from '../wire/input.ts';
import type { FetchedMessage } from './fetched-message.ts';
import type { LogReading } from './log-reading.ts';
import { readMessage } from './message-set.ts';
import { MAGIC, readBatch } from './record-batch.ts';
import { BatchFault } from './unreadable.ts';
import { unreadable } from './unreadable-entry.ts';

/** Of an entry of a log, batch or message, of any format: its offset and length, what stands up to its magic byte. */
const BEFORE_LENGTH_ENDS = 12;
const MAGIC_AT = 16;
const SMALLEST = MAGIC_AT + 1;

/**
 * Reads what a log holds between `input.at` and `end`: record batches, or messages of older formats. One that cannot be read
 * becomes a message that says so, and those behind it are read. The broker may cut the last one off; it comes again, as does
 * everything behind a place where the bytes make no sense. Never throws for what is in an entry.
 */
export function readEntries(input: Input, end: number, reading: LogReading): FetchedMessage[] {
  const { buffer } = input;
  while (end - input.at >= SMALLEST) {
    const begin = input.at;
    const next = begin + BEFORE_LENGTH_ENDS + buffer.readInt32BE(begin + BEFORE_LENGTH_ENDS - 4);
    if (next < begin + SMALLEST || next > end || !readEntry(input, { end: next, allEnd: end, reading })) break;
    input.at = next;
  }
  return reading.found;
}

interface Entry {
  readonly end: number;
  readonly allEnd: number;
  readonly reading: LogReading;
}

/** False when it is left for the next fetch. */
function readEntry(input: Input, { end, allEnd, reading }: Entry): boolean {
  const begin = input.at;
  const magic = input.buffer.readUInt8(begin + MAGIC_AT);
  try {
    if (magic === MAGIC) return readBatch(input, end, reading);
    if (magic < MAGIC) return readMessage(input, end, reading);
    throw new BatchFault({ kind: 'unknown format', magic });
  } catch (error) {
    if (!(error instanceof BatchFault)) throw error;
    const message = unreadable(input.buffer, { begin, end, allEnd, fault: error.fault, reading });
    if (message === undefined) return false;
    reading.found.push(message);
    return true;
  }
}
