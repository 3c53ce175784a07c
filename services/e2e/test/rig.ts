import { ROOT_CONTEXT } from '@opentelemetry/api';
import { PrismaPg } from '@prisma/adapter-pg';
import type {
  Config,
  Database,
  Incoming,
  IncomingCommand,
  IncomingEvent,
  IncomingTask,
  ServiceDefinition,
  Sql,
} from '@troupe/chassis';
import { readConfig, unitOfWork, uuidv7 } from '@troupe/chassis';
import { cloneDatabase, connections, query } from '@troupe/chassis/testing';
import type { DomainEvent } from '@troupe/schemas';
import pg from 'pg';
import type { z } from 'zod';

/** A service's units of work on a real database, without Kafka: what its consumer would give them is given by the test. */
export interface Rig {
  readonly url: string;
  /** Texts of all statements since the last call. */
  statements(): readonly string[];
  work(batch: readonly Incoming[]): ReturnType<typeof unitOfWork>;
  close(): Promise<void>;
}

export async function rigOf<Row, State, Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Row, State, Tx, Db, Shape>,
  service: string,
  poolOf: (url: string) => pg.PoolConfig | Promise<pg.PoolConfig> = connections,
): Promise<Rig> {
  const { url, drop } = await cloneDatabase(service);
  const seen: string[] = [];
  const pool = new pg.Pool({ ...(await poolOf(url)), max: 4 });
  pool.on('connect', (client) => watch(client, seen));
  const database = definition.database(new PrismaPg(pool));
  const config = settings(definition.settings, url);
  const table = typeof definition.table === 'function' ? definition.table(config) : definition.table;
  const encode = (event: DomainEvent): Buffer => Buffer.from(JSON.stringify(event.data));
  return {
    url,
    statements: () => seen.splice(0),
    work: (batch) =>
      unitOfWork(batch, { database, table, repository: definition.repository, encode, freeCalls: () => 1 }),
    close: async () => {
      await database.$disconnect();
      await pool.end();
      await drop();
    },
  };
}

function settings<Shape extends z.ZodRawShape>(shape: Shape, url: string): Config<Shape> {
  return readConfig(shape, {
    PORT: '0',
    DATABASE_URL: url,
    KAFKA_BROKERS: 'localhost:9092',
    REGISTRY_URL: 'http://localhost:8081/apis/ccompat/v7',
  });
}

function watch(client: pg.PoolClient, seen: string[]): void {
  const send = client.query.bind(client) as (...args: unknown[]) => unknown;
  const counted = (...args: unknown[]): unknown => {
    const [what] = args;
    seen.push(typeof what === 'string' ? what : (what as { text: string }).text);
    return send(...args);
  };
  client.query = counted as typeof client.query;
}

/** An event as the intake makes it. */
export function incoming(event: DomainEvent, id = uuidv7()): IncomingEvent {
  const { orderId } = event.data;
  const value = Buffer.from(JSON.stringify(event.data));
  return {
    kind: 'event',
    id,
    type: event.type,
    key: orderId,
    data: event.data,
    causationId: id,
    correlationId: orderId,
    parent: ROOT_CONTEXT,
    payloadHash: Buffer.from(id.replaceAll('-', ''), 'hex'),
    record: {
      topic: 'test.events',
      partition: 0,
      offset: '0',
      timestampMs: 0,
      key: Buffer.from(orderId),
      value,
      headers: {},
    },
  };
}

export const many = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

/** A PlaceOrder command as the API makes it. */
export function placed(orderId: string, at = 0): IncomingCommand {
  const items = [{ sku: `SKU-${String((at % 40) + 1).padStart(3, '0')}`, quantity: 1, unitPrice: 1_000 }];
  const data = {
    orderId,
    customerId: 'demo',
    items,
    total: 1_000,
    currency: 'USD',
    deadlineMs: 60_000,
    paymentToken: 'tok_ok',
  };
  return {
    kind: 'command',
    type: 'PlaceOrder',
    key: orderId,
    data,
    causationId: uuidv7(),
    correlationId: orderId,
    parent: ROOT_CONTEXT,
    claim: undefined,
    answer: () => ({ status: 202, body: {} }),
  };
}

/** What the outside would answer to every pending call of a name, as the task runner brings it. */
export async function answersOf(rig: Rig, name: string, outcomeOf: (key: string) => unknown): Promise<IncomingTask[]> {
  const rows = await query<{ id: string; key: string; data: unknown }>(
    rig.url,
    `SELECT id::text, key, data FROM task WHERE name = '${name}' AND kind = 'call' ORDER BY id`,
  );
  return rows.map(({ id, key, data }) => ({
    kind: 'call',
    id,
    type: name,
    key,
    data: { request: data, outcome: outcomeOf(key) },
    causationId: id,
    correlationId: key,
    parent: ROOT_CONTEXT,
  }));
}
