import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { patchKafkajs } from '@troupe/chassis/internal';
import { fromStack, query } from '@troupe/chassis/testing';
import { Kafka, logLevel } from 'kafkajs';
import { ended, eventually, place } from './system.ts';

patchKafkajs();
const connect = () => new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING });

/** Bytes that no consumer can decode, under the name of an event that payment, inventory and shipping hear. */
async function poison(topic: string, partitions: readonly number[], ids: readonly string[]): Promise<void> {
  const producer = connect().producer();
  await producer.connect();
  const messages = partitions.map((partition, at) => ({
    partition,
    key: randomUUID(),
    value: Buffer.from([0, 0, 0, 0, 1, 255]),
    headers: { ce_id: ids[at] ?? '', ce_type: 'troupe.order.OrderCreated' },
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Everything on a topic, until there is a record that is looked for; that record, in texts. */
async function recordOn(topic: string, id: string): Promise<Record<string, string | undefined>> {
  const consumer = connect().consumer({ groupId: `observer-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  try {
    return await new Promise((resolve, reject) => {
      const run = consumer.run({
        autoCommit: false,
        eachMessage: async ({ message: { key, value, headers = {} } }) => {
          if (String(headers.ce_id) !== id) return;
          const texts = Object.entries(headers).map(([name, text]) => [name, String(text)] as const);
          resolve({ key: key?.toString(), value: value?.toString('hex'), ...Object.fromEntries(texts) });
        },
      });
      run.catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

describe('a message that cannot be decoded', () => {
  it('does not stop its partition, and is kept with its bytes', async () => {
    const partitions = [0, 1, 2, 3, 4, 5];
    const ids = partitions.map(() => randomUUID());
    await poison('order.events', partitions, ids);
    const orders = await Promise.all(partitions.map(() => place('SKU-008')));
    const ends = await Promise.all(orders.map(({ orderId }) => ended(orderId)));
    expect(ends.map(({ status }) => status)).toEqual(partitions.map(() => 'CONFIRMED'));

    const url = new URL(fromStack('TEST_POSTGRES_ADMIN_URL'));
    url.pathname = '/troupe_payment';
    const deadLetters = await eventually(
      () =>
        query<{ event_id: string; bytes: string; error_code: string }>(
          url.href,
          `SELECT event_id, encode(value, 'hex') AS bytes, error_code FROM chassis.dead_letter WHERE topic = 'order.events'`,
        ),
      (seen) => ids.every((id) => seen.some(({ event_id }) => event_id === id)),
    );
    expect(deadLetters.find(({ event_id }) => event_id === ids[0])).toMatchObject({ bytes: '0000000001ff' });
  });

  it('is on the dead-letter topic of the group that heard it, with its bytes, its headers, and why', async () => {
    const id = randomUUID();
    await poison('order.events', [3], [id]);
    expect(await recordOn('payment.dlq', id)).toMatchObject({
      value: '0000000001ff',
      ce_type: 'troupe.order.OrderCreated',
      'x-original-topic': 'order.events',
      'x-original-partition': '3',
      'x-original-offset': expect.stringMatching(/^\d+$/),
      'x-error-class': expect.stringMatching(/^[A-Z_]+$/),
      'x-error-message': expect.stringContaining('as schema 1 describes it'),
      'x-attempts': '1',
      'x-replays': '0',
    });
  });
});
