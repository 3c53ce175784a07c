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
 * Reads record batches, or messages of older formats, up to `end`. One that cannot be read becomes a message that says
 * so. What the broker cut off comes again, and so does all behind bytes that make no sense. Never throws for what is in
 * an entry.
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
