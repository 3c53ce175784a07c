import { afterEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import { query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { notificationService } from '@troupe/notification';
import { paymentService } from '@troupe/payment';
import { type DomainEvent, InventoryReserved, OrderConfirmed, OrderCreated, PaymentCompleted } from '@troupe/schemas';
import { shippingService } from '@troupe/shipping';
import { incoming, type Rig, rigOf } from './rig.ts';

const items = [{ sku: 'SKU-001', quantity: 1 }];
const paid = { customerId: 'demo', items, amount: 1_000, currency: 'USD' };
const due = { ...paid, items: [{ sku: 'SKU-001', quantity: 1, unitPrice: 1_000 }], paymentToken: 'tok_ok' };

/** A service, the fact that makes its business row, and everything that the fact leaves in its database. */
const cases: readonly (readonly [
  service: string,
  open: () => Promise<Rig>,
  fact: (orderId: string) => DomainEvent,
  kept: string,
])[] = [
  [
    'payment charges',
    () => rigOf(paymentService, 'payment'),
    (orderId) => OrderCreated({ orderId, ...due }),
    'SELECT order_id, payment_id, status FROM payment',
  ],
  [
    'inventory reserves for',
    () => rigOf(inventoryService, 'inventory'),
    (orderId) => PaymentCompleted({ orderId, paymentId: uuidv7(), ...paid }),
    `SELECT order_id, status, available, reserved FROM reservation, stock WHERE sku = 'SKU-001'`,
  ],
  [
    'shipping ships',
    () => rigOf(shippingService, 'shipping'),
    (orderId) => InventoryReserved({ orderId, items }),
    'SELECT order_id, shipment_id, status FROM shipment',
  ],
  [
    'notification tells of',
    () => rigOf(notificationService, 'notification'),
    (orderId) => OrderConfirmed({ orderId, ...paid }),
    'SELECT order_id, template, id, status FROM notification',
  ],
];

let rig: Rig;
afterEach(() => rig.close());

/** As seen by another connection. */
const keptBy = async (kept: string) => ({
  rows: await query(rig.url, kept),
  tasks: await query(rig.url, 'SELECT name, key, id FROM chassis.task ORDER BY name'),
  outbox: await query(rig.url, 'SELECT id FROM chassis.outbox'),
});

describe('an order that comes again under another spelling of its id, past all doors', () => {
  it.each(cases)('%s it once: the fact is a dead letter and leaves nothing', async (_, open, fact, kept) => {
    rig = await open();
    const orderId = uuidv7();
    expect(await rig.loop.handleAgain([incoming(fact(orderId))])).toMatchObject([{ kind: 'applied' }]);
    const before = await keptBy(kept);
    expect(before.rows).toMatchObject([{ order_id: orderId }]);
    for (const spelled of [orderId.toUpperCase(), `{${orderId}}`, orderId.replaceAll('-', '')]) {
      const [outcome] = await rig.loop.handleAgain([incoming(fact(spelled))]);
      expect(outcome).toMatchObject({ kind: 'dead', code: 'KEY_SPELLING' });
    }
    expect(await keptBy(kept)).toEqual(before);
  });
});
