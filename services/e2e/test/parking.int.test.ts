import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decided, on, oneRow, reactions, type ServiceDefinition } from '@troupe/chassis';
import type { IncomingEvent } from '@troupe/chassis/internal';
import { connections, query } from '@troupe/chassis/testing';
import { type Prisma, PrismaClient } from '@troupe/notification-database';
import { OrderCreated } from '@troupe/schemas';
import fc from 'fast-check';
import { incoming, type Rig, rigOf } from './rig.ts';

interface Log {
  readonly orderId: string;
  /** Labels of the events that took effect, in their order. */
  readonly labels: readonly string[];
}

/** Labels of the events that cannot be handled for now. */
const broken = new Set<string>();

/** A service that writes down what it hears, for each order. */
const diary: ServiceDefinition<Log, Log | undefined, Prisma.TransactionClient, PrismaClient, Record<never, never>> = {
  table: reactions(
    oneRow<Log>('notification', ({ orderId }) => orderId),
    [
      on(OrderCreated, {
        react({ orderId, customerId: label }, log) {
          if (broken.has(label)) throw new Error(`${label} cannot be handled`);
          return decided({ orderId, labels: [...(log?.labels ?? []), label] });
        },
      }),
    ],
  ),
  repository: {
    async load(tx, keys) {
      const rows = await tx.$queryRawUnsafe<Log[]>(
        'SELECT order_id AS "orderId", labels FROM diary WHERE order_id = ANY($1::text[])',
        keys,
      );
      return new Map(rows.map((row) => [row.orderId, row]));
    },
    async save(tx, rows) {
      for (const { orderId, labels } of rows.values()) {
        await tx.$executeRawUnsafe(
          'INSERT INTO diary VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET labels = excluded.labels',
          orderId,
          labels,
        );
      }
    },
  },
  settings: {},
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  api: () => [],
};

/** Thousands of commits about order and effect, none about power: a run must not depend on how busy the disk is. */
const withoutSync = async (url: string) => ({ ...(await connections(url)), options: '-c synchronous_commit=off' });

let rig: Rig<Log | undefined>;
let run = 0;
beforeAll(async () => {
  rig = await rigOf(diary, 'notification', withoutSync);
  await query(rig.url, 'CREATE TABLE diary (order_id text PRIMARY KEY, labels text[] NOT NULL)');
});
afterAll(() => rig.close());

const ORDERS = 3;
const arrival = fc.record({ order: fc.nat(ORDERS - 1), breaks: fc.boolean() });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('arrive' as const), batch: fc.array(arrival, { maxLength: 6 }) }),
  },
  // The same record again, as after a rebalance, or a copy of it, as after a crash of the relay.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), pick: fc.nat(), copy: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replay' as const), pick: fc.nat(), all: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

class Performance {
  readonly #orders = Array.from({ length: ORDERS }, (_, n) => `run-${run}-order-${n}`);
  readonly arrived: IncomingEvent[] = [];

  async perform(one: Step): Promise<void> {
    switch (one.kind) {
      case 'arrive':
        await this.#arrive(one.batch);
        return;
      case 'again':
        await this.#again(this.arrived[one.pick % this.arrived.length], one.copy);
        return;
      case 'mend':
        broken.delete([...broken][one.pick % broken.size] ?? '');
        return;
      case 'replay': {
        const ids = await this.#dead();
        await rig.deadLetters.replay(one.all ? ids : ids.filter((_, at) => at === one.pick % ids.length));
        return;
      }
      case 'release':
        await rig.deadLetters.release();
        return;
      default:
        one satisfies never;
    }
  }

  /** The operator mends every cause, and lets everything be handled again. */
  async recover(): Promise<void> {
    broken.clear();
    for (let ids = await this.#dead(); ids.length > 0; ids = await this.#dead()) {
      await rig.deadLetters.replay(ids);
      await rig.deadLetters.release();
    }
    await rig.deadLetters.release();
  }

  async #arrive(batch: readonly { order: number; breaks: boolean }[]): Promise<void> {
    const events = batch.map(({ order, breaks }) => {
      const label = `event-${this.arrived.length}`;
      if (breaks) broken.add(label);
      const orderId = this.#orders[order] ?? '';
      const data = { orderId, customerId: label, items: [], amount: 1, currency: 'USD', paymentToken: 'tok_ok' };
      const event = incoming(OrderCreated(data));
      this.arrived.push(event);
      return event;
    });
    if (events.length > 0) await rig.loop.handleAgain(events);
  }

  async #again(event: IncomingEvent | undefined, copy: boolean): Promise<void> {
    if (event === undefined) return;
    const { offset } = copy ? incoming(OrderCreated(event.data as never)).record : event.record;
    const record = { ...event.record, offset };
    await rig.loop.handleAgain([{ ...event, record }]);
  }

  async #dead(): Promise<string[]> {
    const rows = await query<{ id: string }>(
      rig.url,
      `SELECT id::text FROM chassis.dead_letter WHERE status IN ('DEAD', 'QUARANTINED') ORDER BY position`,
    );
    return rows.map(({ id }) => id);
  }
}

/** A run takes some 90 ms. One that takes this long hangs, and is told with its steps. */
const HANGS_MS = 60_000;
const ALL_RUNS_MS = 240_000;

async function performed(steps: readonly Step[]): Promise<void> {
  run += 1;
  broken.clear();
  const performance = new Performance();
  for (const one of steps) await performance.perform(one);
  await performance.recover();
  const logs = await query<{ order_id: string; labels: string[] }>(
    rig.url,
    `SELECT order_id, labels FROM diary WHERE order_id LIKE 'run-${run}-%'`,
  );
  const expected = new Map<string, string[]>();
  for (const { key, data } of performance.arrived) {
    expected.set(key, [...(expected.get(key) ?? []), (data as { customerId: string }).customerId]);
  }
  expect(new Map(logs.map(({ order_id, labels }) => [order_id, labels]))).toEqual(expected);
  expect(await query(rig.url, 'SELECT FROM chassis.dead_letter WHERE settled_at IS NULL')).toHaveLength(0);
}

describe('events of one order', () => {
  it(
    'take effect once each and in their order, whatever breaks, is parked, comes again or is replayed',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), performed),
        // What failed is told at once with its seed: to shrink it would take longer than the test may.
        { numRuns: 60, timeout: HANGS_MS, endOnFailure: true },
      );
    },
    ALL_RUNS_MS,
  );

  // Found by the simulation: the copy counted as handled, and the event itself was never handled again.
  it('are not lost when one dies after it was parked, and a copy of it that was parked as well is in its batch', () =>
    performed([
      {
        kind: 'arrive',
        batch: [
          { order: 0, breaks: true },
          { order: 0, breaks: true },
        ],
      },
      { kind: 'again', pick: 1, copy: true },
      { kind: 'mend', pick: 0 },
      { kind: 'replay', pick: 0, all: true },
      { kind: 'release' },
    ]));
});
