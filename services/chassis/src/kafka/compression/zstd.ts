import { createRequire } from 'node:module';
import zlib from 'node:zlib';
import { Input } from '../wire/input.ts';
import { bounded, MOST_BYTES } from './bounded.ts';

/** Since Node 22.15. */
type WithZstd = typeof zlib & {
  zstdDecompressSync?(bytes: Buffer, options: { readonly maxOutputLength: number }): Buffer;
};
interface Fzstd {
  /** Fills `into`, and no more: what does not fit is left out or throws. */
  decompress(bytes: Buffer, into: Uint8Array): Uint8Array;
}

const require = createRequire(import.meta.url);
const { zstdDecompressSync } = zlib as WithZstd;
let fzstd: Fzstd | undefined;

export const zstd: (bytes: Buffer, count: number) => Buffer =
  zstdDecompressSync === undefined
    ? zstdWithoutNode
    : (bytes) => bounded(() => zstdDecompressSync(bytes, { maxOutputLength: MOST_BYTES }));

/** For a Node without zstd. The records tell how much came out, and are copied: none holds the whole room. */
export function zstdWithoutNode(bytes: Buffer, count: number): Buffer {
  fzstd ??= require('fzstd') as Fzstd;
  const room = Buffer.alloc(MOST_BYTES);
  fzstd.decompress(bytes, room);
  const input = new Input(room);
  for (let at = 0; at < count && input.left > 0; at += 1) {
    const length = input.varInt();
    if (length < 0) throw new Error('a record of less than nothing');
    input.at += length;
  }
  return Buffer.from(room.subarray(0, input.at));
}
