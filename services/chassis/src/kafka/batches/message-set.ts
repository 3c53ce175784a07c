import { crc32 } from 'node:zlib';
import { TooLarge } from '../compression/bounded.ts';
import { compressionOf } from '../compression/codecs.ts';
import { Input } from '../wire/input.ts';
import type { Budget } from './budget.ts';
import { FetchedMessage, NO_HEADERS, plainContext } from './fetched-message.ts';
import type { LogReading } from './log-reading.ts';
import { BatchFault } from './unreadable.ts';

// Messages of the formats 0 and 1, which brokers before 0.11 wrote: https://kafka.apache.org/documentation/#messageset

const CRC_AT = 12;
const MAGIC_AT = 16;
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;

type OldMessage = ReturnType<typeof oldMessage>;

/**
 * Reads one record, or several in a compressed value, into `found`. False when it is left for the next fetch.
 * @throws BatchFault, and then nothing of it is in `found`.
 */
export function readMessage(input: Input, end: number, { found, budget }: LogReading): boolean {
  const outer = oldMessage(input, end);
  const bits = outer.attributes & COMPRESSION;
  if (bits === 0) {
    found.push(fetched(outer));
    return true;
  }
  if (budget.isSpent) return false;
  const inner = innerMessages(outer, { bits, budget });
  const size = inner.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  budget.spend(size, inner.length);
  for (const message of inner) found.push(fetched(message));
  return true;
}

function innerMessages(outer: OldMessage, { bits, budget }: { bits: number; budget: Budget }): OldMessage[] {
  const compression = compressionOf(bits);
  if (compression === undefined) throw new BatchFault({ kind: 'unknown compression', bits });
  const { name, decompress } = compression;
  const input = new Input(decompressed());
  const messages: OldMessage[] = [];
  while (input.left > 0) {
    const end = input.at + CRC_AT + (input.left < CRC_AT ? 0 : input.buffer.readInt32BE(input.at + 8));
    messages.push(oldMessage(input, end));
  }
  return placed(messages, outer);

  function decompressed(): Buffer {
    try {
      // A message of these formats does not say how many are in it; only zstd asks, which came later.
      return decompress(outer.value ?? Buffer.alloc(0), 0);
    } catch (error) {
      budget.spendInVain();
      if (error instanceof TooLarge) throw new BatchFault({ kind: 'too large', compression: name });
      throw new BatchFault({ kind: 'not decompressed', compression: name, cause: (error as Error).message });
    }
  }
}

/** In format 1 the offsets inside count from 0, and the last of them is that of the outer message. */
function placed(messages: readonly OldMessage[], outer: OldMessage): OldMessage[] {
  const last = messages.at(-1)?.offset ?? 0;
  const isAppendTime = outer.magic === 1 && (outer.attributes & LOG_APPEND_TIME) > 0;
  return messages.map((message) => ({
    ...message,
    offset: outer.magic === 1 ? outer.offset - last + message.offset : message.offset,
    time: isAppendTime ? outer.time : message.time,
  }));
}

function oldMessage(input: Input, end: number) {
  const { buffer, at } = input;
  if (end > buffer.length || end - at <= MAGIC_AT) throw notWhole('one ends too early');
  if (crc32(buffer.subarray(at + MAGIC_AT, end)) !== buffer.readUInt32BE(at + CRC_AT)) {
    throw new BatchFault({ kind: 'wrong checksum' });
  }
  try {
    const offset = input.roundedInt64();
    input.at = at + MAGIC_AT;
    const [magic, attributes] = [input.int8(), input.int8()];
    const time = magic === 1 ? input.roundedInt64() : -1;
    const [key, value] = [input.longBytes(), input.longBytes()];
    if (input.at !== end) throw notWhole('one is longer or shorter than it says');
    return { magic, attributes, offset, time, key, value };
  } catch (error) {
    throw error instanceof BatchFault ? error : notWhole((error as Error).message);
  }
}

const notWhole = (cause: string): BatchFault =>
  new BatchFault({ kind: 'not records', compression: 'a message of an old format', cause });

function fetched({ magic, attributes, offset, time, key, value }: OldMessage): FetchedMessage {
  const timestamp = String(time);
  const timestampType = (attributes & LOG_APPEND_TIME) > 0 ? 1 : 0;
  const context = plainContext({ first: offset, last: offset }, { time: timestamp, timestampType, magicByte: magic });
  return new FetchedMessage({
    attributes,
    timestamp,
    offset: String(offset),
    key,
    value,
    headers: NO_HEADERS,
    context,
  });
}
