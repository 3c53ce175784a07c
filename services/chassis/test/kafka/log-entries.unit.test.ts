import { createRequire } from 'node:module';
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FetchedMessage } from '../../src/kafka/batches/fetched-message.ts';
import { MOST_BYTES } from '../../src/kafka/compression/bounded.ts';
import { decodeFetch } from '../../src/kafka/patches/fetch-response.ts';
import { JAVA_GZIP, JAVA_LZ4, JAVA_SNAPPY, JAVA_ZSTD, LZ4_LINKED, VALUES } from './compressed-bytes.ts';
import { type Batch, batchBytes, manyHeaders, marker, recordBytes, responseBytes, withChecksum } from './log-bytes.ts';

const END = 1_000;
type Aborted = NonNullable<Parameters<typeof responseBytes>[0]['aborted']>;

function messagesOf(entries: readonly Buffer[], aborted: Aborted = [], from?: number): readonly FetchedMessage[] {
  const asked = from === undefined ? [] : [{ topic: 't', partitions: [{ partition: 0, fetchOffset: String(from) }] }];
  const decoded = decodeFetch(responseBytes({ entries, highWatermark: END, aborted }), asked);
  expect(decoded).toBeDefined();
  return decoded?.responses[0]?.partitions[0]?.messages ?? [];
}
const handed = (messages: readonly FetchedMessage[]) => messages.filter(({ isControlRecord }) => !isControlRecord);
const told = (messages: readonly FetchedMessage[]) =>
  handed(messages).map(
    ({ offset, value, unreadable }) => `${offset} ${unreadable === undefined ? value : 'unreadable'}`,
  );
const lastOf = (messages: readonly FetchedMessage[]) => Number(messages.at(-1)?.offset);

const before = batchBytes({ base: 10, values: ['a', 'b'] });
const behind = batchBytes({ base: 60, values: ['y', 'z'] });
const between = (over: Partial<Batch>) => batchBytes({ base: 12, values: VALUES, lastDelta: 47, ...over });

describe('a compressed batch', () => {
  it.each([
    ['gzip', 1, JAVA_GZIP],
    ['snappy', 2, JAVA_SNAPPY],
    ['snappy without blocks', 2, JAVA_SNAPPY.subarray(20)],
    ['lz4', 3, JAVA_LZ4],
    ['lz4 with blocks that refer to each other', 3, LZ4_LINKED],
    ['zstd', 4, JAVA_ZSTD],
  ])('of a Java client is read, among others: %s', (_, compression, records) => {
    const messages = messagesOf([before, between({ compression, records }), behind]);
    const all = ['10 a', '11 b', ...VALUES.map((value, at) => `${12 + at} ${value}`), '60 y', '61 z'];
    expect(told(messages)).toEqual(all);
  });

  it('that grows beyond what one response may is left for the next fetch, and the first one never is', () => {
    const records = gzipSync(recordBytes([' '.repeat(MOST_BYTES - 100)]));
    const large = (base: number) => batchBytes({ base, values: ['one'], compression: 1, records });
    const messages = messagesOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(large));
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThan(10);
    expect(messagesOf([large(messages.length)])).toHaveLength(1);
  });
});

it('no response of bombs holds the process up: most of them are left for the next fetches, and each is told', () => {
  const records = gzipSync(recordBytes([' '.repeat(MOST_BYTES)]));
  const bomb = (base: number) => batchBytes({ base, values: ['one'], compression: 1, records });
  const bombs = Array.from({ length: 60 }, (_, at) => bomb(at));
  const messages = messagesOf(bombs);
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.length).toBeLessThan(10);
  expect(told(messagesOf(bombs.slice(messages.length), [], messages.length))[0]).toBe(`${messages.length} unreadable`);
});

