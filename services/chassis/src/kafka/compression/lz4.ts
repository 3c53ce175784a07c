import { createRequire } from 'node:module';
import { MOST_BYTES, TooLarge } from './bounded.ts';

interface Lz4 {
  /** Without a bound. @throws when the bytes are not a whole frame, or a checksum in it is wrong. */
  decompressFrameSync(frame: Buffer): Buffer;
}

const require = createRequire(import.meta.url);
let napi: Lz4 | undefined;

/** A frame. @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */
export function lz4(bytes: Buffer): Buffer {
  if (mostOf(bytes) > MOST_BYTES) throw new TooLarge();
  napi ??= require('lz4-napi') as Lz4;
  return napi.decompressFrameSync(bytes);
}

const MAGIC = 0x184d2204;
const BLOCK_SIZES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };
const NOT_COMPRESSED = 0x80000000;
/** No byte of lz4 stands for more. */
const BEST_RATIO = 255;

/** How much may come out at most, as the sizes of the frame's blocks tell: all of them are full but the last one. */
function mostOf(bytes: Buffer): number {
  if (bytes.readUInt32LE(0) !== MAGIC) throw new Error('no lz4 frame');
  const flags = bytes.readUInt8(4);
  const blockSize = BLOCK_SIZES[(bytes.readUInt8(5) >> 4) & 7];
  if (blockSize === undefined) throw new Error('an unknown size of blocks');
  const [hasSum, hasLength, hasDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  let at = 7 + (hasLength ? 8 : 0) + (hasDictionary ? 4 : 0);
  let most = 0;
  for (;;) {
    const head = bytes.readUInt32LE(at);
    if (head === 0) return most;
    const size = head % NOT_COMPRESSED;
    most += head >= NOT_COMPRESSED ? size : Math.min(blockSize, size * BEST_RATIO);
    at += 4 + size + (hasSum ? 4 : 0);
  }
}
