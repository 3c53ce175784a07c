import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_BYTES, TooLarge } from '../../src/kafka/compression/bounded.ts';
import { compressionOf, type Decompress } from '../../src/kafka/compression/codecs.ts';
import { zstdWithoutNode } from '../../src/kafka/compression/zstd.ts';
import {
  JAVA_GZIP,
  JAVA_LZ4,
  JAVA_SNAPPY,
  JAVA_ZSTD,
  LZ4_LINKED,
  RECORDS,
  VALUES,
  ZSTD_BOMB,
} from './compressed-bytes.ts';

const require = createRequire(import.meta.url);
const snappyjs = require('snappyjs') as { compress(bytes: Buffer): Buffer };
const lz4 = require('lz4-napi') as { compressFrameSync(bytes: Buffer): Buffer };

const codec = (bits: number): Decompress => compressionOf(bits)?.decompress as Decompress;
const [gzip, snappy, unlz4, zstd] = [codec(1), codec(2), codec(3), codec(4)];
const count = VALUES.length;
/** What snappy-java and Java's blocks begin with, up to the first block's bytes. */
const JAVA_RAW_SNAPPY = JAVA_SNAPPY.subarray(20);

const written: readonly (readonly [string, Decompress, Buffer])[] = [
  ['gzip', gzip, JAVA_GZIP],
  ['snappy in the blocks of snappy-java', snappy, JAVA_SNAPPY],
  ['snappy as librdkafka writes it, without blocks', snappy, JAVA_RAW_SNAPPY],
  ['lz4', unlz4, JAVA_LZ4],
  ['lz4 whose blocks refer to each other', unlz4, LZ4_LINKED],
  ['zstd', zstd, JAVA_ZSTD],
  ['zstd with a Node that has none', zstdWithoutNode, JAVA_ZSTD],
];

describe('what a producer compressed', () => {
  it.each(written)('is read: %s', (_, decompress, bytes) => {
    expect(decompress(bytes, count).equals(RECORDS)).toBe(true);
  });

  it('is read whatever it is: each compression gives back what went in', () => {
    const both: readonly (readonly [(bytes: Buffer) => Buffer, Decompress])[] = [
      [gzipSync, gzip],
      [(bytes) => snappyjs.compress(bytes), snappy],
      [(bytes) => lz4.compressFrameSync(bytes), unlz4],
    ];
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
        fc.integer({ min: 1, max: 40 }),
        (piece, times) => {
          const bytes = Buffer.concat(Array.from({ length: times }, () => piece));
          for (const [compress, decompress] of both) expect(decompress(compress(bytes), 1).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is read in several blocks of snappy-java', () => {
    const [half, rest] = [RECORDS.subarray(0, 500), RECORDS.subarray(500)].map((bytes) => snappyjs.compress(bytes));
    const sized = [half, rest].flatMap((bytes) => [
      Buffer.from(new Uint32Array([bytes?.length ?? 0]).buffer).swap32(),
      bytes,
    ]);
    const blocks = Buffer.concat([JAVA_SNAPPY.subarray(0, 16), ...(sized as Buffer[])]);
    expect(snappy(blocks, count).equals(RECORDS)).toBe(true);
  });

  it.each(written)(
    'throws an error, or gives other bytes, when it was cut off or damaged: %s',
    (_, decompress, bytes) => {
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
          const damaged = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
          if (!isCut) damaged[at] = (damaged[at] as number) ^ flip;
          try {
            expect(decompress(damaged, count).length).toBeLessThanOrEqual(MOST_BYTES);
          } catch (error) {
            expect((error as Error).message).toEqual(expect.any(String));
          }
        }),
        { numRuns: decompress === zstdWithoutNode ? 30 : 200 },
      );
    },
  );
});

describe('a bomb', () => {
  const much = Buffer.alloc(MOST_BYTES + 1);
  const snappyBomb = Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f), Buffer.alloc(10)]);
  const bombs: readonly (readonly [string, Decompress, Buffer])[] = [
    ['gzip', gzip, gzipSync(much)],
    ['snappy', snappy, snappyBomb],
    ['snappy in blocks', snappy, Buffer.concat([JAVA_SNAPPY.subarray(0, 16), Buffer.of(0, 0, 0, 15), snappyBomb])],
    ['lz4', unlz4, lz4.compressFrameSync(much)],
    // Of Node 20 the next one tells.
    ...(zstd === zstdWithoutNode ? [] : [['zstd', zstd, ZSTD_BOMB] as const]),
  ];
  it.each(bombs)('is not decompressed: %s', (_, decompress, bytes) => {
    expect(() => decompress(bytes, 1)).toThrow(TooLarge);
  });

  it('of zstd comes to no more than the bound with a Node that has none', () => {
    expect(zstdWithoutNode(ZSTD_BOMB, 1).length).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('is what is a byte over the bound, and nothing below it', () => {
    const most = Buffer.alloc(MOST_BYTES);
    expect(gzip(gzipSync(most), 1).length).toBe(MOST_BYTES);
    expect(unlz4(lz4.compressFrameSync(most), 1).length).toBe(MOST_BYTES);
  });
});
