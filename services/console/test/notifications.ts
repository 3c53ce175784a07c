import { randomUUID } from 'node:crypto';
import { createCodec, NotificationSent } from '@troupe/schemas';
import { Kafka, logLevel } from 'kafkajs';

const EVERY_MS = 100;
/** A saga has as many events. */
const OF_A_SAGA = 5;

/**
 * Says NotificationSent as often as it is told, for so many seconds. No service hears it: what this takes is taken by the brokers
 * and the console alone.
 */
export async function sayNotifications(
  { brokers, registryUrl }: { readonly brokers: string; readonly registryUrl: string },
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<void> {
  const codec = createCodec({ registryUrl });
  await codec.prepare([NotificationSent]);
  const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const startedAt = Date.now();
  for (let round = 0; round < (seconds * 1_000) / EVERY_MS; round += 1) {
    const sagas = Array.from({ length: (perSecond * EVERY_MS) / 1_000 / OF_A_SAGA }, () => randomUUID());
    const messages = sagas.flatMap((orderId) => Array.from({ length: OF_A_SAGA }, () => message(orderId)));
    await producer.send({ topic: NotificationSent.topic, messages });
    const left = startedAt + (round + 1) * EVERY_MS - Date.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));
  }
  await producer.disconnect();

  function message(orderId: string) {
    const data = { orderId, notificationId: randomUUID(), template: 'ORDER_CONFIRMED', recipient: 'ada@example.com' };
    const headers = {
      ce_specversion: '1.0',
      ce_id: randomUUID(),
      ce_type: NotificationSent.fullName,
      ce_source: NotificationSent.owner,
      ce_subject: orderId,
      ce_time: new Date().toISOString(),
      ce_correlationid: orderId,
      ce_causationid: orderId,
      ce_depth: '2',
      'content-type': 'application/avro',
    };
    return { key: orderId, value: codec.encode(NotificationSent(data)), headers };
  }
}
