import { MOST_BYTES } from '../compression/bounded.ts';
import { KNOWN_COMPRESSIONS } from '../compression/codecs.ts';

export type Fault =
  /** `bits`: what its attributes say of its compression. */
  | { readonly kind: 'unknown compression'; readonly bits: number }
  | { readonly kind: 'unknown format'; readonly magic: number }
  | { readonly kind: 'not decompressed'; readonly compression: string; readonly cause: string }
  | { readonly kind: 'too large'; readonly compression: string }
  | { readonly kind: 'wrong checksum' }
  | { readonly kind: 'not records'; readonly compression: string; readonly cause: string };

/** Thrown inside the reader, and told by it: no fault of one batch stops those behind it. */
export class BatchFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/** Of one compressed batch. An uncompressed one is bounded by its bytes. */
export const MOST_RECORDS = 250_000;

const known = `${KNOWN_COMPRESSIONS.slice(0, -1).join(', ')} or ${KNOWN_COMPRESSIONS.at(-1)}`;
const AGAIN = 'have its producer write these records again';

/** What is wrong with the batch, and what to do: two clauses, which read on behind `cannot be read: `. */
export function sentence(fault: Fault): string {
  switch (fault.kind) {
    case 'unknown compression':
      return `it is compressed in a way that nobody knows (${fault.bits}); ${AGAIN}, with ${known}, or without compression.`;
    case 'unknown format':
      return `it is of a format that nobody knows (magic byte ${fault.magic}); ${AGAIN}, in one of the formats 0 to 2.`;
    case 'not decompressed':
      return `it is compressed with ${fault.compression}, and does not decompress (${fault.cause}); ${AGAIN}, with ${known}.`;
    case 'too large':
      return (
        `it is compressed with ${fault.compression}, and holds more than ${MOST_BYTES / 1024 / 1024} MiB or ` +
        `${MOST_RECORDS} records; ${AGAIN} in smaller batches (batch.size).`
      );
    case 'wrong checksum':
      return `its bytes are not those that were written (CRC); look after the disks of the brokers, and ${AGAIN}.`;
    case 'not records':
      return `its records (${fault.compression}) do not parse (${fault.cause}); mend its producer, and ${AGAIN}.`;
    default:
      return fault satisfies never;
  }
}
