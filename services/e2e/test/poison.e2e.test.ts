import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromStack, query } from '@troupe/chassis/testing';
import { Kafka, logLevel } from 'kafkajs';
import { ended, eventually, place } from './system.ts';

/** Bytes that no consumer can decode, under the name of an event that payment, inventory and shipping hear. */
async function poison(topic: string, partitions: readonly number[], ids: readonly string[]): Promise<void> {
  const kafka = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
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
    const letters = await eventually(
      () =>
        query<{ event_id: string; bytes: string; error_code: string }>(
          url.href,
          `SELECT event_id, encode(value, 'hex') AS bytes, error_code FROM dead_letter WHERE topic = 'order.events'`,
        ),
      (seen) => ids.every((id) => seen.some(({ event_id }) => event_id === id)),
    );
    expect(letters.find(({ event_id }) => event_id === ids[0])).toMatchObject({ bytes: '0000000001ff' });
  });
});
