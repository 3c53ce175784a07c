import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaPublisher, type OutgoingRecord, type Publisher } from '../../src/kafka/producer.ts';
import { eventually } from '../testing/eventually.ts';
import {
  brokerDoor,
  type ClientUnderTest,
  clientBehindProxy,
  clientUnderTest,
  hasRecords,
  Topics,
  values,
} from './real-kafka.ts';

/** What a publisher keeps, on the real broker. */
export function producerContract(): void {
  let topics: Topics;
  let client: ClientUnderTest;
  let publisher: Publisher;
  beforeEach(async () => {
    topics = new Topics();
    await topics.admin.connect();
    client = clientUnderTest();
    publisher = kafkaPublisher(client.kafka, 'the relay of the test');
  });
  afterEach(async () => {
    await publisher.close();
    await topics.close();
  });

  const record = (topic: string, text: string, key: string | null = 'key'): OutgoingRecord => ({
    topic,
    key,
    value: Buffer.from(text),
    headers: { ce_id: text },
  });
  const numbered = (topic: string, count: number, bytes = 0): OutgoingRecord[] =>
    Array.from({ length: count }, (_, at) => record(topic, `${at}`.padEnd(bytes, ' ')));

  describe('publishing', () => {
    it('keeps the order of a key, over requests and topics', async () => {
      const [one, two] = [await topics.create('one', 6), await topics.create('two', 6)];
      const messages = [await topics.read(one), await topics.read(two)];
      for (let round = 0; round < 10; round += 1) {
        const labels = Array.from({ length: 20 }, (_, at) => `${round * 20 + at}`);
        await publisher.publish(labels.flatMap((label) => [record(one, label), record(two, label)]));
      }
      for (const read of messages) {
        await hasRecords(read, 200);
        expect(values(read)).toEqual(Array.from({ length: 200 }, (_, at) => String(at)));
        expect(new Set(read.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it('puts a key into the partition that the client of kafkajs, and Java, would choose', async () => {
      const topic = await topics.create('partitions', 6);
      const messages = await topics.read(topic);
      const keys = Array.from({ length: 60 }, (_, at) => `0190f3c8-0000-7000-8000-${String(at).padStart(12, '0')}`);
      await publisher.publish(keys.map((key) => record(topic, `ours ${key}`, key)));
      const other = topics.kafka.producer();
      await other.connect();
      await other.send({ topic, messages: keys.map((key) => ({ key, value: `theirs ${key}` })) });
      await other.disconnect();
      await hasRecords(messages, 120);
      const partitions = new Map(messages.map(({ value, partition }) => [String(value), partition]));
      for (const key of keys) expect(partitions.get(`ours ${key}`)).toBe(partitions.get(`theirs ${key}`));
      expect(new Set(partitions.values()).size).toBe(6);
    });

    it('passes empty, missing and binary values, keys and headers', async () => {
      const topic = await topics.create('bytes');
      const messages = await topics.read(topic);
      const binary = Buffer.from([0, 255, 128, 10]);
      await publisher.publish([
        { topic, key: null, value: null, headers: {} },
        { topic, key: binary, value: Buffer.alloc(0), headers: { empty: '', text: 'Grüße 🎻' } },
      ]);
      await hasRecords(messages, 2);
      expect(messages.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual([
        { key: null, value: null, headers: {} },
        { key: binary, value: Buffer.alloc(0), headers: { empty: Buffer.alloc(0), text: Buffer.from('Grüße 🎻') } },
      ]);
    });
  });

  describe('a broker that does not take the records', () => {
    it('is waited for when it is away, and everything is stored when it comes', async () => {
      const door = await brokerDoor();
      const late = clientUnderTest([door.address]);
      const patient = kafkaPublisher(late.kafka, 'the relay of the test');
      try {
        const topic = await topics.create('away');
        const messages = await topics.read(topic);
        const published = patient.publish(numbered(topic, 3));
        await eventually(() => !late.readiness.ready, 'readiness says that Kafka is away');
        expect(late.readiness.reasons.kafka).toContain(`Kafka at ${door.address} does not work`);
        door.open();
        await published;
        await hasRecords(messages, 3);
        expect(values(messages)).toEqual(['0', '1', '2']);
        expect(late.readiness.reasons).toEqual({});
      } finally {
        await patient.close();
        await door.close();
      }
    });

    it('is waited for when the topic is not there yet; nothing creates it', async () => {
      const published = publisher.publish(numbered(`${topics.prefix}late`, 2));
      await eventually(() => !client.readiness.ready, 'readiness says that a topic is missing');
      expect(client.readiness.reasons.kafka).toContain('lacks a topic');
      expect(await topics.admin.listTopics()).not.toContain(`${topics.prefix}late`);
      const messages = await topics.create('late').then((topic) => topics.read(topic));
      await published;
      await hasRecords(messages, 2);
      expect(client.readiness.reasons).toEqual({});
    });

    it('gets records in smaller requests when they are too large together, still in order', async () => {
      const topic = await topics.create('small', 1, { 'max.message.bytes': '5000' });
      const messages = await topics.read(topic);
      await publisher.publish(numbered(topic, 40, 1_000));
      await hasRecords(messages, 40);
      const order = [...new Set(values(messages).map((value) => Number(value)))];
      expect(order).toEqual(Array.from({ length: 40 }, (_, at) => at));
    });

    it('refuses a record that is too large: it is named, what stands before it is stored, and nothing waits', async () => {
      const topic = await topics.create('tiny', 1, { 'max.message.bytes': '1000' });
      const messages = await topics.read(topic);
      const records = ['a', 'b', 'c', 'x'.repeat(2_000), 'd', 'e'].map((value) => record(topic, value));
      await expect(publisher.publish(records)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', at: 3 });
      await hasRecords(messages, 3);
      expect([...new Set(values(messages))]).toEqual(['a', 'b', 'c']);
      expect(client.readiness.reasons).toEqual({});
      await publisher.publish([record(topic, 'f')]);
      await hasRecords(messages, 4);
    });

    it('refuses a record that a topic cannot keep, such as one without a key on a compacted one', async () => {
      const topic = await topics.create('compacted', 1, { 'cleanup.policy': 'compact' });
      const records = [record(topic, 'a'), { ...record(topic, 'b'), key: null }, record(topic, 'c')];
      await expect(publisher.publish(records)).rejects.toMatchObject({ code: 'INVALID_RECORD', at: 1 });
    });
  });

  describe('a broker', () => {
    const texts = (messages: Parameters<typeof values>[0]) => [...new Set(values(messages))];
    const rounds = Array.from({ length: 40 }, (_, at) => at);

    it('whose answers are lost has every record, in order: what it had taken comes again behind its first copy', async () => {
      const { proxy, kafka } = await clientBehindProxy();
      const unheard = kafkaPublisher(kafka, 'the relay of the test');
      try {
        const topic = await topics.create('unheard');
        const messages = await topics.read(topic);
        await unheard.publish([record(topic, 'first')]);
        for (const round of rounds) {
          proxy.loseAnswers(1);
          await unheard.publish([record(topic, `${round} a`), record(topic, `${round} b`)]);
        }
        await eventually(() => texts(messages).length === 81, 'every record is on the topic');
        expect(texts(messages)).toEqual(['first', ...rounds.flatMap((round) => [`${round} a`, `${round} b`])]);
      } finally {
        await unheard.close();
        await proxy.close();
      }
    });

    it('to which the way is cut again and again, with requests on it, has every record, in order', async () => {
      const { proxy, kafka } = await clientBehindProxy();
      const cutOff = kafkaPublisher(kafka, 'the relay of the test');
      const cutting = setInterval(() => proxy.cutAll(), 50);
      try {
        const topic = await topics.create('cut');
        const messages = await topics.read(topic);
        for (const round of rounds) await cutOff.publish([record(topic, `${round}`)]);
        await eventually(() => texts(messages).length === rounds.length, 'every record is on the topic');
        expect(texts(messages)).toEqual(rounds.map(String));
      } finally {
        clearInterval(cutting);
        await cutOff.close();
        await proxy.close();
      }
    });
  });
}
