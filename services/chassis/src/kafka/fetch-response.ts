import type { KafkaMessage } from 'kafkajs';
import type { RawHeader } from './record.ts';
import { Input, NotReadable } from './wire-input.ts';

/** A fetch response, version 11, as kafkajs decodes it. */
export interface FetchResponse {
  readonly throttleTime: number;
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly FetchedTopic[];
}
interface FetchedTopic {
  readonly topicName: string;
  readonly partitions: readonly FetchedPartition[];
}
interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly lastStartOffset: string;
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
  readonly preferredReadReplica: number;
  readonly messages: readonly FetchedMessage[];
}
interface BatchContext {
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

/** Of a record batch, from its first byte: where its magic byte is, and how long it is at least. */
const MAGIC_AT = 16;
const SMALLEST_BATCH = 49;
const MAGIC = 2;
/** No other replica is nearer than the one that answers. */
const NO_REPLICA = -1;
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/**
 * Decodes a fetch response to what the decoder of kafkajs makes of it, without the partitions that have nothing to say:
 * for each of them kafkajs would make a batch, hand it to a worker and look whether a heartbeat is due, and one record
 * comes with twenty of them. Undefined when it has something in it that this decoder leaves to that of kafkajs, errors among
 * it (compression, message sets of old brokers, numbers above 2^53, bytes that end early).
 *
 * https://kafka.apache.org/protocol#The_Messages_Fetch
 */
export function decodeFetch(bytes: Buffer): FetchResponse | undefined {
  try {
    const input = new Input(bytes);
    const clientSideThrottleTime = input.int32();
    const errorCode = input.int16();
    const sessionId = input.int32();
    const responses = many(input, fetchedTopic).filter(({ partitions }) => partitions.length > 0);
    return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
  } catch {
    return undefined;
  }
}

function many<Item>(input: Input, read: (input: Input) => Item): Item[] {
  const count = input.int32();
  const items: Item[] = [];
  for (let at = 0; at < count; at += 1) items.push(read(input));
  return items;
}

const fetchedTopic = (input: Input): FetchedTopic => ({
  topicName: input.string(),
  partitions: many(input, fetchedPartition).filter(hasSomething),
});

const hasSomething = ({ messages, errorCode, preferredReadReplica }: FetchedPartition): boolean =>
  messages.length > 0 || errorCode !== 0 || preferredReadReplica !== NO_REPLICA;

const fetchedPartition = (input: Input): FetchedPartition => ({
  partition: input.int32(),
  errorCode: input.int16(),
  highWatermark: String(input.int64()),
  lastStableOffset: String(input.int64()),
  lastStartOffset: String(input.int64()),
  abortedTransactions: many(input, abortedTransaction),
  preferredReadReplica: input.int32(),
  messages: messages(input),
});

const abortedTransaction = (input: Input) => ({
  producerId: String(input.int64()),
  firstOffset: String(input.int64()),
});

/** Of whole record batches. The broker may cut the last one off; it comes again. */
function messages(input: Input): FetchedMessage[] {
  const size = input.int32();
  const found: FetchedMessage[] = [];
  if (size <= 0) return found;
  if (size > input.left) throw new NotReadable('a response that ends too early');
  const end = input.at + size;
  if (input.buffer[input.at + MAGIC_AT] !== MAGIC) throw new NotReadable('a message set');
  while (end - input.at >= SMALLEST_BATCH && readBatch(input, end, found));
  input.at = end;
  return found;
}

/** Reads a batch into `found`, when all of it is there. @see https://kafka.apache.org/documentation/#recordbatch */
function readBatch(input: Input, end: number, found: FetchedMessage[]): boolean {
  const base = input.int64();
  const length = input.int32();
  const next = input.at + length;
  if (next > end) return false;
  const partitionLeaderEpoch = input.int32();
  // The magic byte, and a checksum that kafkajs does not look at either.
  input.at += 5;
  const attributes = input.int16();
  if ((attributes & COMPRESSION) !== 0) throw new NotReadable('a compressed batch');
  const lastOffsetDelta = input.int32();
  const firstTime = input.int64();
  const context: BatchContext = {
    firstOffset: String(base),
    firstTimestamp: String(firstTime),
    partitionLeaderEpoch,
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: (attributes & CONTROL) > 0,
    lastOffsetDelta,
    maxTimestamp: String(input.int64()),
    producerId: String(input.int64()),
    producerEpoch: input.int16(),
    firstSequence: input.int32(),
    timestampType: (attributes & LOG_APPEND_TIME) > 0 ? 1 : 0,
    magicByte: MAGIC,
  };
  const count = input.int32();
  for (let at = 0; at < count; at += 1) found.push(record(input, { base, firstTime, context }));
  input.at = next;
  return true;
}

interface InBatch {
  readonly base: number;
  readonly firstTime: number;
  readonly context: BatchContext;
}

/** @see https://kafka.apache.org/documentation/#record */
function record(input: Input, { base, firstTime, context }: InBatch): FetchedMessage {
  const end = input.varInt() + input.at;
  const attributes = input.int8();
  const time = firstTime + input.varLong();
  const offset = base + input.varInt();
  const timestamp = context.timestampType === 1 ? context.maxTimestamp : String(time);
  const key = input.bytes();
  const value = input.bytes();
  const headers = { bytes: input.buffer, at: input.at };
  input.at = end;
  return new FetchedMessage({ attributes, timestamp, offset: String(offset), key, value, headers, context });
}

interface Parts {
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: { readonly bytes: Buffer; readonly at: number };
  readonly context: BatchContext;
}

/** A message of kafkajs, whose headers are read when they are asked for, and as text at once where that is wanted. */
class FetchedMessage {
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly batchContext: BatchContext;
  readonly #headers: Parts['headers'];

  constructor({ attributes, timestamp, offset, key, value, headers, context }: Parts) {
    this.attributes = attributes;
    this.timestamp = timestamp;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.batchContext = context;
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
    const input = new Input(this.#headers.bytes, this.#headers.at);
    const count = input.varInt();
    for (let at = 0; at < count; at += 1) {
      const name = headerName(input, at);
      const value = input.bytes() as Buffer;
      if (name === NO_NAME) continue;
      const before = headers[name];
      headers[name] = before === undefined ? value : [before, value].flat();
    }
    return headers;
  }

  get raw(): RawHeader[] {
    const input = new Input(this.#headers.bytes, this.#headers.at);
    return Array.from({ length: input.varInt() }, () => {
      return { name: input.bytes() ?? Buffer.alloc(0), value: input.bytes() };
    });
  }

  get texts(): Record<string, string> {
    const texts: Record<string, string> = {};
    const input = new Input(this.#headers.bytes, this.#headers.at);
    const count = input.varInt();
    for (let at = 0; at < count; at += 1) {
      const name = headerName(input, at);
      const length = input.varInt();
      if (length >= 0) texts[name] = input.text(length);
    }
    return texts;
  }
}

interface Name {
  readonly text: string;
  readonly bytes: Buffer;
}

/** Would change the object instead of being in it; it is left out, as it was by those who copied what kafkajs read. */
const NO_NAME = '__proto__';

/** The names of the headers read last, by position: nearly all records have the same ones in the same order. */
const lastNames: Name[] = [];
/** Positions above it are read without. */
const NAMES_KEPT = 32;

function headerName(input: Input, position: number): string {
  const length = input.varInt();
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
