import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeFetch, speedUpFetchEncoding } from '../../../src/kafka/patches/fetch-encoding.ts';
import type { FetchArguments, FetchProtocol } from '../../../src/kafka/patches/fetch-protocol.ts';

const require = createRequire(import.meta.url);
const kafkajsRequest = require('kafkajs/src/protocol/requests/fetch/v11/request') as (args: FetchArguments) => {
  encode(): Promise<{ buffer: Buffer }>;
};
const fetch = require('kafkajs/src/protocol/requests/fetch') as FetchProtocol;

const request: fc.Arbitrary<FetchArguments> = fc.record({
  replicaId: fc.constant(-1),
  maxWaitTime: fc.nat(60_000),
  minBytes: fc.nat(),
  maxBytes: fc.nat(),
  isolationLevel: fc.constantFrom(0, 1),
  rackId: fc.string({ maxLength: 5 }),
  topics: fc.array(
    fc.record({
      topic: fc.string({ minLength: 1, maxLength: 30 }),
      partitions: fc.array(
        fc.record({
          partition: fc.nat(1_000),
          fetchOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
          maxBytes: fc.nat(),
        }),
        { maxLength: 8 },
      ),
    }),
    { maxLength: 5 },
  ),
});

describe('the encoder of fetch requests', () => {
  it('writes the bytes that kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (args) => {
        expect(encodeFetch(args).buffer.equals((await kafkajsRequest(args).encode()).buffer)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is the one that a consumer uses', async () => {
    speedUpFetchEncoding();
    const args = { maxWaitTime: 1, minBytes: 1, maxBytes: 9, topics: [] };
    const encoded = await fetch.protocol({ version: 11 })(args).request.encode();
    expect(encoded).toEqual(encodeFetch(args));
    expect(encoded).not.toBeInstanceOf(require('kafkajs/src/protocol/encoder') as new () => object);
  });
});
