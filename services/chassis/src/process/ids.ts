import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const LENGTH = 16;
/** Random bytes for many ids: to ask the operating system for each one costs more than all the rest. */
const randoms = new Uint8Array(LENGTH * 512);
let taken = randoms.length;
let msecs = 0;
let seq = 0;

/** A new UUIDv7, greater than the one before in this process (RFC 9562, section 6.2, method 1). */
export function uuidv7(): string {
  const random = nextRandom();
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
  } else {
    seq = (seq + 1) >>> 0;
    if (seq === 0) msecs += 1;
  }
  return v7({ random, msecs, seq });
}

function nextRandom(): Uint8Array {
  if (taken === randoms.length) {
    randomFillSync(randoms);
    taken = 0;
  }
  const next = randoms.subarray(taken, taken + LENGTH);
  taken += LENGTH;
  return next;
}
