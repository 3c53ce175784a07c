import { randomUUID } from 'node:crypto';
import type { IHeaders, Kafka } from 'kafkajs';
import { LabRefusal } from './refusal.ts';

interface Last {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

const WITHIN_MS = 15_000;

/** The last record of some partition, byte by byte; undefined of an empty topic. */
export async function lastRecord(kafka: Kafka, topic: string): Promise<Last | undefined> {
  const admin = kafka.admin();
  const groupId = `troupe-lab-${randomUUID()}`;
  try {
    await admin.connect();
    const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => BigInt(high) > BigInt(low));
    if (ends.length === 0) return undefined;
    return await read(kafka, { topic, groupId, ends });
  } catch (error) {
    throw error instanceof LabRefusal ? error : new LabRefusal(`Kafka does not answer: ${(error as Error).message}`);
  } finally {
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
}

interface Place {
  readonly topic: string;
  readonly groupId: string;
  readonly ends: readonly { readonly partition: number; readonly high: string }[];
}

async function read(kafka: Kafka, { topic, groupId, ends }: Place): Promise<Last> {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
  const late = new LabRefusal(`No record of ${topic} came within ${WITHIN_MS / 1000} s.`);
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
    return await new Promise<Last>((resolve, reject) => {
      timer = setTimeout(reject, WITHIN_MS, late);
      const eachMessage = async ({
        message,
      }: {
        message: { key: Buffer | null; value: Buffer | null; headers?: IHeaders };
      }) => resolve({ key: message.key, value: message.value, headers: message.headers ?? {} });
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
      for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: String(BigInt(high) - 1n) });
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect().catch(() => undefined);
  }
}
