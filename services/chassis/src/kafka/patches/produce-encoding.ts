import { createRequire } from 'node:module';
import { type Bytes, type Encoded, Output, sizeWithLength, varIntSize } from '../wire/output.ts';

interface Message {
  readonly key?: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
  readonly timestamp?: string;
}
interface PartitionData {
  readonly partition: number;
  readonly firstSequence: number;
  readonly messages: readonly Message[];
}
interface TopicData {
  readonly topic: string;
  readonly partitions: readonly PartitionData[];
}
export interface ProduceArguments {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId: { toString(): string };
  readonly producerEpoch: number;
  readonly compression?: number;
  readonly topicData: readonly TopicData[];
}
interface ProduceProtocol {
  protocol(choice: { version: number }): (args: ProduceArguments) => {
    readonly request: { encode(): Promise<Encoded> };
    readonly response: unknown;
  };
}

const require = createRequire(import.meta.url);
const produce = require('kafkajs/src/protocol/requests/produce') as ProduceProtocol;
const kafkajsProtocol = produce.protocol;

/**
 * Only fast: the same bytes, written once into one buffer of the right size. With its object and its buffer for each
 * header, kafkajs 2.2.4 spends 47 µs of CPU on a record instead of 15. That is more than all else a relay does.
 * Compression, transactions, timestamps and repeated headers are left to kafkajs.
 */
export function speedUpProduceEncoding(): void {
  produce.protocol = (choice) => {
    const make = kafkajsProtocol(choice);
    return (args) => {
      const made = make(args);
      if (!isPlain(args)) return made;
      return { ...made, request: { ...made.request, encode: async () => encodeProduce(args) } };
    };
  };
}

function isPlain({ compression, transactionalId, topicData }: ProduceArguments): boolean {
  return !compression && !transactionalId && topicData.every((topic) => topic.partitions.every(hasPlainMessages));
}

function hasPlainMessages({ messages }: PartitionData): boolean {
  return messages.every(({ key, value, headers = {}, timestamp }) => {
    return timestamp === undefined && isBytes(key) && isBytes(value) && Object.values(headers).every(isText);
  });
}

const isText = (value: unknown): boolean => typeof value === 'string' || Buffer.isBuffer(value);
const isBytes = (value: unknown): boolean => value === null || value === undefined || isText(value);

/** Produce request, versions 3 to 7: https://kafka.apache.org/protocol#The_Messages_Produce */
export function encodeProduce({ acks, timeout, topicData, ...producer }: ProduceArguments): Encoded {
  const batches = topicData.map(({ partitions }) => partitions.map(({ messages }) => sizesOf(messages)));
  const out = new Output(requestSize(topicData, batches.flat()));
  out.int16(-1);
  out.int16(acks);
  out.int32(timeout);
  out.int32(topicData.length);
  for (const [t, { topic, partitions }] of topicData.entries()) {
    out.string(topic);
    out.int32(partitions.length);
    for (const [p, data] of partitions.entries()) {
      out.int32(data.partition);
      writeBatch(out, data, { ...producer, sizes: batches[t]?.[p] as BatchSizes });
    }
  }
  return out.encoded;
}

interface BatchSizes {
  /** Of each record, without its length prefix. */
  readonly records: readonly number[];
  /** Of the whole record batch, its offset and length included. */
  readonly total: number;
}

const BATCH_HEADER = 61;
/** Of the batch's length field: what stands before and in it. */
const BEFORE_LENGTH = 12;
/** Attributes and timestamp delta, both 0. */
const RECORD_START = 2;

function sizesOf(messages: readonly Message[]): BatchSizes {
  const records = messages.map(recordSize);
  return { records, total: records.reduce((sum, size) => sum + varIntSize(size) + size, BATCH_HEADER) };
}

function requestSize(topicData: readonly TopicData[], batches: readonly BatchSizes[]): number {
  const topics = topicData.reduce((sum, { topic }) => sum + 2 + Buffer.byteLength(topic) + 4, 12);
  return batches.reduce((sum, { total }) => sum + 8 + total, topics);
}

function recordSize({ key, value, headers }: Message, position: number): number {
  let size = RECORD_START + varIntSize(position) + sizeWithLength(key) + sizeWithLength(value);
  let count = 0;
  for (const name in headers) {
    size += sizeWithLength(name) + sizeWithLength(headers[name]);
    count += 1;
  }
  return size + varIntSize(count);
}

/** Record batch, magic 2: https://kafka.apache.org/documentation/#recordbatch */
function writeBatch(
  out: Output,
  { messages, firstSequence }: PartitionData,
  { producerId, producerEpoch, sizes }: Pick<ProduceArguments, 'producerId' | 'producerEpoch'> & { sizes: BatchSizes },
): void {
  const now = BigInt(Date.now());
  out.int32(sizes.total);
  out.int64(0n);
  out.int32(sizes.total - BEFORE_LENGTH);
  out.int32(0);
  out.int8(2);
  out.checksum(() => {
    out.int16(0);
    out.int32(messages.length - 1);
    out.int64(now);
    out.int64(now);
    out.int64(BigInt(producerId.toString()));
    out.int16(producerEpoch);
    out.int32(firstSequence);
    out.int32(messages.length);
    for (const [position, message] of messages.entries()) {
      out.varInt(sizes.records[position] as number);
      writeRecord(out, message, position);
    }
  });
}

function writeRecord(out: Output, { key, value, headers = {} }: Message, position: number): void {
  out.int8(0);
  out.int8(0);
  out.varInt(position);
  out.withLength(key);
  out.withLength(value);
  const names = Object.keys(headers);
  out.varInt(names.length);
  for (const name of names) {
    out.withLength(name);
    out.withLength(headers[name]);
  }
}
