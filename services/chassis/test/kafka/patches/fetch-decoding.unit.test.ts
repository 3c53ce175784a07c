import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { headerTexts, rawHeaders } from '../../../src/kafka/batches/fetched-message.ts';
import { readEveryBatch } from '../../../src/kafka/patches/fetch-decoding.ts';
import type { FetchProtocol } from '../../../src/kafka/patches/fetch-protocol.ts';
import { decodeFetch, type FetchResponse } from '../../../src/kafka/patches/fetch-response.ts';

interface Kafkajs {
  response: { decode(bytes: Buffer): Promise<FetchResponse> };
}
interface Encoder {
  readonly buffer: Buffer;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: bigint): Encoder;
  writeString(value: string): Encoder;
  writeBytes(value: Buffer): Encoder;
}
const require = createRequire(import.meta.url);
const kafkajs: Kafkajs = {
  response: require('kafkajs/src/protocol/requests/fetch/v11/response'),
};
const fetch = require('kafkajs/src/protocol/requests/fetch') as FetchProtocol;
const encoder = (): Encoder => new (require('kafkajs/src/protocol/encoder') as new () => Encoder)();
const recordBatch = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch(parts: object): Promise<Encoder>;
};
const recordOf = require('kafkajs/src/protocol/recordBatch/record/v0') as (parts: object) => Encoder;

const topicName = fc.string({ minLength: 1, maxLength: 30 });
const offset = fc.bigInt({ min: 0n, max: 2n ** 52n });

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const header = fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 }));
const record = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    fc.string({ unit: 'grapheme', maxLength: 20 }).filter((name) => name !== '__proto__'),
    header,
    { maxKeys: 14 },
  ),
  delta: fc.nat(2 ** 31 - 1),
});
type Row = {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: object;
  readonly delta: number;
};

interface Rows {
  readonly firstOffset: bigint;
  readonly firstTimestamp: number;
  readonly transactional: boolean;
  readonly records: readonly Row[];
}
const batch: fc.Arbitrary<Rows> = fc.record({
  firstOffset: offset,
  firstTimestamp: fc.nat(2 ** 41),
  transactional: fc.boolean(),
  records: fc.array(record, { maxLength: 20 }),
});
const partition = fc.record({
  partition: fc.nat(100),
  errorCode: fc.constantFrom(0, 1, 6),
  highWatermark: offset,
  preferred: fc.constantFrom(-1, -1, 2),
  // Never the producer of the batches: kafkajs leaves out what was aborted later on, ours at once.
  aborted: fc.array(fc.record({ producerId: offset.filter((id) => id !== 7n), firstOffset: offset }), { maxLength: 2 }),
  batches: fc.array(batch, { maxLength: 3 }),
  /** Bytes that the broker cut off, of what there is. */
  cut: fc.nat(80),
});
const response = fc.array(fc.record({ topic: topicName, partitions: fc.array(partition, { maxLength: 3 }) }), {
  maxLength: 3,
});
type Partition = typeof partition extends fc.Arbitrary<infer P> ? P : never;
type Response = typeof response extends fc.Arbitrary<infer R> ? R : never;

async function batchBytes({ firstOffset, firstTimestamp, transactional, records }: Rows): Promise<Buffer> {
  const encoded = await recordBatch.RecordBatch({
    firstTimestamp,
    maxTimestamp: firstTimestamp,
    transactional,
    producerId: '7',
    producerEpoch: 1,
    firstSequence: 3,
    partitionLeaderEpoch: 4,
    lastOffsetDelta: Math.max(0, records.length - 1),
    records: records.map(({ delta, ...row }, offsetDelta) => recordOf({ ...row, offsetDelta, timestampDelta: delta })),
  });
  const raw = Buffer.from(encoded.buffer);
  raw.writeBigInt64BE(firstOffset);
  return raw;
}

async function recordSet({ batches, cut }: Partition): Promise<Buffer> {
  const whole = Buffer.concat(await Promise.all(batches.map(batchBytes)));
  return cut < whole.length - 20 ? whole.subarray(0, whole.length - cut) : whole;
}

async function responseBytes(topics: Response): Promise<Buffer> {
  const out = encoder().writeInt32(0).writeInt16(0).writeInt32(0).writeInt32(topics.length);
  for (const { topic, partitions } of topics) {
    out.writeString(topic).writeInt32(partitions.length);
    for (const { partition: number, errorCode, highWatermark, preferred, aborted, ...rest } of partitions) {
      out.writeInt32(number).writeInt16(errorCode);
      out.writeInt64(highWatermark).writeInt64(highWatermark).writeInt64(0n);
      out.writeInt32(aborted.length);
      for (const { producerId, firstOffset } of aborted) out.writeInt64(producerId).writeInt64(firstOffset);
      out.writeInt32(preferred).writeBytes(await recordSet(rest as Partition));
    }
  }
  return out.buffer;
}

/** Ours stands for the offsets of a batch that holds nothing any more; with kafkajs a reader stays before it for ever. */
const isThere = ({ isControlRecord, key }: { isControlRecord: boolean; key: Buffer | null }) =>
  !(isControlRecord && key === null);

