import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { query } from '@troupe/chassis/testing';
import { type Stack, startStack } from '@troupe/embedded';
import { type AnyEventType, createCodec, type DomainEvent } from '@troupe/schemas';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { SagaDetail, SagaPage, SagaRow } from '../../src/contract/saga.ts';
import type { ServicesView } from '../../src/contract/services.ts';
import type { TopicsView } from '../../src/contract/topics.ts';

export type Heal = () => Promise<unknown>;

/** A running stack with its console, in which parts may be broken. */
export class Ground {
  readonly stack: Stack;
  readonly #dataDir: string;
  readonly #kafka: Kafka;

  private constructor(stack: Stack, dataDir: string) {
    this.stack = stack;
    this.#dataDir = dataDir;
    this.#kafka = new Kafka({ brokers: stack.addresses.brokers.split(','), logLevel: logLevel.NOTHING });
  }

  static async open(): Promise<Ground> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-test-faults-'));
    const ground = new Ground(await startStack({ dataDir, ports: 'free', console: true }), dataDir);
    // A console that has just started has not heard everybody yet.
    if (!(await within(60_000, () => ground.#stands(), Boolean))) throw new Error('The stack does not stand.');
    return ground;
  }

  async #stands(): Promise<boolean> {
    const get = async <View>(address: string): Promise<View> =>
      (await (await fetch(`${this.stack.addresses.consoleUrl}${address}`)).json()) as View;
    const [{ services, around }, { groups }] = await Promise.all([
      get<ServicesView>('/api/services'),
      get<TopicsView>('/api/topics'),
    ]);
    return groups.length > 0 && [...services, ...around].every(({ standing }) => standing === 'ready');
  }

  async close(): Promise<void> {
    await this.stack.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async saga(orderId: string): Promise<SagaDetail | undefined> {
    const answer = await fetch(`${this.stack.addresses.consoleUrl}/api/sagas/${orderId}`);
    return answer.status === 200 ? ((await answer.json()) as SagaDetail) : undefined;
  }

  /** Its row in the list. */
  async listed(orderId: string): Promise<SagaRow | undefined> {
    const answer = await fetch(`${this.stack.addresses.consoleUrl}/api/sagas?q=${orderId}`);
    return ((await answer.json()) as SagaPage).items[0];
  }

  /** Places an order; its id. */
  async place(sku: string, paymentToken = 'tok_ok', route = '/orders'): Promise<string> {
    const answer = await this.post('order', route, { items: [{ sku, quantity: 1 }], paymentToken });
    return (answer as { readonly orderId: string }).orderId;
  }

  async post(service: 'order' | 'payment' | 'inventory' | 'shipping', route: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.stack.addresses.serviceUrl(service)}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-operator': 'grace' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`POST ${route} of ${service} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Resolves when a process of the service answers, ready or not. */
  async lives(service: 'inventory' | 'shipping'): Promise<void> {
    const url = `${this.stack.addresses.serviceUrl(service)}/livez`;
    const isAlive = () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    if (!(await within(30_000, isAlive, Boolean))) throw new Error(`${service} does not live.`);
  }

  /** One statement on the database of a service, as its superuser. */
  sql<Row extends pg.QueryResultRow>(service: string, statement: string): Promise<Row[]> {
    return query<Row>(this.databaseUrl(service), statement);
  }

  databaseUrl(service: string): string {
    return Object.assign(new URL(this.stack.addresses.adminUrl), { pathname: `/troupe_${service}` }).href;
  }

  /** Leaves a transaction open behind this statement; healing it rolls back. */
  async open(service: string, statement: string): Promise<Heal> {
    const client = new pg.Client({ connectionString: this.databaseUrl(service) });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN');
    await client.query(statement);
    return () => client.end();
  }

  /** Says an event in the name of its owner, as a foreign producer would. */
  async say(
    type: AnyEventType,
    event: DomainEvent,
    { cause, id = randomUUID() }: { readonly cause: string; readonly id?: string },
  ): Promise<void> {
    const codec = createCodec({ registryUrl: this.stack.addresses.registryUrl });
    await codec.prepare([type]);
    const orderId = (event.data as { readonly orderId: string }).orderId;
    await this.produce(type.topic, orderId, codec.encode(event), {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type.fullName,
      ce_source: type.owner,
      ce_subject: orderId,
      ce_time: new Date().toISOString(),
      ce_correlationid: orderId,
      ce_causationid: cause,
      ce_depth: id === orderId ? '1' : '2',
      'content-type': 'application/avro',
    });
  }

  /** Bytes that nobody can decode, as the next message of an order on a topic. */
  poison(topic: string, orderId: string): Promise<void> {
    const headers = { ce_id: randomUUID(), ce_type: 'troupe.payment.PaymentCompleted' };
    return this.produce(topic, orderId, Buffer.from([0, 0, 0, 0, 1, 255]), headers);
  }

  async produce(topic: string, key: string, value: Buffer, headers: Record<string, string>): Promise<void> {
    const producer = this.#kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, messages: [{ key, value, headers }] });
    await producer.disconnect();
  }

  /** Changes one setting of a topic and keeps the others; healing it sets what was before. */
  async topicSetting(topic: string, name: string, value: string): Promise<Heal> {
    const admin = this.#kafka.admin();
    await admin.connect();
    const TOPIC = 2;
    const described = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: TOPIC, name: topic }],
    });
    const OF_THE_TOPIC = 1;
    const before = (described.resources[0]?.configEntries ?? [])
      .filter((entry) => Number(entry.configSource) === OF_THE_TOPIC)
      .map((entry) => ({ name: entry.configName, value: entry.configValue }));
    const set = (configEntries: { name: string; value: string }[]) =>
      admin.alterConfigs({ validateOnly: false, resources: [{ type: TOPIC, name: topic, configEntries }] });
    await set([...before.filter((entry) => entry.name !== name), { name, value }]);
    return async () => {
      await set(before);
      await admin.disconnect();
    };
  }

  /** Letters of an order that a service has set aside; healing discards them. */
  async discardLetters(services: readonly ('order' | 'payment' | 'inventory')[], orderId: string): Promise<void> {
    for (const service of services) {
      const letters = await this.sql<{ id: string }>(
        service,
        `SELECT id::text FROM chassis.dead_letter WHERE encode(key, 'escape') = '${orderId}' AND status = 'DEAD'`,
      );
      for (const { id } of letters)
        await this.post(service, `/dead-letters/${id}/discard`, { reason: 'It was a test.' });
    }
  }
}

/** Looks until it is as expected; what was seen last. */
export async function within<T>(ms: number, look: () => Promise<T>, asExpected: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (asExpected(seen) || Date.now() > end) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
