import { randomUUID } from 'node:crypto';
import type { KafkaRecord, OutgoingRecord } from '@troupe/chassis/internal';
import { fromStack } from '@troupe/chassis/testing';
import { type Consumer, type EachBatchPayload, Kafka, logLevel, Partitioners } from 'kafkajs';
import { brokerContract, type Reader } from './broker-contract.ts';

const SESSION_MS = 6_000;

/** A consumer of kafkajs, whose partitions are read record by record. */
class KafkaReader implements Reader {
  readonly #consumer: Consumer;
  #queue: KafkaRecord[] = [];
  #more: () => void = () => undefined;
  #silence: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #joined: () => void = () => undefined;
  readonly ready = new Promise<void>((resolve) => {
    this.#joined = resolve;
  });

  constructor(consumer: Consumer) {
    this.#consumer = consumer;
    // What was fetched under an earlier generation belongs to others by now.
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.#queue = [];
      this.#joined();
    });
  }

  async run(topic: string): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic, fromBeginning: true });
    await this.#consumer.run({ autoCommit: false, eachBatch: (payload) => this.#take(payload) });
    await this.ready;
  }

  async #take({ batch, heartbeat }: EachBatchPayload): Promise<void> {
    // Whoever is busy for ever tells nobody that it lives.
    await this.#silence;
    for (const { offset, timestamp, key, value, headers = {} } of batch.messages) {
      const texts = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)]));
      const place = { topic: batch.topic, partition: batch.partition, offset, timestampMs: Number(timestamp) };
      this.#queue.push({ ...place, key, value, headers: texts });
    }
    this.#more();
    await heartbeat();
  }

  async next(count: number): Promise<readonly KafkaRecord[]> {
    while (this.#queue.length < count) {
      await new Promise<void>((resolve) => {
        this.#more = resolve;
      });
    }
    return this.#queue.splice(0, count);
  }

  async commit({ topic, partition, offset }: KafkaRecord): Promise<void> {
    await this.#consumer.commitOffsets([{ topic, partition, offset: String(Number(offset) + 1) }]);
  }

  async leave(): Promise<void> {
    this.#wake();
    await this.#consumer.disconnect();
  }

  async fallSilent(): Promise<void> {
    this.#silence = new Promise((wake) => {
      this.#wake = wake;
    });
  }
}

brokerContract(async () => {
  const kafka = new Kafka({
    brokers: fromStack('TEST_KAFKA_BROKERS').split(','),
    clientId: 'contract',
    logLevel: logLevel.NOTHING,
  });
  const topic = `contract-${randomUUID().slice(0, 8)}`;
  const groupId = `group-of-${topic}`;
  const admin = kafka.admin();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
  const readers: KafkaReader[] = [];
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
  await producer.connect();

  async function store(records: readonly OutgoingRecord[]): Promise<void> {
    const messages = records.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }));
    await producer.send({ topic, acks: -1, messages });
  }

  return {
    topic,
    store,
    async join() {
      const timing = {
        sessionTimeout: SESSION_MS,
        heartbeatInterval: 500,
        maxWaitTimeInMs: 200,
        rebalanceTimeout: 10_000,
      };
      const reader = new KafkaReader(kafka.consumer({ groupId, ...timing }));
      readers.push(reader);
      await reader.run(topic);
      return reader;
    },
    async close() {
      await Promise.all([producer.disconnect(), ...readers.map((reader) => reader.leave().catch(() => undefined))]);
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
    },
  };
});
