import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patchKafkajs } from '@troupe/chassis/internal';
import { query } from '@troupe/chassis/testing';
import { type Stack, serviceNames, silent, startStack, temporaryDataDir } from '@troupe/embedded';
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { type Accepted, ended, eventually, place } from './system.ts';

interface OutboxTrace {
  readonly id: string;
  readonly key: string;
  readonly traceparent: string;
}

/** Everything on the topics of events, as it comes. */
async function readAll(brokers: string): Promise<{ records: KafkaMessage[]; close(): Promise<void> }> {
  patchKafkajs();
  const kafka = new Kafka({ brokers: [brokers], clientId: 'test-observer', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `observer-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const records: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: serviceNames.map((name) => `${name}.events`), fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void records.push(message) });
  return { records, close: () => consumer.disconnect() };
}

/** An order, as soon as the service takes one again. */
const placedInTheEnd = (sku: string): Promise<Accepted> =>
  eventually(
    () => place(sku).catch(() => undefined),
    (order) => order !== undefined,
  ) as Promise<Accepted>;

const header = ({ headers }: KafkaMessage, name: string): string => String(headers?.[name]);

describe('the system with Debezium as its relay', () => {
  let dataDir: string;
  let stack: Stack;

  beforeAll(async () => {
    dataDir = await temporaryDataDir(silent);
    stack = await startStack({ dataDir, ports: 'free', relay: 'debezium' });
    process.env.TEST_ORDER_URL = stack.addresses.serviceUrl('order');
  }, 480_000);
  afterAll(async () => {
    await stack?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('publishes each outbox through Debezium and nothing else, and shows no password', async () => {
    const readers = () =>
      query<{ slot_name: string; application_name: string }>(
        stack.addresses.adminUrl,
        `SELECT slot_name, application_name FROM pg_replication_slots JOIN pg_stat_replication ON pid = active_pid ORDER BY 1`,
      );
    // A connector is said to run a moment before it reads.
    const slots = await eventually(readers, (seen) => seen.length === serviceNames.length);
    expect(slots).toEqual(
      [...serviceNames]
        .sort()
        .map((service) => ({ slot_name: `troupe_${service}_outbox`, application_name: 'Debezium Streaming' })),
    );
    const answer = await fetch(`${stack.addresses.connectUrl}/connectors/order-outbox/config`);
    expect(await answer.json()).toMatchObject({ 'database.password': `\${env:TROUPE_ORDER_PASSWORD}` });
  });

  it('confirms orders, each along one trace: that of the request is in every row and on every record', async () => {
    const { records, close } = await readAll(stack.addresses.brokers);
    const orders = await Promise.all(['SKU-001', 'SKU-002', 'SKU-003'].map((sku) => place(sku)));
    for (const { orderId } of orders) expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED' });
    const rows = await eventually(
      () => rowsOf(orders.map(({ orderId }) => orderId)),
      // order twice, payment, inventory, shipping, notification: for each order.
      (seen) => seen.length === 6 * orders.length,
    );
    await eventually(
      async () => new Set(records.map((record) => header(record, 'ce_id'))),
      (ids) => rows.every(({ id }) => ids.has(id)),
    );
    await close();
    for (const { id, key, traceparent } of rows) {
      const record = records.find((one) => header(one, 'ce_id') === id) as KafkaMessage;
      expect([String(record.key), header(record, 'traceparent')]).toEqual([key, traceparent]);
    }
    for (const { orderId, traceId } of orders) {
      const traces = rows.filter(({ key }) => key === orderId).map(({ traceparent }) => traceparent.split('-')[1]);
      expect(traces).toEqual(Array.from({ length: 6 }, () => traceId));
    }
  });

  it.each(['postgres', 'kafka', 'connect'])('goes on by itself after %s was killed', async (part) => {
    const child = stack.child(part);
    const { pid } = child;
    child.kill('SIGKILL');
    await eventually(
      async () => child.pid,
      (now) => now !== undefined && now !== pid,
    );
    await child.ready();
    const { orderId } = await placedInTheEnd('SKU-004');
    await eventually(
      () => ended(orderId),
      ({ status }) => status === 'CONFIRMED',
    );
  });

  async function rowsOf(orderIds: readonly string[]): Promise<OutboxTrace[]> {
    const rows = await Promise.all(
      serviceNames.map((service) =>
        query<OutboxTrace>(
          stack.addresses.databaseUrl(service),
          'SELECT id::text, aggregateid AS key, traceparent FROM chassis.outbox ORDER BY position',
        ),
      ),
    );
    return rows.flat().filter(({ key }) => orderIds.includes(key));
  }
});
