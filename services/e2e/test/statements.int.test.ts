import { afterEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import type { Committed, Incoming, IncomingEvent } from '@troupe/chassis/internal';
import { query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { notificationService } from '@troupe/notification';
import { orderService } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import {
  InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  PaymentCompleted,
  PaymentFailed,
} from '@troupe/schemas';
import { shippingService } from '@troupe/shipping';
import { answersOf, claimed, commanded, incoming, many, placed, type Rig, rigOf } from './rig.ts';

const customerId = 'demo';
const currency = 'USD';
const amount = 1_000;
const sku = (at: number): string => `SKU-${String((at % 40) + 1).padStart(3, '0')}`;
const items = (at: number) => [{ sku: sku(at), quantity: 1 }];

const created = (orderId: string, at: number) =>
  OrderCreated({
    orderId,
    customerId,
    items: [{ sku: sku(at), quantity: 1, unitPrice: amount }],
    amount,
    currency,
    paymentToken: 'tok_ok',
  });
const paid = (orderId: string, at: number) =>
  PaymentCompleted({ orderId, paymentId: uuidv7(), customerId, items: items(at), amount, currency });
const cancelled = (orderId: string, at: number) =>
  OrderCancelled({ orderId, customerId, items: items(at), reason: 'CUSTOMER', detail: 'The customer cancelled.' });
const confirmed = (orderId: string, at: number) =>
  OrderConfirmed({ orderId, customerId, items: items(at), amount, currency });

type EventFor = (orderId: string, at: number) => Parameters<typeof incoming>[0];
const asked = (ids: readonly string[], type: string, dataOf: (at: number) => object) =>
  ids.map((orderId, at) => claimed(commanded(type, { orderId, ...dataOf(at) })));
const each = (ids: readonly string[], event: EventFor): IncomingEvent[] => ids.map((id, at) => incoming(event(id, at)));

type Open = () => Promise<Rig>;

/** The batches of one service, one after the other, for the same orders. */
type Batches = (rig: Rig, ids: readonly string[]) => AsyncIterable<Parameters<Rig['work']>[0]>;

const services: readonly [string, Open, Batches][] = [
  [
    'order',
    () => rigOf(orderService, 'order'),
    async function* (_rig, ids) {
      yield ids.map(placed);
      yield each(ids, paid);
      yield each(ids, (orderId) => PaymentFailed({ orderId, reason: 'DECLINED', detail: 'declined' }));
    },
  ],
  [
    'order, when it is the orchestrator',
    () => rigOf(orderService, 'order'),
    async function* (rig, ids) {
      const done = (learned: object) => () => ({ kind: 'done', learned, attempts: 1 });
      yield ids.map((orderId, at) => ({ ...placed(orderId, at), type: 'PlaceOrchestrated' }));
      yield await answersOf(rig, 'ChargePayment', done({ paymentId: uuidv7(), amount }));
      yield await answersOf(rig, 'ReserveStock', done({}));
      const refused = { kind: 'refused', code: 'SHIPMENT_REFUSED', detail: 'Too heavy.', attempts: 1 };
      yield await answersOf(rig, 'ScheduleShipment', () => refused);
      yield await answersOf(rig, 'ReleaseStock', done({}));
      yield await answersOf(rig, 'RefundPayment', done({ amount: 0, byHand: false }));
    },
  ],
  [
    'payment',
    () => rigOf(paymentService, 'payment'),
    async function* (rig, ids) {
      yield each(ids, created);
      yield await answersOf(rig, 'Charge', (orderId) => ({ kind: 'charged', chargeId: `ch_${orderId}` }));
      yield each(ids, cancelled);
    },
  ],
  [
    'payment, when an orchestrator asks',
    () => rigOf(paymentService, 'payment'),
    async function* (rig, ids) {
      const due = { customerId, amount, currency, paymentToken: 'tok_ok' };
      yield asked(ids, 'ChargeOrder', (at) => ({ ...due, items: items(at) }));
      yield await answersOf(rig, 'Charge', (orderId) => ({ kind: 'charged', chargeId: `ch_${orderId}` }));
      yield asked(ids, 'RefundOrder', () => ({ reason: 'ORDER_CANCELLED' }));
    },
  ],
  [
    'inventory, when an orchestrator asks',
    () => rigOf(inventoryService, 'inventory'),
    async function* (_rig, ids) {
      yield asked(ids, 'ReserveItems', (at) => ({ items: items(at) }));
      yield asked(ids, 'ReleaseItems', (at) => ({ items: items(at), reason: 'ORDER_CANCELLED' }));
    },
  ],
  [
    'shipping, when an orchestrator asks',
    () => rigOf(shippingService, 'shipping'),
    async function* (_rig, ids) {
      yield asked(ids, 'ScheduleShipment', (at) => ({ items: items(at) }));
      yield asked(ids, 'CancelShipment', () => ({}));
    },
  ],
  [
    'inventory',
    () => rigOf(inventoryService, 'inventory'),
    async function* (_rig, ids) {
      yield each(ids, paid);
      yield each(ids, confirmed);
      yield each(ids, cancelled);
      yield each(
        ids.map(() => uuidv7()),
        cancelled,
      );
    },
  ],
  [
    'shipping',
    () => rigOf(shippingService, 'shipping'),
    async function* (_rig, ids) {
      yield each(ids, (orderId, at) => InventoryReserved({ orderId, items: items(at) }));
      yield each(ids, cancelled);
    },
  ],
  [
    'notification',
    () => rigOf(notificationService, 'notification'),
    async function* (_rig, ids) {
      yield each(ids, confirmed);
      yield each(ids, cancelled);
    },
  ],
];

let rig: Rig;
afterEach(() => rig.close());

const CROWD = 'somebody else ';

/** What comes of each batch of some new orders; tasks of the crowd stay as they are. */
async function eachBatch<Found>(
  batches: Batches,
  size: number,
  look: (batch: readonly Incoming[]) => Promise<Found>,
): Promise<Found[]> {
  const found: Found[] = [];
  const ids = many(size, () => uuidv7());
  for await (const batch of batches(rig, ids)) {
    found.push(await look(batch.filter((message) => !('key' in message && message.key.startsWith(CROWD)))));
  }
  return found;
}

async function done(batch: readonly Incoming[]): Promise<void> {
  isDone(await rig.work(batch));
}

function isDone({ outcomes }: Committed): void {
  const wrong = outcomes.filter(({ kind }) => kind === 'dead' || kind === 'refused' || kind === 'duplicate');
  expect(wrong).toEqual([]);
}

describe('the number of SQL statements for a batch of 500 messages equals that for a batch of 5', () => {
  it.each(services)('%s', async (_name, open, batches) => {
    rig = await open();
    const [few, lots] = [await countsOf(5), await countsOf(500)];
    expect(lots).toEqual(few);
    expect(few.every((count) => count >= 4 && count <= 14)).toBe(true);

    function countsOf(size: number): Promise<number[]> {
      return eachBatch(batches, size, async (batch) => {
        expect(batch).toHaveLength(size);
        rig.statements();
        await done(batch);
        return rig.statements().length;
      });
    }
  });
});

describe('the rows that a batch of 5 reads are few beside thousands, with plans that were made beside a handful', () => {
  it.each(services)('%s', async (_name, open, batches) => {
    rig = await open();
    await setAside(1);
    await query(rig.url, 'VACUUM ANALYZE');
    const tasks = new Set<string>();
    await eachBatch(batches, 5, async (batch) => {
      await done(batch);
      for (const { name } of await query<{ name: string }>(rig.url, 'SELECT name FROM chassis.task')) tasks.add(name);
    });
    await query(rig.url, 'DELETE FROM chassis.task');
    await query(rig.url, 'VACUUM (ANALYZE, TRUNCATE FALSE) chassis.task');
    await eachBatch(batches, 5, done);
    await eachBatch(batches, 500, done);
    await schedule([...tasks], 5_000);
    await setAside(5_000);
    for (const { read, ...committed } of await eachBatch(batches, 5, (batch) => rig.rowsReadBy(batch))) {
      isDone(committed);
      // The ten steps of a saga are the most that belong to one message.
      expect(Object.entries(read).filter(([, rows]) => rows > 5 * 10)).toEqual([]);
    }
  });

  async function schedule(names: readonly string[], count: number): Promise<void> {
    await query(
      rig.url,
      `INSERT INTO chassis.task (id, kind, name, key, data, due_at, correlation_id, causation_id)
       SELECT gen_random_uuid(), 'call', name, '${CROWD}' || at, '{}', now(), '', ''
       FROM unnest('{${names.join()}}'::text[]) AS name, generate_series(1, ${count}) AS at`,
    );
  }

  async function setAside(count: number): Promise<void> {
    await query(
      rig.url,
      `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", key_text, key, headers, record_time, status)
       SELECT gen_random_uuid(), 'test.events', 1, (SELECT count(*) FROM chassis.dead_letter) + at, '${CROWD}' || at,
              convert_to('${CROWD}' || at, 'UTF8'), '{}', now(), 'PARKED'
       FROM generate_series(1, ${count}) AS at`,
    );
  }
});
