import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type { FetchProtocol } from '../../../src/kafka/patches/fetch-protocol.ts';
import { type KafkajsCodec, patchKafkajs } from '../../../src/kafka/patches/patch-kafkajs.ts';
import type { ProduceArguments } from '../../../src/kafka/patches/produce-encoding.ts';

const require = createRequire(import.meta.url);
const KafkajsEncoder = require('kafkajs/src/protocol/encoder') as new () => object;
const fetch = require('kafkajs/src/protocol/requests/fetch') as FetchProtocol;
const produce = require('kafkajs/src/protocol/requests/produce') as {
  protocol(choice: { version: number }): (args: ProduceArguments) => { request: { encode(): Promise<object> } };
};
const patchable = (path: string): object => (require(path) as { prototype: object }).prototype;
const parts = {
  reconnect: () => Reflect.get(patchable('kafkajs/src/network/connection'), 'connect'),
  firstOffset: () => Reflect.get(patchable('kafkajs/src/consumer/offsetManager'), 'setDefaultOffset'),
  join: () => Reflect.get(patchable('kafkajs/src/consumer/consumerGroup'), 'joinAndSync'),
  timers: () => Reflect.get(patchable('kafkajs/src/network/requestQueue'), 'scheduleRequestTimeoutCheck'),
};
type Part = keyof typeof parts;
const asItCame = Object.fromEntries(Object.entries(parts).map(([part, of]) => [part, of()])) as Record<Part, unknown>;

/** What of kafkajs is not as it came, in this process. */
async function patched() {
  const { request, response } = fetch.protocol({ version: 11 })({
    maxWaitTime: 1,
    minBytes: 1,
    maxBytes: 9,
    topics: [],
  });
  const toProduce = { acks: -1, timeout: 1, producerId: '1', producerEpoch: 0, topicData: [] };
  return {
    ...Object.fromEntries((Object.keys(parts) as Part[]).map((part) => [part, parts[part]() !== asItCame[part]])),
    fetchEncoding: !((await request.encode()) instanceof KafkajsEncoder),
    fetchDecoding: isOurs(await response.decode(emptyResponse())),
    produceEncoding: !((await produce.protocol({ version: 7 })(toProduce).request.encode()) instanceof KafkajsEncoder),
  };
}

/** One partition without a record: kafkajs keeps it, ours drops it. */
function emptyResponse(): Buffer {
  const topic = Buffer.from('t');
  const bytes = Buffer.alloc(4 + 2 + 4 + 4 + 2 + topic.length + 4 + 4 + 2 + 8 + 8 + 8 + 4 + 4 + 4);
  let at = bytes.writeInt32BE(1, 10);
  at = bytes.writeInt16BE(topic.length, at);
  at += topic.copy(bytes, at);
  at = bytes.writeInt32BE(1, at);
  bytes.writeInt32BE(-1, bytes.length - 8);
  return bytes;
}
const isOurs = (response: object): boolean => (response as { responses: unknown[] }).responses.length === 0;

const CORRECTNESS = { reconnect: true, firstOffset: true, join: true, fetchDecoding: true };

describe('kafkajs in this process', () => {
  // In this order: a patch that is there stays.
  it.each<[KafkajsCodec | undefined, boolean]>([
    ['stock', false],
    ['fast', true],
    ['stock', true],
    [undefined, true],
  ])('has, when asked for %s, the patches that are needed, and the fast ones: %s', async (codec, fast) => {
    patchKafkajs(codec);
    expect(await patched()).toEqual({ ...CORRECTNESS, timers: fast, fetchEncoding: fast, produceEncoding: fast });
  });
});
