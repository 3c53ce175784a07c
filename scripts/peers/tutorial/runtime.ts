import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Sql } from '../business/steps.ts';
import type { Message } from '../choreography/message.ts';
import type { Reaction, Service } from '../choreography/services.ts';
import type { Runtime } from '../choreography/start.ts';
import type { PeerSettings } from '../settings.ts';
import { publishForEver, receive, send } from './outbox.ts';
import { steps } from './steps.ts';

/** As tutorials write it: consumer (`eachMessage`), polling publisher, a pool of ten connections. */
export const tutorialRuntime: Runtime = { steps, run };

/** Each message in a transaction of its own: inbox, state, outbox. Partitions are worked on side by side. */
const PARTITIONS_AT_ONCE = 6;

async function run(service: Service, settings: PeerSettings): Promise<(message: Message) => Promise<void>> {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 10 });
  const kafka = new Kafka({ clientId: service.name, brokers: [settings.brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  if (service.hears.length > 0) await consume(service, kafka, pool);
  void publishForEver(pool, producer, `${service.name}.events`);
  // An order comes by HTTP, once: it needs no inbox.
  return (message) => inTransaction(pool, (sql) => react(service.reactions[message.type], sql, message));
}

async function consume(service: Service, kafka: Kafka, pool: pg.Pool): Promise<void> {
  const consumer = kafka.consumer({ groupId: service.name });
  await consumer.connect();
  await consumer.subscribe({ topics: [...service.hears], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    eachMessage: async ({ message: { value } }) => {
      const message = JSON.parse(String(value)) as Message;
      const reaction = service.reactions[message.type];
      if (reaction === undefined) return;
      const called = await reaction.call?.(message);
      await inTransaction(pool, async (sql) => {
        if (await receive(sql, message)) await react(reaction, sql, message, called);
      });
      reaction.done?.(message);
    },
  });
}

async function react(reaction: Reaction | undefined, sql: Sql, message: Message, called?: string): Promise<void> {
  const said = (await reaction?.write(sql, [{ message, called }])) ?? [];
  for (const one of said) await send(sql, one);
}

async function inTransaction(pool: pg.Pool, work: (sql: Sql) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
