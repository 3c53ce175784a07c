import { createRequire } from 'node:module';
import { afterAll, describe, expect } from '@jest/globals';
import type { KafkajsCodec } from '../../src/kafka/patches/patch-kafkajs.ts';
import { consumerContract } from './consumer-contract.ts';
import { foreignBatchesContract } from './foreign-batches-contract.ts';
import { producerContract } from './producer-contract.ts';
import { useCodec } from './real-kafka.ts';

const produce = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce') as {
  readonly protocol: unknown;
};
const asItCame = produce.protocol;

/** All that services build on, with all patches of kafkajs or without those that are only fast. */
export function kafkaContract(codec: KafkajsCodec): void {
  useCodec(codec);
  describe('a publisher', producerContract);
  describe('a consumer', consumerContract);
  describe('a consumer of what others wrote', foreignBatchesContract);
  afterAll(() => {
    expect(produce.protocol === asItCame).toBe(codec === 'stock');
  });
}
