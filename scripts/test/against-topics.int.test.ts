import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromStack } from '@troupe/chassis/testing';
import { type AnyEventType, createCodec, eventType, registerSchemas, registryClient } from '@troupe/schemas';
import type { Reader, RecordReport } from '@troupe/schemas/evolution';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { readAgainst } from '../src/schemas/against-topics.ts';

const brokers = fromStack('TEST_KAFKA_BROKERS');
const registryUrl = fromStack('TEST_REGISTRY_URL');
const owner = `t${randomBytes(6).toString('hex')}`;
const topic = `${owner}.events`;
const letters = `${owner}.store.dlq`;

const versionWith = (...fields: readonly object[]): AnyEventType =>
  eventType('BoxPacked', owner, {
    type: 'record',
    name: 'BoxPacked',
    namespace: `troupe.${owner}`,
    key: 'orderId',
    fields: [{ name: 'orderId', type: 'string' }, ...fields],
  });
const note = { name: 'note', type: 'string', default: '' };
const older = versionWith(note);
const newer = versionWith();
const reader = (service: string, version: number, { schema, key, fullName }: AnyEventType): Reader => {
  return { service, version, schema, key, event: fullName };
};
/** The store still needs what the newer version no longer writes. */
const strict = versionWith({ name: 'note', type: 'string' });
const readers = [reader('store', 1, strict), reader('scale', 2, newer)];

const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
let producer: Producer;
beforeAll(async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [topic, letters].map((name) => ({ topic: name, numPartitions: 2 })) });
  await admin.disconnect();
  for (const event of [older, newer]) await registerSchemas({ registryUrl, events: [event] });
  producer = kafka.producer();
  await producer.connect();
});
afterAll(() => producer.disconnect());

async function send(to: string, event: AnyEventType, data: object, partition = 0): Promise<void> {
  const codec = createCodec({ registryUrl, events: [event] });
  await codec.prepare([event]);
  await producer.send({
    topic: to,
    messages: [{ partition, value: codec.encode(event({ orderId: 'o-1', ...data })) }],
  });
}

const look = (): Promise<RecordReport> =>
  readAgainst({
    brokers,
    registry: registryClient({ registryUrl }),
    readers,
    topics: [topic, letters],
    waiting: () => undefined,
    signal: new AbortController().signal,
  });

describe('the topics, read for each reader,', () => {
  it('are empty at first', async () => {
    expect(await look()).toEqual({ records: 0, written: [], read: [], faults: [], foreign: [] });
  });

  it('show every record that was there, and which a service could not read', async () => {
    await send(topic, older, { note: 'fragile' });
    await send(topic, older, { note: 'fragile' }, 1);
    await send(topic, newer, {}, 1);
    await send(letters, newer, {});
    await producer.send({ topic, messages: [{ partition: 0, value: 'of somebody else' }] });
    const { records, read, faults, foreign } = await look();
    const event = older.fullName;
    expect({ records, read }).toEqual({
      records: 5,
      read: expect.arrayContaining([
        { service: 'store', event, version: 1, records: 2 },
        { service: 'scale', event, version: 2, records: 3 },
      ]),
    });
    const fault = { event, service: 'store', version: 1, field: 'note', schemaId: expect.any(Number) };
    expect(faults.map(({ reason, ...place }) => place)).toEqual(
      expect.arrayContaining([
        { topic, partition: 1, offset: '1', ...fault },
        { topic: letters, partition: 0, offset: '0', ...fault },
      ]),
    );
    expect(faults).toHaveLength(2);
    expect(foreign).toMatchObject([{ topic, code: 'NOT_CONFLUENT_AVRO', records: 1 }]);
  });

  it('leaves no consumer group with offsets behind', async () => {
    const admin = kafka.admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    const feeds = groups.filter(({ groupId }) => groupId.startsWith('troupe-feed-'));
    for (const { groupId } of feeds) {
      const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
      expect(offsets.flatMap(({ partitions }) => partitions.map(({ offset }) => offset))).toEqual(['-1', '-1']);
    }
    await admin.disconnect();
  });
});
