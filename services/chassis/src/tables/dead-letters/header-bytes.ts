import type { RawHeader } from '../../kafka/batches/fetched-message.ts';
import { textOf } from '../../kafka/record.ts';

const LENGTH = 4;
const NO_VALUE = -1;

/** Whether the texts of headers by their names tell every byte of them. */
export function areTold(headers: readonly RawHeader[]): boolean {
  const names = new Set(headers.map(({ name }) => textOf(name)));
  const areTexts = headers.every(({ name, value }) => textOf(name) !== undefined && textOf(value) !== undefined);
  return areTexts && names.size === headers.length && !names.has('__proto__');
}

/** Headers in one piece: length and bytes of each name, and of each value. */
export function packed(headers: readonly RawHeader[]): Buffer {
  return Buffer.concat(headers.flatMap(({ name, value }) => [withLength(name), withLength(value)]));
}

/** What `packed` made it of. */
export function unpacked(bytes: Buffer): readonly RawHeader[] {
  const headers: RawHeader[] = [];
  for (let at = 0; at < bytes.length; ) {
    const name = piece(bytes, at);
    const value = piece(bytes, name.end);
    headers.push({ name: name.bytes ?? Buffer.alloc(0), value: value.bytes });
    at = value.end;
  }
  return headers;
}

function withLength(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(LENGTH);
  length.writeInt32BE(bytes?.length ?? NO_VALUE);
  return bytes === null ? length : Buffer.concat([length, bytes]);
}

function piece(from: Buffer, at: number): { readonly bytes: Buffer | null; readonly end: number } {
  const length = from.readInt32BE(at);
  const start = at + LENGTH;
  if (length === NO_VALUE) return { bytes: null, end: start };
  return { bytes: from.subarray(start, start + length), end: start + length };
}
