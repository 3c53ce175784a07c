import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { type Admin, type Consumer, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { type Logger, pino } from 'pino';
import { KafkaClient, type KafkaOptions } from '../../src/kafka/client.ts';
import type { KafkajsCodec } from '../../src/kafka/patches/patch-kafkajs.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { fromStack } from '../../src/testing/stack.ts';
import { type TcpProxy, tcpProxy } from '../../src/testing/tcp-proxy.ts';
import { eventually } from '../testing/eventually.ts';

export const brokers = (): string[] => fromStack('TEST_KAFKA_BROKERS').split(',');

/** A client of the code under test, with what it reports. */
export interface ClientUnderTest {
  readonly kafka: KafkaClient;
  readonly readiness: Readiness;
  readonly log: Logger;
  /** Messages of warnings and errors. */
  readonly complaints: string[];
}

let codec: KafkajsCodec = 'fast';

/** For all clients of this test file. */
export function useCodec(used: KafkajsCodec): void {
  codec = used;
}

export function clientUnderTest(at: readonly string[] = brokers(), over: Partial<KafkaOptions> = {}): ClientUnderTest {
  const complaints: string[] = [];
  const write = (line: string): void => void complaints.push((JSON.parse(line) as { msg: string }).msg);
  const log = pino({ level: 'warn' }, { write });
  const readiness = new Readiness();
  const kafka = new KafkaClient({ brokers: at, clientId: 'test', codec, readiness, log, ...over });
  return { kafka, readiness, log, complaints };
}

/** A client all of whose connections go through a proxy, which can cut them and lose answers. */
export async function clientBehindProxy(): Promise<ClientUnderTest & { readonly proxy: TcpProxy }> {
  const proxy = await tcpProxy(`http://${brokers()[0]}`);
  const port = Number(new URL(proxy.url).port);
  return {
    ...clientUnderTest(undefined, { connect: ({ onConnect }) => net.connect(port, '127.0.0.1', onConnect) }),
    proxy,
  };
}

/** Topics of one test file, and a way to look at them that is not the code under test. */
export class Topics {
  readonly prefix = `test-${randomUUID().slice(0, 8)}.`;
  readonly kafka = new Kafka({ brokers: brokers(), clientId: 'test-observer', logLevel: logLevel.NOTHING });
  readonly admin: Admin = this.kafka.admin();
  readonly #made: string[] = [];
  readonly #readers: Consumer[] = [];

  async create(name: string, partitions = 1, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const topic = `${this.prefix}${name}`;
    const configEntries = Object.entries(settings).map(([setting, value]) => ({ name: setting, value }));
    await this.admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic, numPartitions: partitions, configEntries }],
    });
    this.#made.push(topic);
    await eventually(() => this.#hasLeaders(topic), `${topic} can be used`);
    return topic;
  }

  /** A broker that has made a topic may say for a moment that there is none. */
  async #hasLeaders(topic: string): Promise<boolean> {
    const found = await this.admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    return found?.topics[0]?.partitions.every(({ leader }) => leader >= 0) ?? false;
  }

  /** Collects everything on a topic, from its beginning, as it comes. */
  async read(topic: string): Promise<(KafkaMessage & { partition: number })[]> {
    const consumer = this.kafka.consumer({ groupId: `observer-${randomUUID()}`, maxWaitTimeInMs: 100 });
    this.#readers.push(consumer);
    const messages: (KafkaMessage & { partition: number })[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message, partition }) => {
        const { headers = {} } = message;
        messages.push({ ...message, headers, partition } as KafkaMessage & { partition: number });
      },
    });
    return messages;
  }

  async send(topic: string, values: readonly string[], partition = 0): Promise<void> {
    const producer = this.kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: values.map((value) => ({ value, partition })) });
    await producer.disconnect();
  }

  /** The offset that a group has committed; undefined when it has none. */
  async committed(groupId: string, topic: string, partition = 0): Promise<number | undefined> {
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    const offset = offsets?.partitions.find((one) => one.partition === partition)?.offset;
    return offset === undefined || offset === '-1' ? undefined : Number(offset);
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.disconnect()));
    if (this.#made.length > 0) await this.admin.deleteTopics({ topics: this.#made });
    await this.admin.disconnect();
  }
}

/** A way to the broker on which nobody gets through until it is opened. Only the first contact goes through it. */
export async function brokerDoor(): Promise<{ address: string; open(): void; close(): Promise<void> }> {
  const [host = '', port = ''] = (brokers()[0] ?? '').split(':');
  let isOpen = false;
  const server = net.createServer((socket) => {
    if (!isOpen) return void socket.resetAndDestroy();
    const broker = net.connect(Number(port), host);
    socket.pipe(broker).pipe(socket);
    for (const end of [socket, broker]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    open() {
      isOpen = true;
    },
    close: async () => void server.close(),
  };
}

export const values = (messages: readonly { value: Buffer | null }[]): string[] =>
  messages.map(({ value }) => String(value));

/** Waits until the topic has this many records. */
export async function hasRecords(messages: readonly unknown[], count: number): Promise<void> {
  await eventually(() => messages.length >= count, `${count} records on the topic (there are ${messages.length})`);
}
