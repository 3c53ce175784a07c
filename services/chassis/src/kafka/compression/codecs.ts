import { gunzipSync } from 'node:zlib';
import { bounded, MOST_BYTES } from './bounded.ts';
import { lz4 } from './lz4.ts';
import { snappy } from './snappy.ts';
import { zstd } from './zstd.ts';

/** At most MOST_BYTES; of `count` records, it is said. @throws TooLarge, or another error for bytes of another kind. */
export type Decompress = (bytes: Buffer, count: number) => Buffer;

export interface Compression {
  /** As `compression.type` of a topic spells it. */
  readonly name: string;
  readonly decompress: Decompress;
}

/** By the lowest three bits of a batch's attributes. https://kafka.apache.org/documentation/#recordbatch */
const COMPRESSIONS: Readonly<Record<number, Compression>> = {
  1: { name: 'gzip', decompress: (bytes) => bounded(() => gunzipSync(bytes, { maxOutputLength: MOST_BYTES })) },
  2: { name: 'snappy', decompress: snappy },
  3: { name: 'lz4', decompress: lz4 },
  4: { name: 'zstd', decompress: zstd },
};

/** Undefined when nobody knows it, and so this reader neither. */
export const compressionOf = (bits: number): Compression | undefined => COMPRESSIONS[bits];

export const KNOWN_COMPRESSIONS = Object.values(COMPRESSIONS).map(({ name }) => name);
