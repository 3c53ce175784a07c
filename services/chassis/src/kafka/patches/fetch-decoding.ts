import { type FetchPatch, patchFetches } from './fetch-protocol.ts';
import { decodeFetch } from './fetch-response.ts';

/**
 * Needed for correctness. kafkajs 2.2.4 reads no compression but gzip, and stops for good at a batch that it cannot read.
 * It compares no checksum, mistakes aborted transactions that overlap, and never passes offsets without records. Names
 * of headers that are no text lose bytes. The decoder of this project reads all of that; see decision 30.
 *
 * It is also faster: kafkajs copies all headers of a record for each of them, and makes several objects for each partition
 * of a response, whether there is something in it or not. A response that is none is left to kafkajs, which says what is wrong.
 */
export function readEveryBatch(): void {
  patchFetches(withOwnDecoder);
}

const withOwnDecoder: FetchPatch = ({ response, ...fetch }, { topics }) => ({
  ...fetch,
  response: { ...response, decode: async (bytes) => decodeFetch(bytes, topics) ?? response.decode(bytes) },
});