/** With all that a message says of itself, which of ours is partly behind getters. */
const spread = ({ responses, ...of }: FetchResponse) => ({
  ...of,
  responses: responses.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ messages, ...rest }) => ({
      ...rest,
      abortedTransactions: [],
      messages: messages.filter(isThere).map((message) => {
        const {
          magicByte,
          attributes,
          timestamp,
          offset: at,
          key,
          value,
          headers,
          isControlRecord,
          batchContext,
        } = message;
        return { magicByte, attributes, timestamp, offset: at, key, value, headers, isControlRecord, batchContext };
      }),
    })),
  })),
});

const withoutEmpty = ({ responses, ...of }: ReturnType<typeof spread>): ReturnType<typeof spread> => ({
  ...of,
  responses: responses
    .map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.filter(
        (of) => of.messages.length > 0 || of.errorCode !== 0 || of.preferredReadReplica !== -1,
      ),
    }))
    .filter(({ partitions }) => partitions.length > 0),
});

const oneRecord = (row: Partial<Row>, more: Partial<Rows> = {}, highWatermark = 1n): Response => [
  {
    topic: 't',
    partitions: [
      {
        partition: 0,
        errorCode: 0,
        highWatermark,
        preferred: -1,
        aborted: [],
        cut: 0,
        batches: [
          {
            firstOffset: 5n,
            firstTimestamp: 1_795_245_361_446,
            transactional: false,
            records: [{ key: null, value: Buffer.from('v'), headers: {}, delta: 0, ...row }],
            ...more,
          },
        ],
      },
    ],
  },
];

describe('the decoder of fetch responses', () => {
  it('makes of any response what kafkajs makes of it, less the partitions that have nothing to say', async () => {
    await fc.assert(
      fc.asyncProperty(response, async (topics) => {
        const raw = await responseBytes(topics);
        const ours = decodeFetch(raw);
        expect(ours).toBeDefined();
        expect(withoutEmpty(spread(ours as FetchResponse))).toEqual(
          withoutEmpty(spread(await kafkajs.response.decode(raw))),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('leaves to kafkajs what it does not know: offsets above 2^53, a response that ends too early', async () => {
    const raw = await responseBytes(oneRecord({}));
    expect(decodeFetch(raw)).toBeDefined();
    expect(decodeFetch(await responseBytes(oneRecord({}, { firstOffset: 2n ** 53n }, 2n ** 54n)))).toBeUndefined();
    for (const length of [3, 12, 40, raw.length - 1]) expect(decodeFetch(raw.subarray(0, length))).toBeUndefined();
  });

  it('reads headers as text, of one that is there several times the last', async () => {
    const headers = { ce_id: Buffer.from('1'), twice: [Buffer.from('a'), Buffer.from('ü')] };
    const raw = await responseBytes(oneRecord({ headers }));
    const texts = { ce_id: '1', twice: 'ü' };
    const messageOf = (of: FetchResponse | undefined) =>
      of?.responses[0]?.partitions[0]?.messages[0] as unknown as KafkaMessage;
    expect(headerTexts(messageOf(decodeFetch(raw)))).toEqual(texts);
    expect(headerTexts(messageOf(await kafkajs.response.decode(raw)))).toEqual(texts);
  });

  it('has every byte of the headers at hand, of one that is there several times each', async () => {
    const headers = { raw: Buffer.of(0xff, 0), twice: [Buffer.from('a'), Buffer.from('b')], '\u0000': Buffer.of() };
    const raw = await responseBytes(oneRecord({ headers }));
    const messageOf = (of: FetchResponse | undefined) =>
      of?.responses[0]?.partitions[0]?.messages[0] as unknown as KafkaMessage;
    const header = (name: string, value: Buffer) => ({ name: Buffer.from(name), value });
    const expected = [
      header('raw', Buffer.of(0xff, 0)),
      header('twice', Buffer.from('a')),
      header('twice', Buffer.from('b')),
      header('\u0000', Buffer.of()),
    ];
    expect(rawHeaders(messageOf(decodeFetch(raw)))).toEqual(expected);
    expect(rawHeaders(messageOf(await kafkajs.response.decode(raw)))).toEqual(expected);
  });

  it('leaves a header out that would become the prototype of the others', async () => {
    const raw = await responseBytes(oneRecord({ headers: JSON.parse('{"__proto__":"x","a":"1"}') as object }));
    const message = decodeFetch(raw)?.responses[0]?.partitions[0]?.messages[0] as unknown as KafkaMessage;
    expect(Object.keys(message.headers ?? {})).toEqual(['a']);
    expect(headerTexts(message)).toEqual({ a: '1' });
    expect(Object.getPrototypeOf(message.headers)).toBe(Object.getPrototypeOf({ a: 1 }));
  });

  it('is the one that a consumer uses, and kafkajs decodes the rest', async () => {
    readEveryBatch();
    const { response: decoder } = fetch.protocol({ version: 11 })({
      maxWaitTime: 1,
      minBytes: 1,
      maxBytes: 9,
      topics: [],
    });
    const decode = async (raw: Buffer) => (await decoder.decode(raw)) as FetchResponse;
    const known = await decode(await responseBytes(oneRecord({})));
    expect(known.responses[0]?.partitions[0]?.messages[0]?.constructor.name).toBe('FetchedMessage');
    const unknown = await decode(await responseBytes(oneRecord({}, { firstOffset: 2n ** 53n }, 2n ** 54n)));
    expect(unknown.responses[0]?.partitions[0]?.messages[0]?.offset).toBe(String(2n ** 53n));
  });
});