it('a hundred thousand headers of one name are read in the time of their bytes', () => {
  const [message] = messagesOf([batchBytes({ base: 0, values: ['one'], records: manyHeaders(200_000) })]);
  const startedAt = performance.now();
  expect(message?.headers.n).toHaveLength(200_000);
  expect(message?.raw).toHaveLength(200_000);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

describe('a batch that cannot be read', () => {
  const bomb = gzipSync(recordBytes([' '.repeat(MOST_BYTES)]));
  const wrongSum = between({});
  wrongSum.writeUInt8(wrongSum.readUInt8(90) ^ 1, 90);
  const faults: readonly (readonly [string, Buffer, string])[] = [
    ['compressed in a way that nobody knows', between({ compression: 5 }), 'in a way that nobody knows (5)'],
    ['compressed in the last way that nobody knows', between({ compression: 7 }), 'with gzip, snappy, lz4 or zstd'],
    ['that is not what it says', between({ compression: 4, records: JAVA_GZIP }), 'compressed with zstd, and does not'],
    ['cut off', between({ compression: 3, records: JAVA_LZ4.subarray(0, 99) }), 'compressed with lz4, and does not'],
    ['that is a bomb', between({ compression: 1, records: bomb, count: 1 }), 'holds more than 16 MiB'],
    [
      'of too many records',
      between({ compression: 1, records: bomb, count: 9_999_999 }),
      'smaller batches (batch.size)',
    ],
    ['whose checksum is wrong', wrongSum, 'not those that were written (CRC)'],
    ['that says it holds more', between({ count: 41 }), 'do not parse'],
    ['that says it holds less', between({ count: 39 }), 'it says that it holds 39'],
    ['that says it holds less than nothing', between({ count: -1 }), 'do not parse'],
    [
      'whose first record lies before it',
      between({ records: recordBytes(['x', 'y'], undefined, [-1, 1]), count: 2 }),
      'offset',
    ],
    [
      'whose last record lies behind it',
      between({ records: recordBytes(['x', 'y'], undefined, [0, 48]), count: 2 }),
      'offset',
    ],
    [
      'whose records have one offset',
      between({ records: recordBytes(['x', 'y'], undefined, [3, 3]), count: 2 }),
      'offset',
    ],
    ['whose records are none', between({ records: Buffer.from('anything but records') }), 'do not parse'],
  ];
  it.each(faults)('is set aside as one record, and its neighbours are read: %s', (_, batch, reason) => {
    const messages = messagesOf([before, batch, behind]);
    expect(told(messages)).toEqual(['10 a', '11 b', '59 unreadable', '60 y', '61 z']);
    const [set] = messages.filter(({ unreadable }) => unreadable !== undefined);
    expect(set?.unreadable?.firstOffset).toBe('12');
    expect(set?.offset).toBe('59');
    expect(set?.unreadable?.reason).toContain('The batch of records at the offsets 12 to 59 cannot be read: ');
    expect(set?.unreadable?.reason).toContain(reason);
    expect(set?.unreadable?.reason).toMatch(/(write these records again|again in smaller)/);
    expect(set?.value?.equals(batch)).toBe(true);
    expect(String(set?.headers['content-type'])).toBe('application/vnd.kafka.record-batch');
  });

  it('is passed as far as it reaches, also when nothing lies behind it', () => {
    expect(lastOf(messagesOf([between({ compression: 5 })]))).toBe(59);
    expect(lastOf(messagesOf([before, wrongSum]))).toBe(59);
  });

  it('with a wrong checksum reaches no further than to its neighbour, and never behind the end of the log', () => {
    const liar = Buffer.from(wrongSum);
    liar.writeInt32BE(2_000_000_000, 23);
    expect(told(messagesOf([before, liar, behind]))).toEqual(['10 a', '11 b', '59 unreadable', '60 y', '61 z']);
    expect(lastOf(messagesOf([before, liar]))).toBe(12);
  });

  it('is set aside as well, and as the same record, when it was asked for in its middle', () => {
    expect(told(messagesOf([between({ compression: 5 })], [], 20))).toEqual(['59 unreadable']);
    expect(told(messagesOf([between({ compression: 5 })], [], 59))).toEqual(['59 unreadable']);
  });

  it('of a format that nobody knows is set aside as well', () => {
    const batch = between({});
    batch.writeInt8(9, 16);
    const [set] = messagesOf([batch, behind]);
    expect(set?.unreadable?.reason).toContain('of a format that nobody knows (magic byte 9)');
  });

  it('is found in any damage behind its length: nothing is thrown, and no neighbour is lost', () => {
    const batches = [
      between({}),
      between({ compression: 1, records: JAVA_GZIP }),
      between({ compression: 2, records: JAVA_SNAPPY }),
      between({ compression: 3, records: JAVA_LZ4 }),
      between({ compression: 4, records: JAVA_ZSTD }),
    ];
    const damage = fc.array(fc.tuple(fc.nat(10_000), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...batches), damage, fc.boolean(), (batch, flips, isSumRight) => {
        const damaged = Buffer.from(batch);
        for (const [place, flip] of flips) {
          const at = 12 + (place % (damaged.length - 12));
          damaged[at] = (damaged[at] as number) ^ flip;
        }
        // With a right checksum what stands before the records is believed: only they are damaged then.
        if (isSumRight) batch.copy(damaged, 0, 0, 61);
        const messages = messagesOf([before, isSumRight ? withChecksum(damaged) : damaged, behind]);
        const texts = told(messages);
        expect(texts.slice(0, 2)).toEqual(['10 a', '11 b']);
        expect(texts.slice(-2)).toEqual(['60 y', '61 z']);
        for (const message of handed(messages)) expect(Object.keys(message.texts).length).toBeLessThan(10_000);
      }),
      { numRuns: 400 },
    );
  });

  it('never makes a reader throw, nor pass the end of the log, wherever the bytes of a log are damaged', () => {
    const entries = [before, between({ compression: 1, records: JAVA_GZIP }), behind];
    const whole = Buffer.concat(entries);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] as number) ^ flip;
        const messages = messagesOf([damaged], [], 10);
        const set = messages.filter(({ unreadable }) => unreadable !== undefined);
        for (const { offset } of set) expect(Number(offset)).toBeLessThan(END);
      }),
      { numRuns: 400 },
    );
  });
});

