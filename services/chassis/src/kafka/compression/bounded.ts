/** Of one batch, decompressed: sixteen times what a broker takes by default. A bomb is set aside, and eats no memory. */
export const MOST_BYTES = 16 * 1024 * 1024;

export class TooLarge extends Error {}

/** Says in one way what Node's zlib says of an output that is too large. */
export function bounded(decompress: () => Buffer): Buffer {
  try {
    return decompress();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge();
    throw error;
  }
}
