import { patchKafkajs } from '@troupe/chassis/internal';
import type { Addresses } from '@troupe/embedded';
import { type Admin, Kafka, logLevel } from 'kafkajs';

/** A connection to the broker that asks about topics and consumer groups, and is silent in the log. */
export async function kafkaAdmin({ brokers }: Pick<Addresses, 'brokers'>): Promise<Admin> {
  patchKafkajs();
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return admin;
}
