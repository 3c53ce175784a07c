import { randomUUID } from 'node:crypto';
import { type IHeaders, Kafka, logLevel, type Producer } from 'kafkajs';
import type { Context } from '../stack/context.ts';
import { lastRecord } from './last-record.ts';
import { LabRefusal } from './refusal.ts';

/** Something wrong that is sent once. */
export interface Send {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Of its button. */
  readonly label: string;
  /** Returns what was sent, in a sentence. */
  send(key: string | undefined): Promise<string>;
}

const TOPIC = 'order.events';

export function sends({ addresses }: Context): readonly Send[] {
  const kafka = new Kafka({
    clientId: 'troupe-lab',
    brokers: addresses.brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 2 },
  });
  return [
    {
      id: 'poison',
      title: 'Poison message',
      text: 'bytes that are no event: a dead letter, and what parks behind it',
      label: `Send to ${TOPIC}`,
      send: async (key = randomUUID()) => {
        await produced(kafka, { key: Buffer.from(key), value: Buffer.from('These bytes are no event.'), headers: {} });
        return `Bytes that are no event are in ${TOPIC}, with the key ${key}.`;
      },
    },
    {
      id: 'twice',
      title: 'The same event twice',
      text: 'the inbox drops the second',
      label: 'Send',
      send: async () => {
        const last = await lastRecord(kafka, TOPIC);
        if (last === undefined) throw new LabRefusal(`${TOPIC} holds no event yet: place an order first.`);
        await produced(kafka, last);
        return `The last event of ${TOPIC}, ${last.headers.ce_id ?? ''}, is there once more.`;
      },
    },
  ];
}

interface Sent {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

async function produced(kafka: Kafka, message: Sent): Promise<void> {
  const producer: Producer = kafka.producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    await producer.send({ topic: TOPIC, messages: [message] });
  } catch (error) {
    throw new LabRefusal(`Kafka does not take it: ${(error as Error).message}`);
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}
