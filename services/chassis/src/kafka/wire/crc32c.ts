import { createRequire } from 'node:module';

type Checksum = (bytes: Buffer) => number;

const require = createRequire(import.meta.url);

/** Castagnoli's CRC of a record batch, unsigned: by the processor's own instruction, where its package can be loaded. */
export const crc32c: Checksum = native() ?? inJavaScript();

function native(): Checksum | undefined {
  try {
    return (require('@node-rs/crc32') as { readonly crc32c: Checksum }).crc32c;
  } catch {
    return undefined;
  }
}

/** Fifteen times slower. */
function inJavaScript(): Checksum {
  const signed = require('kafkajs/src/protocol/recordBatch/crc32C') as Checksum;
  return (bytes) => signed(bytes) >>> 0;
}
