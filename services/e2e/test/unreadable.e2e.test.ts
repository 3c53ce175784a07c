import { describe, expect, it } from '@jest/globals';
import { fromStack, query } from '@troupe/chassis/testing';
import { serviceNames } from '@troupe/services';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { ended, eventually, get, place } from './system.ts';

const TOPIC = 'order.events';
const PARTITIONS = [0, 1, 2, 3, 4, 5];
/** Those that read the topic; all but inventory stopped at such a batch once. */
const READERS = ['payment', 'inventory', 'shipping', 'notification'] as const;

const kafka = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING });

/** In each partition a batch of 20 KB that would become 20 MB; the offset of each. */
async function writeWhatNobodyCanRead(): Promise<Map<number, string>> {
  const producer = kafka.producer();
  await producer.connect();
  const value = Buffer.alloc(20_000_000);
  const offsets = new Map<number, string>();
  for (const partition of PARTITIONS) {
    const [answer] = await producer.send({
      topic: TOPIC,
      compression: CompressionTypes.GZIP,
      messages: [{ partition, value }],
    });
    offsets.set(partition, answer?.baseOffset ?? '');
  }
  await producer.disconnect();
  return offsets;
}

async function deadLettersOf(service: string): Promise<readonly { place: string; code: string; reason: string }[]> {
  const url = new URL(fromStack('TEST_POSTGRES_ADMIN_URL'));
  url.pathname = `/troupe_${service}`;
  return query(
    url.href,
    `SELECT partition || '@' || "offset" AS place, error_code AS code, error_message AS reason
     FROM chassis.dead_letter WHERE topic = '${TOPIC}' AND error_code = 'BATCH_UNREADABLE'`,
  );
}

/** Sets how the broker keeps the records of a topic: it compresses them itself. */
async function keepCompressed(topics: readonly string[], value: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [
    { name: 'compression.type', value },
    { name: 'retention.ms', value: String(7 * 24 * 60 * 60 * 1000) },
  ];
  const resources = topics.map((name) => ({ type: 2, name, configEntries }));
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
}

const orders = async (count: number): Promise<string[]> => {
  const placed = await Promise.all(Array.from({ length: count }, () => place('SKU-008')));
  return Promise.all(placed.map(({ orderId }) => ended(orderId).then(({ status }) => status)));
};

describe('a batch that nobody can read, in each partition', () => {
  it('is set aside by each service that reads the topic, between orders that all end well, and blames no broker', async () => {
    const before = orders(6);
    const offsets = await writeWhatNobodyCanRead();
    const statuses = [...(await before), ...(await orders(6))];
    expect(statuses).toEqual(Array.from({ length: 12 }, () => 'CONFIRMED'));
    const places = [...offsets].map(([partition, offset]) => `${partition}@${offset}`).sort();
    for (const service of READERS) {
      const deadLetters = await eventually(
        () => deadLettersOf(service),
        (seen) => places.every((place) => seen.some((deadLetter) => deadLetter.place === place)),
      );
      const own = deadLetters.filter(({ place }) => places.includes(place));
      expect(own.map(({ place }) => place).sort()).toEqual(places);
      for (const { reason } of own) expect(reason).toContain('compressed with gzip, and holds more than 16 MiB');
      expect((await get(service, '/readyz')).status).toBe(200);
    }
  });
});

describe('topics whose compression.type is', () => {
  const topics = serviceNames.map((service) => `${service}.events`);

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('%s carry ordinary orders to their end', async (type) => {
    try {
      await keepCompressed(topics, type);
      expect(await orders(4)).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
    } finally {
      await keepCompressed(topics, 'producer');
    }
  });
});
