import { Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';
import type { Sql } from '../business/steps.ts';
import type { Message } from '../choreography/message.ts';
import type { Heard, Service } from '../choreography/services.ts';
import type { Runtime } from '../choreography/start.ts';
import type { PeerSettings } from '../settings.ts';
import { Queue, type Worked } from './queue.ts';
import * as steps from './steps.ts';

/** All that has arrived, from all partitions and clients, in one transaction. */
export const bareRuntime: Runtime = { steps, run };

async function run(service: Service, settings: PeerSettings): Promise<(message: Message) => Promise<void>> {
  const client = new pg.Client({ connectionString: settings.databaseUrl });
  await client.connect();
  const kafka = new Kafka({ clientId: service.name, brokers: [settings.brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  const queue = new Queue(batches(service, client, producer));
  const handle = async (message: Message): Promise<void> => {
    const reaction = service.reactions[message.type];
    if (reaction !== undefined) await queue.push({ message, called: await reaction.call?.(message) });
  };
  if (service.hears.length > 0) await consume(service, kafka, handle);
  return handle;
}

/** At once: all that there are. */
const PARTITIONS = 64;

async function consume(service: Service, kafka: Kafka, handle: (message: Message) => Promise<void>): Promise<void> {
  const consumer = kafka.consumer({ groupId: service.name });
  await consumer.connect();
  await consumer.subscribe({ topics: [...service.hears], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS,
    autoCommitInterval: 1_000,
    eachBatch: async ({ batch: { messages } }) => {
      await Promise.all(messages.map(({ value }) => handle(JSON.parse(String(value)) as Message)));
    },
  });
}

/** One transaction for a batch; what it says is published from memory right behind it, while the next one runs. */
function batches({ name, reactions }: Service, client: pg.Client, producer: Producer) {
  const topic = `${name}.events`;
  let published: Promise<unknown> = Promise.resolve();
  return async (batch: readonly Heard[]): Promise<Worked> => {
    const said = await inTransaction(client, (sql) => write(sql, batch, reactions));
    const messages = said.map((message) => ({ key: message.order.orderId, value: JSON.stringify(message) }));
    if (messages.length > 0) published = published.then(() => producer.send({ topic, messages }));
    for (const { message } of batch) reactions[message.type]?.done?.(message);
    return { settled: published.then(() => undefined) };
  };
}

async function write(sql: Sql, batch: readonly Heard[], reactions: Service['reactions']): Promise<Message[]> {
  const fresh = await steps.receive(
    sql,
    batch.map(({ message }) => message),
  );
  const said: Message[] = [];
  for (const [type, reaction] of Object.entries(reactions)) {
    const heard = batch.filter(({ message }) => message.type === type && fresh.has(message.id));
    if (heard.length > 0) said.push(...(await reaction.write(sql, heard)));
  }
  if (said.length > 0) await steps.send(sql, said);
  return said;
}

async function inTransaction<Result>(client: pg.Client, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  await client.query('BEGIN');
  const result = await work(client);
  await client.query('COMMIT');
  return result;
}