describe('offsets without a record', () => {
  it('at the end of a batch, which a compaction took away, are passed', () => {
    const messages = messagesOf([batchBytes({ base: 5, values: ['a'], lastDelta: 9 })]);
    expect(told(messages)).toEqual(['5 a']);
    expect(lastOf(messages)).toBe(14);
  });

  it('of a batch that is empty are passed, compressed or not', () => {
    for (const compression of [0, 4]) {
      const messages = messagesOf([batchBytes({ base: 5, values: [], lastDelta: 3, compression })]);
      expect(told(messages)).toEqual([]);
      expect(lastOf(messages)).toBe(8);
    }
  });
});

describe('a transaction', () => {
  const of = (base: number, producerId: number, ...values: string[]) =>
    batchBytes({ base, values, producerId, transactional: true });

  it('that was aborted leaves no record to be handled, and its offsets are passed', () => {
    const messages = messagesOf([of(0, 7, 'a', 'b'), marker(2, 7, 0)], [{ producerId: 7, firstOffset: 0 }]);
    expect(told(messages)).toEqual([]);
    expect(lastOf(messages)).toBe(2);
  });

  it('that took place is read, also behind an aborted one of the same producer, and between others', () => {
    const entries = [
      of(0, 7, 'gone'),
      batchBytes({ base: 1, values: ['plain'], producerId: 7 }),
      of(2, 8, 'other'),
      marker(3, 7, 0),
      of(4, 7, 'kept'),
      marker(5, 7, 1),
      marker(6, 8, 1),
    ];
    const messages = messagesOf(entries, [{ producerId: 7, firstOffset: 0 }]);
    expect(told(messages)).toEqual(['1 plain', '2 other', '4 kept']);
    expect(lastOf(messages)).toBe(6);
  });

  it('is left out when several overlap, whose beginnings lie before what was fetched', () => {
    const aborted = [
      { producerId: 8, firstOffset: 2 },
      { producerId: 7, firstOffset: 1 },
    ];
    const entries = [of(5, 8, 'gone'), marker(6, 8, 0), marker(7, 7, 0), of(8, 8, 'kept'), of(9, 7, 'kept too')];
    expect(told(messagesOf(entries, aborted))).toEqual(['8 kept', '9 kept too']);
  });

  it('that was aborted and cannot be read is left out as well', () => {
    const batch = batchBytes({ base: 0, values: ['a'], producerId: 7, transactional: true, compression: 6 });
    expect(told(messagesOf([batch, marker(1, 7, 0)], [{ producerId: 7, firstOffset: 0 }]))).toEqual([]);
  });

  it('does not end with a record whose key looks like the end of one', () => {
    const like = batchBytes({
      base: 0,
      values: ['a', 'b'],
      producerId: 7,
      transactional: true,
      records: recordBytes(['a', 'b'], Buffer.alloc(4)),
    });
    const entries = [like, of(2, 7, 'c'), marker(3, 7, 0)];
    expect(told(messagesOf(entries, [{ producerId: 7, firstOffset: 0 }]))).toEqual([]);
  });
});

