import type { KafkaMessage } from 'kafkajs';
import { Input } from '../wire/input.ts';

/** A header as it is on the wire. */
export interface RawHeader {
  readonly name: Buffer;
  readonly value: Buffer | null;
}

/** What stands before the records of a batch, as kafkajs hands it on. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly partitionLeaderEpoch: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly lastOffsetDelta: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly maxTimestamp: string;
  readonly timestampType: number;
  readonly magicByte: number;
}

/** A batch that could not be read, as one message. */
export interface Unreadable {
  /** Of the first record in it, in decimal; the message has the offset of the last, so that a reader goes on behind all. */
  readonly firstOffset: string;
  readonly reason: string;
}

interface Parts {
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: HeaderBytes;
  readonly context: BatchContext;
  /** Its value is then the whole batch, as it came. */
  readonly unreadable?: Unreadable;
}
interface HeaderBytes {
  readonly bytes: Buffer;
  readonly at: number;
  readonly end: number;
}

/** A message of kafkajs that reads its headers when asked. Those that end behind their record are left out. */
export class FetchedMessage {
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly batchContext: BatchContext;
  readonly unreadable: Unreadable | undefined;
  readonly #headers: Parts['headers'];

  constructor({ attributes, timestamp, offset, key, value, headers, context, unreadable }: Parts) {
    this.attributes = attributes;
    this.timestamp = timestamp;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.batchContext = context;
    this.unreadable = unreadable;
    this.#headers = headers;
  }

  get magicByte(): number {
    return this.batchContext.magicByte;
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  /** One that is there several times is a list, as kafkajs has it. */
  get headers(): NonNullable<KafkaMessage['headers']> {
    const headers: Record<string, Buffer | Buffer[] | undefined> = {};
    const { bytes, at: begin, end } = this.#headers;
    const input = new Input(bytes, begin);
    const count = input.varInt();
    for (let at = 0; at < count && input.at < end; at += 1) {
      const name = headerName(input, at, end);
      const value = input.bytes() as Buffer;
      if (input.at > end) break;
      if (name === NO_NAME) continue;
      const before = headers[name];
      // Not copied each time: a stranger may have written a hundred thousand of one name.
      if (Array.isArray(before)) before.push(value);
      else headers[name] = before === undefined ? value : [before, value];
    }
    return headers;
  }

  /** All of them in their order, also those of one name, with all their bytes. */
  get raw(): readonly RawHeader[] {
    const raw: RawHeader[] = [];
    const { bytes, at: begin, end } = this.#headers;
    const input = new Input(bytes, begin);
    const count = input.varInt();
    for (let at = 0; at < count && input.at < end; at += 1) {
      const [name, value] = [input.bytes() ?? NOTHING, input.bytes()];
      if (input.at > end) break;
      raw.push({ name, value });
    }
    return raw;
  }

  get texts(): Record<string, string> {
    const texts: Record<string, string> = {};
    const { bytes, at: begin, end } = this.#headers;
    const input = new Input(bytes, begin);
    const count = input.varInt();
    for (let at = 0; at < count && input.at < end; at += 1) {
      const name = headerName(input, at, end);
      const length = input.varInt();
      if (length < 0) continue;
      if (input.at + length > end) break;
      texts[name] = input.text(length);
    }
    return texts;
  }
}

interface Name {
  readonly text: string;
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);
/** Would change the object instead of being in it; it is left out, as it was by those who copied what kafkajs read. */
const NO_NAME = '__proto__';

/** The names of the headers read last, by position: nearly all records have the same ones in the same order. */
const lastNames: Name[] = [];
/** Positions above it are read without. */
const NAMES_KEPT = 32;

function headerName(input: Input, position: number, end: number): string {
  const length = input.varInt();
  if (length < 0 || input.at + length > end) {
    input.at = end + 1;
    return NO_NAME;
  }
  const last = lastNames[position];
  if (last !== undefined && isAt(input, last.bytes, length)) {
    input.at += length;
    return last.text;
  }
  const bytes = Buffer.from(input.buffer.subarray(input.at, input.at + length));
  const text = input.text(length);
  if (position < NAMES_KEPT) lastNames[position] = { text, bytes };
  return text;
}

function isAt({ buffer, at }: Input, bytes: Buffer, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let index = 0; index < length; index += 1) if (bytes[index] !== buffer[at + index]) return false;
  return true;
}

/** Why a message is a whole batch instead of a record; undefined when it is a record. */
export const unreadableOf = (message: KafkaMessage): Unreadable | undefined =>
  message instanceof FetchedMessage ? message.unreadable : undefined;

/** The headers of a message as text; of one that is there several times the last. */
export function headerTexts(message: KafkaMessage): Record<string, string> {
  if (message instanceof FetchedMessage) return message.texts;
  const texts: Record<string, string> = {};
  const { headers = {} } = message;
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) texts[name] = last.toString();
  }
  return texts;
}

/** The headers of a message with all their bytes. kafkajs reads names as text, and puts those of one name together. */
export function rawHeaders(message: KafkaMessage): readonly RawHeader[] {
  if (message instanceof FetchedMessage) return message.raw;
  return Object.entries(message.headers ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name: Buffer.from(name), value: toBytes(value) })),
  );
}

function toBytes(value: Buffer | string | null | undefined): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value) : (value ?? null);
}

/** For a record without any. */
export const NO_HEADERS = { bytes: Buffer.of(0), at: 0, end: 1 };

/** The context of what lies at these offsets without a producer or a transaction that is known. */
export const plainContext = (
  { first, last }: { readonly first: number; readonly last: number },
  format: Pick<BatchContext, 'timestampType' | 'magicByte'> & { readonly time: string },
): BatchContext => ({
  firstOffset: String(first),
  firstTimestamp: format.time,
  partitionLeaderEpoch: -1,
  inTransaction: false,
  isControlBatch: false,
  lastOffsetDelta: last - first,
  producerId: '-1',
  producerEpoch: -1,
  firstSequence: -1,
  maxTimestamp: format.time,
  timestampType: format.timestampType,
  magicByte: format.magicByte,
});
