import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Message } from '../message.ts';
import type { PeerSettings } from '../settings.ts';
import type { Sql } from '../steps.ts';
import { publishForEver, receive, send } from './outbox.ts';

/** What a service does about a message. */
export interface Reaction {
  /** Before the transaction: the call to the outside, with what it answers. */
  call?(heard: Message): Promise<string | undefined>;
  /** In the transaction; answers what to say. */
  write(sql: Sql, heard: Message, called: string | undefined): Promise<Message | undefined>;
  /** After the commit. */
  done?(heard: Message): void;
}

/** A service as tutorials write it. */
export interface TutorialService {
  readonly name: string;
  readonly hears: readonly string[];
  readonly reactions: Readonly<Record<string, Reaction>>;
}

export interface Running {
  /** Writes in one transaction with what is to be said. */
  transact(write: (sql: Sql) => Promise<Message | undefined>): Promise<void>;
}

/** Each message in a transaction of its own: inbox, state, outbox. Partitions are worked on side by side. */
const PARTITIONS_AT_ONCE = 6;

/** Runs the service in this process: consumer (`eachMessage`), polling publisher, a pool of ten connections. */
export async function run(service: TutorialService, settings: PeerSettings): Promise<Running> {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 10 });
  const kafka = new Kafka({ clientId: service.name, brokers: [settings.brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  const transact: Running['transact'] = (write) => inTransaction(pool, write);
  if (service.hears.length > 0) await consume(service, kafka, transact);
  void publishForEver(pool, producer, `${service.name}.events`);
  return { transact };
}

async function consume(service: TutorialService, kafka: Kafka, transact: Running['transact']): Promise<void> {
  const consumer = kafka.consumer({ groupId: service.name });
  await consumer.connect();
  await consumer.subscribe({ topics: [...service.hears], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    eachMessage: async ({ message: { value } }) => {
      const heard = JSON.parse(String(value)) as Message;
      const reaction = service.reactions[heard.type];
      if (reaction === undefined) return;
      const called = await reaction.call?.(heard);
      await transact(async (sql) => ((await receive(sql, heard)) ? reaction.write(sql, heard, called) : undefined));
      reaction.done?.(heard);
    },
  });
}

async function inTransaction(pool: pg.Pool, write: (sql: Sql) => Promise<Message | undefined>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const said = await write(client);
    if (said !== undefined) await send(client, said);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
