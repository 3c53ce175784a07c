import { ROOT_CONTEXT } from '@opentelemetry/api';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Config, Database, ServiceDefinition, Sql } from '@troupe/chassis';
import { uuidv7 } from '@troupe/chassis';
import type {
  Committed,
  Incoming,
  IncomingCommand,
  IncomingEvent,
  IncomingTask,
  KafkaRecord,
  Transactions,
} from '@troupe/chassis/internal';
import { BatchLoop, type DeadLetters, deadLetters, readConfig, rehearse, unitOfWork } from '@troupe/chassis/internal';
import {
  cloneDatabase,
  connections,
  endingRoute,
  type Front,
  type FrontLimits,
  front,
  query,
  RowChanges,
  type RowsRead,
  rowsReadBy,
  workConnection,
} from '@troupe/chassis/testing';
import type { DomainEvent } from '@troupe/schemas';
import { actingCustomers, orderOf } from '@troupe/shop';
import pg from 'pg';
import type { z } from 'zod';

/** A service's units of work on a real database, without Kafka: what its consumer would give them is given by the test. */
export interface Rig<State = unknown> {
  readonly url: string;
  /** Texts of all statements since the last call. */
  statements(): readonly string[];
  work(batch: readonly Incoming[]): ReturnType<typeof unitOfWork>;
  /** Does it, and says what was read for it. */
  rowsReadBy(batch: readonly Incoming[]): Promise<Committed & { readonly read: RowsRead }>;
  /** The batch loop over these units of work: halves a batch that the database refuses. */
  readonly loop: BatchLoop<State>;
  readonly deadLetters: DeadLetters;
  /** All its routes over HTTP, those of operators too, on the batch loop; close it before the rig. */
  serve(limits?: FrontLimits): Promise<Front>;
  close(): Promise<void>;
}

export async function rigOf<Row, State, Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Row, State, Tx, Db, Shape>,
  service: string,
  poolOf: (url: string) => pg.PoolConfig | Promise<pg.PoolConfig> = connections,
): Promise<Rig<State>> {
  const { url, drop } = await cloneDatabase(service);
  const seen: string[] = [];
  const prisma = definition.database(new PrismaPg(connections(url)));
  const database = workConnection(watched(await poolOf(url), seen));
  const config = settings(definition.settings, url);
  const table = typeof definition.table === 'function' ? definition.table(config) : definition.table;
  const encode = (event: DomainEvent): Buffer => Buffer.from(JSON.stringify(event.data));
  const parts = {
    database,
    table,
    repository: definition.repository,
    encode,
    callCapacity: () => ({ take: () => true }),
    replayLimit: 3,
    eventDepthLimit: 64,
  };
  const changes = new RowChanges();
  const observer = { ...nobody, committed: (_: unknown, { changed }: Committed) => changes.committed(changed) };
  const loop = new BatchLoop<State>({ work: (batch) => unitOfWork(batch, parts), decode, observer });
  const kept = deadLetters({
    database: prisma,
    decode,
    handleAgain: (messages) => loop.handleAgain(messages),
    rehearse: (messages) => rehearse(messages, parts),
  });
  return {
    url,
    statements: () => seen.splice(0),
    work: (batch) => unitOfWork(batch, parts),
    rowsReadBy: async (batch) => {
      let read: RowsRead = {};
      const counting = reading(database, (rows) => {
        read = rows;
      });
      const committed = await unitOfWork(batch, { ...parts, database: counting });
      return { ...committed, read };
    },
    loop,
    deadLetters: kept,
    serve: (limits = {}) => {
      const ending = endingRoute<State>(prisma, definition.ports?.(config) ?? []);
      const routes = [...definition.api({ database: prisma, config, changes }), ...ending];
      return front({
        routes,
        commands: loop,
        database: prisma,
        limits,
        actors: actingCustomers,
        operated: { deadLetters: kept, table },
      });
    },
    close: async () => {
      await database.close();
      await prisma.$disconnect();
      await drop();
    },
  };
}

/** What the batch loop does: gives the batch again until it is committed. Tells each failure. */
export async function insist(rig: Rig, batch: readonly Incoming[], failed: (failure: unknown) => void) {
  for (;;) {
    try {
      return await rig.work(batch);
    } catch (failure) {
      failed(failure);
    }
  }
}

