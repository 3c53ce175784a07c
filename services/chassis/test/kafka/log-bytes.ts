import { crc32c } from '../../src/kafka/wire/crc32c.ts';

// What a broker sends of a log, byte by byte as the protocol describes it, by no encoder of a client.

export interface Batch {
  readonly base: number;
  readonly values: readonly string[];
  /** The lowest three bits of the attributes. */
  readonly compression?: number;
  readonly compress?: (records: Buffer) => Buffer;
  readonly transactional?: boolean;
  readonly control?: boolean;
  readonly producerId?: number;
  /** More than one less than there are records, where a compaction took the last ones. */
  readonly lastDelta?: number;
  readonly firstTime?: bigint;
  /** Instead of what the values make. */
  readonly records?: Buffer;
  readonly count?: number;
}

function varInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
const withLength = (bytes: Buffer): Buffer => Buffer.concat([varInt(bytes.length), bytes]);

/** A record without key and value, with so many headers `n` of one byte. */
export function manyHeaders(count: number): Buffer {
  const header = Buffer.concat([withLength(Buffer.from('n')), withLength(Buffer.from('v'))]);
  const head = [Buffer.of(0), varInt(0), varInt(0), varInt(-1), varInt(-1), varInt(count)];
  return withLength(Buffer.concat([...head, Buffer.alloc(count * header.length, header)]));
}

/** The records of a batch, as they are before compression. */
export function recordBytes(values: readonly string[], key?: Buffer, deltas: readonly number[] = []): Buffer {
  const records = values.map((value, at) => {
    const delta = deltas[at] ?? at;
    const keyBytes = key === undefined ? varInt(-1) : withLength(key);
    const parts = [Buffer.of(0), varInt(0), varInt(delta), keyBytes, withLength(Buffer.from(value)), varInt(0)];
    return withLength(Buffer.concat(parts));
  });
  return Buffer.concat(records);
}

export function batchBytes({ base, values, compression = 0, compress = (bytes) => bytes, ...more }: Batch): Buffer {
  const records = compress(more.records ?? recordBytes(values));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(base), 0);
  head.writeInt32BE(49 + records.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(compression | (more.transactional ? 0x10 : 0) | (more.control ? 0x30 : 0), 21);
  head.writeInt32BE(more.lastDelta ?? Math.max(0, values.length - 1), 23);
  head.writeBigInt64BE(more.firstTime ?? 1_795_245_361_446n, 27);
  head.writeBigInt64BE(1_795_245_361_446n, 35);
  head.writeBigInt64BE(BigInt(more.producerId ?? -1), 43);
  head.writeInt32BE(more.count ?? values.length, 57);
  return withChecksum(Buffer.concat([head, records]));
}

export function withChecksum(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** What ends a transaction. @param type 0: it is aborted; 1: it took place. */
export const marker = (base: number, producerId: number, type: 0 | 1): Buffer =>
  batchBytes({
    base,
    values: ['end'],
    control: true,
    producerId,
    records: recordBytes(['end'], Buffer.of(0, 0, 0, type)),
  });

interface Log {
  readonly entries: readonly Buffer[];
  readonly highWatermark: number;
  readonly aborted?: readonly { readonly producerId: number; readonly firstOffset: number }[];
}

/** A fetch response, version 11, with one partition: t/0. */
export function responseBytes({ entries, highWatermark, aborted = [] }: Log): Buffer {
  const log = Buffer.concat(entries);
  const head = Buffer.alloc(55);
  head.writeInt32BE(1, 10);
  head.writeInt16BE(1, 14);
  head.write('t', 16);
  head.writeInt32BE(1, 17);
  head.writeBigInt64BE(BigInt(highWatermark), 27);
  head.writeBigInt64BE(BigInt(highWatermark), 35);
  head.writeInt32BE(aborted.length, 51);
  const list = aborted.map(({ producerId, firstOffset }) => {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64BE(BigInt(producerId), 0);
    bytes.writeBigInt64BE(BigInt(firstOffset), 8);
    return bytes;
  });
  const tail = Buffer.alloc(8);
  tail.writeInt32BE(-1, 0);
  tail.writeInt32BE(log.length, 4);
  return Buffer.concat([head, ...list, tail, log]);
}
