import { type FetchPatch, patchFetches } from './fetch-protocol.ts';
import { decodeFetch } from './fetch-response.ts';

/**
 * Needed for correctness. kafkajs 2.2.4 knows no compression but gzip, and stops for good at a batch that it cannot
 * read. It compares no checksum, mistakes aborted transactions that overlap, and never passes offsets without records.
 * Names of headers that are no text lose bytes. See decision 30.
 *
 * It is also faster. A response that is none is left to kafkajs, which says what is wrong.
 */
export function readEveryBatch(): void {
  patchFetches(withOwnDecoder);
}

const withOwnDecoder: FetchPatch = ({ response, ...fetch }, { topics }) => ({
  ...fetch,
  response: { ...response, decode: async (bytes) => decodeFetch(bytes, topics) ?? response.decode(bytes) },
});
