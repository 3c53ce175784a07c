import { randomUUID } from 'node:crypto';
import { fromStack } from '@troupe/chassis/testing';
import { serviceNames } from '@troupe/services';
import { Kafka, logLevel } from 'kafkajs';

/** A record as a client sees it that knows the conventions of the wire and nothing else. */
export interface Told {
  readonly topic: string;
  readonly key: string;
  /** By name, as text. */
  readonly headers: Readonly<Record<string, string>>;
}

const TOPICS = serviceNames.map((owner) => `${owner}.events`);

/** Everything that is on the topics of events now. */
export async function readTopics(): Promise<readonly Told[]> {
  const kafka = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING });
  const left = await ends(kafka);
  const consumer = kafka.consumer({ groupId: `foreigner-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: TOPICS, fromBeginning: true });
  const told: Told[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const run = consumer.run({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message: { key, headers = {}, offset } }) => {
          const texts = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
          told.push({ topic, key: String(key), headers: Object.fromEntries(texts) });
          const place = `${topic}/${partition}`;
          if (BigInt(offset) + 1n >= (left.get(place) ?? 0n)) left.delete(place);
          if (left.size === 0) resolve();
        },
      });
      run.catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return told;
}

/** Where each partition that is not empty ends. */
async function ends(kafka: Kafka): Promise<Map<string, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const found = await Promise.all(
      TOPICS.map(async (topic) =>
        (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          place: `${topic}/${partition}`,
          low,
          high,
        })),
      ),
    );
    const filled = found.flat().filter(({ low, high }) => BigInt(high) > BigInt(low));
    return new Map(filled.map(({ place, high }) => [place, BigInt(high)]));
  } finally {
    await admin.disconnect();
  }
}
