import { afterEach, describe, expect, it } from '@jest/globals';
import { type IncomingEvent, uuidv7 } from '@troupe/chassis';
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

/** The batches of one service, one after the other, for the same orders. */
type Batches = (rig: Rig, ids: readonly string[]) => AsyncIterable<Parameters<Rig['work']>[0]>;

describe('the number of SQL statements for a batch of 500 messages equals that for a batch of 5', () => {
  let rig: Rig;
  afterEach(() => rig.close());

  const services: readonly [string, () => Promise<Rig>, Batches][] = [
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
      'order, when it is the conductor',
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
      'payment, when a conductor asks',
      () => rigOf(paymentService, 'payment'),
      async function* (rig, ids) {
        const due = { customerId, amount, currency, paymentToken: 'tok_ok' };
        yield asked(ids, 'ChargeOrder', (at) => ({ ...due, items: items(at) }));
        yield await answersOf(rig, 'Charge', (orderId) => ({ kind: 'charged', chargeId: `ch_${orderId}` }));
        yield asked(ids, 'RefundOrder', () => ({ reason: 'ORDER_CANCELLED' }));
      },
    ],
    [
      'inventory, when a conductor asks',
      () => rigOf(inventoryService, 'inventory'),
      async function* (_rig, ids) {
        yield asked(ids, 'ReserveItems', (at) => ({ items: items(at) }));
        yield asked(ids, 'ReleaseItems', (at) => ({ items: items(at), reason: 'ORDER_CANCELLED' }));
      },
    ],
    [
      'shipping, when a conductor asks',
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

  it.each(services)('%s', async (_name, open, batches) => {
    rig = await open();
    const [few, lots] = [await countsOf(5), await countsOf(500)];
    expect(lots).toEqual(few);
    expect(few.every((count) => count >= 4 && count <= 14)).toBe(true);

    async function countsOf(size: number): Promise<number[]> {
      const counts: number[] = [];
      for await (const batch of batches(
        rig,
        many(size, () => uuidv7()),
      )) {
        expect(batch).toHaveLength(size);
        rig.statements();
        const { outcomes } = await rig.work(batch);
        counts.push(rig.statements().length);
        expect(outcomes.filter(({ kind }) => kind === 'dead' || kind === 'refused' || kind === 'duplicate')).toEqual(
          [],
        );
      }
      return counts;
    }
  });
});
