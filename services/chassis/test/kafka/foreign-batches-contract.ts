import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompressionTypes } from 'kafkajs';
import { type RunningConsumer, startConsumer } from '../../src/kafka/consumer/consumer.ts';
import { consumerMetrics } from '../../src/kafka/consumer/metrics.ts';
import type { KafkaRecord } from '../../src/kafka/record.ts';
import { eventually } from '../testing/eventually.ts';
import { type ClientUnderTest, clientUnderTest, Topics } from './real-kafka.ts';

/** What a consumer keeps whoever wrote the records, on the real broker. */
export function foreignBatchesContract(): void {
  let topics: Topics;
  let client: ClientUnderTest;
  let records: KafkaRecord[];
  let running: RunningConsumer | undefined;
  beforeEach(async () => {
    topics = new Topics();
    await topics.admin.connect();
    client = clientUnderTest();
    records = [];
  });
  afterEach(async () => {
    await running?.stop(0);
    await topics.close();
  });

  const group = () => `${topics.prefix}group`;

  /** Handles everything at once. */
  function consume(topic: string, handled = Promise.resolve()): void {
    const push = (pushed: readonly KafkaRecord[]) => {
      records.push(...pushed);
      return { room: Promise.resolve(), handled };
    };
    running = startConsumer({
      kafka: client.kafka,
      groupId: group(),
      topics: [topic],
      sink: { push },
      log: client.log,
    });
  }
  const texts = () => records.map(({ value, unreadable }) => (unreadable === undefined ? String(value) : 'unreadable'));
  const comes = (count: number) => eventually(() => records.length >= count, `${count} records are pushed`);
  const commits = (topic: string, offset: number) =>
    eventually(async () => (await topics.committed(group(), topic)) === offset, `offset ${offset} is committed`);
  async function lagOf(topic: string): Promise<number | undefined> {
    const { values } = await consumerMetrics.lag.get();
    return values.find(({ labels }) => labels.topic === topic)?.value;
  }

  /** So many that they are worth compressing, and in one batch. */
  const VALUES = Array.from({ length: 200 }, (_, at) => `a value like all the others, number ${at}`);

  describe('a topic whose compression.type is', () => {
    it.each(['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed', 'producer'])(
      '%s is read like any other',
      async (type) => {
        // The broker compresses by itself what comes without: with the code of the Java client.
        const topic = await topics.create('order.events', 1, { 'compression.type': type });
        await topics.send(topic, VALUES);
        await topics.send(topic, ['one more']);
        consume(topic);
        await comes(VALUES.length + 1);
        expect(texts()).toEqual([...VALUES, 'one more']);
        await commits(topic, VALUES.length + 1);
        expect(client.readiness.ready).toBe(true);
        expect(client.complaints).toEqual([]);
      },
    );

    it('changed again and again holds records of each kind side by side', async () => {
      const topic = await topics.create('order.events');
      const resource = (value: string) => ({
        type: 2,
        name: topic,
        configEntries: [{ name: 'compression.type', value }],
      });
      for (const type of ['gzip', 'snappy', 'producer', 'lz4', 'zstd']) {
        await topics.admin.alterConfigs({ validateOnly: false, resources: [resource(type)] });
        await topics.send(topic, VALUES);
      }
      consume(topic);
      await comes(5 * VALUES.length);
      expect(texts()).toEqual([VALUES, VALUES, VALUES, VALUES, VALUES].flat());
    });
  });

  describe('a batch that cannot be read', () => {
    it('is pushed as one record that says why, its neighbours are read, and the broker is not blamed', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['before']);
      const producer = topics.kafka.producer();
      await producer.connect();
      // 20 KB for the broker, and 20 MB for who reads it.
      const messages = [{ value: Buffer.alloc(20_000_000) }, { value: 'beside it' }];
      await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
      await producer.disconnect();
      await topics.send(topic, ['behind']);
      consume(topic);
      await comes(3);
      expect(texts()).toEqual(['before', 'unreadable', 'behind']);
      const bomb = records[1] as KafkaRecord;
      expect(bomb).toMatchObject({ offset: '2', key: null, unreadable: { firstOffset: '1' } });
      expect(bomb.unreadable?.reason).toContain('The batch of records at the offsets 1 to 2 cannot be read');
      expect(bomb.value?.length).toBeLessThan(30_000);
      await commits(topic, 4);
      expect(client.readiness.ready).toBe(true);
    });

    it('comes once to who takes records one by one, also at the end of the log', async () => {
      const topic = await topics.create('order.events');
      const producer = topics.kafka.producer();
      await producer.connect();
      const messages = [{ value: Buffer.alloc(20_000_000) }, { value: 'beside it' }, { value: 'and this' }];
      await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
      await producer.disconnect();
      const read = await topics.read(topic);
      await eventually(() => read.length > 0, 'it is read');
      await topics.send(topic, ['behind']);
      await eventually(() => read.some(({ value }) => String(value) === 'behind'), 'the next one is read');
      expect(read.map(({ offset }) => offset)).toEqual(['2', '3']);
    });
  });

  describe('at rest', () => {
    it('a group is at the end of a topic that ends with an aborted transaction, and has handled nothing of it', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a']);
      consume(topic);
      await commits(topic, 1);
      const producer = topics.kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      const aborted = await producer.transaction();
      await aborted.send({ topic, messages: [{ value: 'never' }] });
      await aborted.abort();
      await commits(topic, 3);
      expect(await lagOf(topic)).toBe(0);
      const kept = await producer.transaction();
      await kept.send({ topic, messages: [{ value: 'b' }] });
      await kept.commit();
      await producer.disconnect();
      await commits(topic, 5);
      expect(await lagOf(topic)).toBe(0);
      expect(texts()).toEqual(['a', 'b']);
    });
  });

  describe('an offset that is not in the log', () => {
    it('is replaced by the first one that is, and never by one below zero', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['0', '1', '2', '3', '4', '5', '6']);
      await topics.admin.setOffsets({ groupId: group(), topic, partitions: [{ partition: 0, offset: '3' }] });
      await topics.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] });
      // What is read is not handled: nothing but the first offset is committed.
      consume(topic, new Promise(() => undefined));
      await comes(2);
      expect(texts()).toEqual(['5', '6']);
      expect(await topics.committed(group(), topic)).toBe(5);
    });
  });
}
