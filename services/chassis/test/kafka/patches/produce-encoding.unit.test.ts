import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeProduce,
  type ProduceArguments,
  speedUpProduceEncoding,
} from '../../../src/kafka/patches/produce-encoding.ts';

const require = createRequire(import.meta.url);
const kafkajsRequest = require('kafkajs/src/protocol/requests/produce/v7/request') as (args: ProduceArguments) => {
  encode(): Promise<{ buffer: Buffer }>;
};
const produce = require('kafkajs/src/protocol/requests/produce') as {
  protocol(choice: {
    version: number;
  }): (args: ProduceArguments) => { request: { encode(): Promise<{ buffer: Buffer }> } };
};

const bytes = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const message = fc.record(
  {
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(fc.string({ maxLength: 20 }), bytes, { maxKeys: 14 }),
  },
  { requiredKeys: ['value'] },
);
const partition = fc.record({
  partition: fc.nat(1_000),
  firstSequence: fc.nat(0x7fffffff),
  messages: fc.array(message, { minLength: 1, maxLength: 150 }),
});
const request: fc.Arbitrary<ProduceArguments> = fc.record({
  acks: fc.constant(-1),
  timeout: fc.nat(60_000),
  producerId: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
  producerEpoch: fc.nat(30_000),
  topicData: fc.array(
    fc.record({ topic: fc.string({ minLength: 1 }), partitions: fc.array(partition, { maxLength: 3 }) }),
    { maxLength: 3 },
  ),
});

describe('the encoder of produce requests', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(1_795_245_361_446);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('writes the bytes that kafkajs writes, for any records', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (args) => {
        const ours = encodeProduce(args).buffer;
        const theirs = (await kafkajsRequest(args).encode()).buffer;
        expect(ours.equals(theirs)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is the one that a producer uses, except for what it does not know', async () => {
    speedUpProduceEncoding();
    const records = (extra: object): ProduceArguments =>
      ({
        acks: -1,
        timeout: 1,
        producerId: '1',
        producerEpoch: 0,
        topicData: [
          { topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: [{ value: 'v', ...extra }] }] },
        ],
      }) as ProduceArguments;
    const encoded = async (args: ProduceArguments) => produce.protocol({ version: 7 })(args).request.encode();
    expect(await encoded(records({}))).toEqual(encodeProduce(records({})));
    for (const extra of [{ timestamp: '1' }, { headers: { twice: ['a', 'b'] } }]) {
      const args = records(extra);
      expect((await encoded(args)).buffer.equals((await kafkajsRequest(args).encode()).buffer)).toBe(true);
    }
  });
});