function settings<Shape extends z.ZodRawShape>(shape: Shape, url: string): Config<Shape> {
  return readConfig(shape, {
    PORT: '0',
    DATABASE_URL: url,
    KAFKA_BROKERS: 'localhost:9092',
    REGISTRY_URL: 'http://localhost:8081/apis/ccompat/v7',
  });
}

/** Connections that keep the text of every statement. Those that still close when the database is dropped bother nobody. */
function watched(config: pg.PoolConfig, seen: string[]): pg.PoolConfig {
  class Watched extends pg.Client {
    constructor(settings?: pg.ClientConfig) {
      super(settings);
      this.on('error', () => undefined);
      const send = this.query.bind(this) as (...args: unknown[]) => unknown;
      const counted = (...args: unknown[]): unknown => {
        const [what] = args;
        seen.push(
          ...(typeof what === 'string'
            ? [what]
            : ((what as { texts?: string[] }).texts ?? [(what as { text: string }).text])),
        );
        return send(...args);
      };
      this.query = counted as typeof this.query;
    }
  }
  return { ...config, Client: Watched };
}

/** Transactions that count what they read; so COMMIT cannot go with their last statement. */
function reading(database: Transactions, tell: (read: RowsRead) => void): Transactions {
  return {
    $transaction: (work) =>
      database.$transaction(async (tx) => {
        const open: Sql = {
          pipelines: tx.pipelines === true,
          $queryRawUnsafe: (sql, ...values) => tx.$queryRawUnsafe(sql, ...values),
          $executeRawUnsafe: (sql, ...values) => tx.$executeRawUnsafe(sql, ...values),
        };
        const { result, read } = await rowsReadBy(tx, () => work(open));
        tell(read);
        return result;
      }),
  };
}

const nobody = {
  committed: () => undefined,
  waiting: () => undefined,
  nothingWaits: () => undefined,
  failed: () => undefined,
};

let lastOffset = 0;

/** An event as the intake makes it, from a record of its own. */
export function incoming(event: DomainEvent, id = uuidv7()): IncomingEvent {
  lastOffset += 1;
  return fromRecord({
    topic: 'test.events',
    partition: 0,
    offset: String(lastOffset),
    timestampMs: 0,
    key: Buffer.from(orderOf(event)),
    value: Buffer.from(JSON.stringify(event.data)),
    headers: { ce_id: id, ce_type: event.type },
  });
}

const decode = async (records: readonly KafkaRecord[]): Promise<readonly IncomingEvent[]> => records.map(fromRecord);

/** What the intake makes of a record that `incoming` made, also when it comes back from where it was set aside. */
function fromRecord(record: KafkaRecord): IncomingEvent {
  const { ce_id: id = '', ce_type: type = '' } = record.headers;
  const data = JSON.parse(String(record.value));
  return {
    kind: 'event',
    id,
    type,
    key: data.orderId,
    data,
    causationId: id,
    depth: 1,
    correlationId: data.orderId,
    parent: ROOT_CONTEXT,
    payloadHash: Buffer.from(id.replaceAll('-', ''), 'hex'),
    record,
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
  return commanded('PlaceOrder', data);
}

/** A command as the API makes it, without an idempotency key. */
export function commanded(type: string, data: { readonly orderId: string }): IncomingCommand {
  const { orderId } = data;
  return {
    kind: 'command',
    type,
    key: orderId,
    data,
    causationId: uuidv7(),
    depth: 1,
    correlationId: orderId,
    parent: ROOT_CONTEXT,
    claim: undefined,
    answer: () => ({ status: 202, body: {} }),
  };
}

/** The same with a key of its own. */
export function claimed(command: IncomingCommand): IncomingCommand {
  const claim = { scope: `orchestrator ${command.type}`, key: command.key, requestHash: Buffer.alloc(32) };
  return { ...command, claim };
}

/** What the outside would answer to every pending call of a name, as the task runner brings it. */
export async function answersOf(rig: Rig, name: string, outcomeOf: (key: string) => unknown): Promise<IncomingTask[]> {
  const rows = await query<{ id: string; key: string; data: unknown }>(
    rig.url,
    `SELECT id::text, key, data FROM chassis.task WHERE name = '${name}' AND kind = 'call' ORDER BY id`,
  );
  return rows.map(({ id, key, data }) => ({
    kind: 'call',
    id,
    type: name,
    key,
    data: { request: data, outcome: outcomeOf(key) },
    causationId: id,
    depth: 1,
    correlationId: key,
    parent: ROOT_CONTEXT,
  }));
}
