import { createRequire } from 'node:module';
import { MOST_BYTES, TooLarge } from './bounded.ts';

interface Snappyjs {
  /** @throws when more than `maxLength` would come out, or the bytes are not snappy. */
  uncompress(bytes: Buffer, maxLength: number): Buffer;
}

const require = createRequire(import.meta.url);
let snappyjs: Snappyjs | undefined;

/** How snappy-java begins a stream: https://github.com/xerial/snappy-java (SnappyCodec). */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** Behind it two versions, of four bytes each. */
const XERIAL_HEADER = XERIAL.length + 8;

/** Raw, as librdkafka writes it, or in the blocks of snappy-java, as Java clients do. */
export function snappy(bytes: Buffer): Buffer {
  return bytes.subarray(0, XERIAL.length).equals(XERIAL) ? blocks(bytes) : raw(bytes, MOST_BYTES);
}

function blocks(bytes: Buffer): Buffer {
  const found: Buffer[] = [];
  let left = MOST_BYTES;
  for (let at = XERIAL_HEADER; at < bytes.length; ) {
    const size = bytes.readInt32BE(at);
    const end = at + 4 + size;
    if (size < 0 || end > bytes.length) throw new Error('a block ends too early');
    const block = raw(bytes.subarray(at + 4, end), left);
    found.push(block);
    left -= block.length;
    at = end;
  }
  return Buffer.concat(found);
}

function raw(bytes: Buffer, most: number): Buffer {
  if (lengthOf(bytes) > most) throw new TooLarge();
  snappyjs ??= require('snappyjs') as Snappyjs;
  return snappyjs.uncompress(bytes, most);
}

/** What will come out, as the bytes themselves say: a varint before them. */
function lengthOf(bytes: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = bytes[at] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return length;
}
