import { Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';
import type { Message } from '../message.ts';
import type { PeerSettings } from '../settings.ts';
import type { Sql } from '../steps.ts';
import { Queue, type Worked } from './queue.ts';
import { receive, send } from './steps.ts';

/** A message, with what the outside has answered about it. */
export interface Heard {
  readonly message: Message;
  readonly called: string | undefined;
}

/** What a service does about all messages of a type in a batch. */
export interface BareReaction {
  /** Before the transaction, for each message: the call to the outside, with what it answers. */
  call?(message: Message): Promise<string | undefined>;
  /** In the transaction; answers what to say. */
  write(sql: Sql, heard: readonly Heard[]): Promise<readonly Message[]>;
  /** After the commit. */
  done?(message: Message): void;
}

export interface BareService {
  readonly name: string;
  readonly hears: readonly string[];
  readonly reactions: Readonly<Record<string, BareReaction>>;
}

/** Runs the service in this process: all that has arrived, from all partitions and clients, in one transaction. */
export async function run(service: BareService, settings: PeerSettings): Promise<(message: Message) => Promise<void>> {
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

async function consume(service: BareService, kafka: Kafka, handle: (message: Message) => Promise<void>): Promise<void> {
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
function batches({ name, reactions }: BareService, client: pg.Client, producer: Producer) {
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

async function write(sql: Sql, batch: readonly Heard[], reactions: BareService['reactions']): Promise<Message[]> {
  const fresh = await receive(
    sql,
    batch.map(({ message }) => message),
  );
  const said: Message[] = [];
  for (const [type, reaction] of Object.entries(reactions)) {
    const heard = batch.filter(({ message }) => message.type === type && fresh.has(message.id));
    if (heard.length > 0) said.push(...(await reaction.write(sql, heard)));
  }
  if (said.length > 0) await send(sql, said);
  return said;
}

async function inTransaction<Result>(client: pg.Client, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  await client.query('BEGIN');
  const result = await work(client);
  await client.query('COMMIT');
  return result;
}