describe('a record with a time that no clock shows', () => {
  it('is read, with what comes near to it', () => {
    const messages = messagesOf([batchBytes({ base: 0, values: ['a'], firstTime: -(2n ** 62n) }), behind]);
    expect(told(messages)).toEqual(['0 a', '60 y', '61 z']);
    expect(Number(messages[0]?.timestamp)).toBe(-(2 ** 62));
  });
});

describe('messages of the formats before record batches', () => {
  const encode = createRequire(import.meta.url)('kafkajs/src/protocol/messageSet') as (parts: object) => {
    readonly buffer: Buffer;
  };
  const set = (messageVersion: number, values: readonly string[]) =>
    Buffer.concat(
      values.map((value, at) => {
        const entries = [{ key: 'k', value, timestamp: 5 + at }];
        const { buffer } = encode({ messageVersion, compression: 0, entries });
        const bytes = Buffer.from(buffer);
        bytes.writeBigInt64BE(BigInt(at));
        return bytes;
      }),
    );
  /** A message with a compressed set in it, as a broker of that time kept it. */
  function wrapped(magic: number, offset: number, inner: Buffer, bits = 1): Buffer {
    const [head, time, lengths] = [Buffer.alloc(18), Buffer.alloc(magic === 1 ? 8 : 0), Buffer.alloc(8)];
    head.writeBigInt64BE(BigInt(offset));
    head.writeInt8(magic, 16);
    head.writeInt8(bits, 17);
    lengths.writeInt32BE(-1, 0);
    lengths.writeInt32BE(inner.length, 4);
    const message = Buffer.concat([head, time, lengths, inner]);
    message.writeInt32BE(message.length - 12, 8);
    message.writeUInt32BE(crc32(message.subarray(16)), 12);
    return message;
  }

  it.each([0, 1])('are read, plain and compressed: format %i', (magic) => {
    expect(told(messagesOf([set(magic, ['a', 'b'])]))).toEqual(['0 a', '1 b']);
    const inner = set(magic, ['a', 'b', 'c']);
    const offsets = magic === 1 ? ['10 a', '11 b', '12 c'] : ['0 a', '1 b', '2 c'];
    expect(told(messagesOf([wrapped(magic, 12, gzipSync(inner)), behind]))).toEqual([...offsets, '60 y', '61 z']);
  });

  it.each([0, 1])('are set aside when they cannot be read, and those behind them are read: format %i', (magic) => {
    const broken = [wrapped(magic, 12, Buffer.from('none')), wrapped(magic, 13, gzipSync(Buffer.from('no messages')))];
    broken.push(wrapped(magic, 14, set(magic, ['a']), 6));
    const damaged = set(magic, ['a', 'b']);
    damaged.writeInt8(99, damaged.length - 1);
    const texts = told(messagesOf([...broken, behind]));
    expect(texts).toEqual(['12 unreadable', '13 unreadable', '14 unreadable', '60 y', '61 z']);
    expect(told(messagesOf([damaged, behind]))).toEqual(['0 a', '1 unreadable', '60 y', '61 z']);
  });
});
