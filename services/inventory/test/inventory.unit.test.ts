import { describe, expect, it } from '@jest/globals';
import { ReleaseItems, ReserveItems, reservationNotFound, shipmentRefused } from '../src/inventory.ts';
import { Restock } from '../src/reactions.ts';
import type { Stock } from '../src/stock.ts';
import { said, Warehouse } from './warehouse.ts';

const orderId = '0198c000-0000-7000-8000-000000000001';
const items = [
  { sku: 'SKU-001', quantity: 2 },
  { sku: 'SKU-002', quantity: 1 },
];
const paid = { type: 'PaymentCompleted', data: { orderId, items } };
const refused = { type: 'ShipmentFailed', data: { orderId, items } };
const cancelled = { type: 'OrderCancelled', data: { orderId, items } };
const confirmed = { type: 'OrderConfirmed', data: { orderId, items } };

/** Given units on the shelf and what was heard before; when one more message is heard. */
function given(units: Record<string, number>, ...before: Parameters<Warehouse['hear']>[0][]) {
  const warehouse = new Warehouse(units);
  for (const message of before) warehouse.hear(message);
  return { warehouse, when: (message: Parameters<Warehouse['hear']>[0]) => warehouse.hear(message) };
}

describe('a paid order', () => {
  it('has all its items set aside when there is enough of each', () => {
    const { warehouse, when } = given({ 'SKU-001': 2, 'SKU-002': 5 });
    const decision = when(paid);
    expect(decision).toMatchObject({
      effects: [{ type: 'InventoryReserved', data: { orderId, items, orchestrated: false } }],
    });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 0, reserved: 2, shipped: 0 });
    expect(warehouse.stock('SKU-002')).toMatchObject({ available: 4, reserved: 1, shipped: 0 });
  });

  it('has nothing set aside when one item is short, and the customer can read which', () => {
    const { warehouse, when } = given({ 'SKU-001': 9, 'SKU-002': 0 });
    const decision = when(paid);
    const detail = 'Of SKU-002 there are 0 left, and 1 were ordered.';
    expect(decision).toMatchObject({
      effects: [{ type: 'InventoryFailed', data: { orderId, reason: 'OUT_OF_STOCK', detail } }],
    });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9, reserved: 0 });
  });

  it('fails when a product is not kept in stock at all', () => {
    const decision = given({ 'SKU-001': 9 }).when(paid);
    expect(decision).toMatchObject({ effects: [{ data: { detail: 'SKU-002 is not kept in stock.' } }] });
  });

  it('that lists a product twice needs the sum of both lines', () => {
    const twice = [items[1], items[1]];
    const order = { type: 'PaymentCompleted', data: { orderId, items: twice } };
    expect(said(given({ 'SKU-002': 1 }).when(order))).toEqual(['InventoryFailed']);
    const { warehouse, when } = given({ 'SKU-002': 2 });
    expect(when(order)).toMatchObject({ effects: [{ data: { items: [{ sku: 'SKU-002', quantity: 2 }] } }] });
    expect(warehouse.stock('SKU-002')).toMatchObject({ available: 0, reserved: 2 });
  });

  it('is answered once, whatever arrives again and whatever it came to', () => {
    const again = ['ignored: this order was answered before: there is one reservation for each order'];
    const enough = { 'SKU-001': 9, 'SKU-002': 9 };
    expect(said(given(enough, paid).when(paid))).toEqual(again);
    expect(said(given(enough, paid, confirmed).when(paid))).toEqual(again);
    expect(said(given(enough, paid, refused).when(paid))).toEqual(again);
    expect(said(given({ 'SKU-001': 0, 'SKU-002': 0 }, paid).when(paid))).toEqual(again);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])(
    'with a quantity of %p is a broken message and changes nothing',
    (quantity) => {
      const { warehouse, when } = given({ 'SKU-001': 5 });
      const order = { type: 'PaymentCompleted', data: { orderId, items: [{ sku: 'SKU-001', quantity }] } };
      expect(() => when(order)).toThrow('a quantity is 1 or more');
      expect(warehouse.stock('SKU-001')).toMatchObject({ available: 5, reserved: 0 });
    },
  );
});

describe('a refused shipment', () => {
  const enough = { 'SKU-001': 9, 'SKU-002': 9 };

  it('puts the units back and says so, so that payment refunds', () => {
    const { warehouse, when } = given(enough, paid);
    expect(when(refused)).toMatchObject({
      effects: [{ type: 'InventoryReleased', data: { orderId, items, reason: 'SHIPMENT_REFUSED' } }],
    });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9, reserved: 0 });
  });

  it('puts them back once', () => {
    const { warehouse, when } = given(enough, paid, refused);
    expect(said(when(refused))).toEqual(['ignored: the units are back in stock already']);
    expect(said(when(cancelled))).toEqual(['ignored: the units are back in stock already']);
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9, reserved: 0 });
  });

  it('of an order that nothing is known of changes nothing', () => {
    expect(said(given(enough).when(refused))).toEqual(['ignored: nothing is reserved for this order']);
  });
});

describe('a cancelled order', () => {
  const enough = { 'SKU-001': 9, 'SKU-002': 9 };

  it('gives its units back', () => {
    const { warehouse, when } = given(enough, paid);
    expect(when(cancelled)).toMatchObject({
      effects: [{ type: 'InventoryReleased', data: { orderId, items, reason: 'ORDER_CANCELLED' } }],
    });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9, reserved: 0 });
  });

  it('whose payment arrives later has nothing set aside', () => {
    const { warehouse, when } = given(enough, cancelled);
    expect(said(when(paid))).toEqual(['ignored: the order was cancelled before its payment arrived']);
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9, reserved: 0 });
    expect(warehouse.reservations).toMatchObject([{ orderId, status: 'VOID' }]);
  });

  it('that was out of stock, or cancelled before, has nothing to give back', () => {
    expect(said(given({}, paid).when(cancelled))).toEqual(['ignored: nothing was reserved for this order']);
    expect(said(given(enough, cancelled).when(cancelled))).toEqual(['ignored: nothing was reserved for this order']);
  });
});

describe('a confirmed order', () => {
  const enough = { 'SKU-001': 9, 'SKU-002': 9 };

  it('turns what was set aside into shipped units, once', () => {
    const { warehouse, when } = given(enough, paid);
    expect(said(when(confirmed))).toEqual([]);
    expect(said(when(confirmed))).toEqual(['ignored: nothing is reserved for this order']);
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 7, reserved: 0, shipped: 2 });
  });

  it('keeps its units when a late cancellation or refusal turns up', () => {
    const { warehouse, when } = given(enough, paid, confirmed);
    expect(said(when(cancelled))).toEqual(['ignored: the order is confirmed and its units have left']);
    expect(said(when(refused))).toEqual(['ignored: the order is confirmed and its units have left']);
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 7, reserved: 0, shipped: 2 });
  });
});

describe('restocking', () => {
  it('adds units, keeps their sum, and keeps where they came from', () => {
    const { warehouse, when } = given({ 'SKU-001': 1 });
    const decision = when({ type: 'Restock', data: { sku: 'SKU-001', quantity: 4, reason: 'delivery' } });
    const restocking = { kind: 'restocking', sku: 'SKU-001', quantity: 4, reason: 'delivery' };
    expect(decision).toMatchObject({ state: { restocking } });
    when({ type: 'Restock', data: { sku: 'SKU-001', quantity: 5 } });
    expect(warehouse.stock('SKU-001')).toMatchObject({ initial: 1, restocked: 9, available: 10 });
  });

  it('of a product that is not kept is refused', () => {
    const decision = given({}).when({ type: 'Restock', data: { sku: 'SKU-777', quantity: 1 } });
    expect(said(decision)).toEqual(['rejected: PRODUCT_UNKNOWN']);
  });

  it('lets a waiting customer order again, but does not revive an order that failed', () => {
    const { when } = given({ 'SKU-001': 0, 'SKU-002': 9 }, paid);
    when({ type: 'Restock', data: { sku: 'SKU-001', quantity: 4 } });
    expect(said(when(paid))[0]).toMatch(/^ignored/);
    const other = { ...paid, data: { orderId: '0198c000-0000-7000-8000-000000000002', items } };
    expect(said(when(other))).toEqual(['InventoryReserved']);
  });
});

describe('what is asked of inventory', () => {
  it.each([
    ['ReserveItems', ReserveItems({ orderId, items }), orderId],
    ['ReleaseItems', ReleaseItems({ orderId, items, reason: 'ORDER_CANCELLED' }), orderId],
    ['Restock', Restock({ sku: 'SKU-001', quantity: 1 }), 'SKU-001'],
  ])('%s has a key, under which it is handled in turn', (type, command, key) => {
    expect(command).toMatchObject({ type, key });
  });
});

describe('a broken invariant', () => {
  const reserved = { kind: 'reservation', orderId, status: 'RESERVED', items } as const;
  const shelf = (sku: string, reserved: number): [string, Stock] => [
    sku,
    { kind: 'stock', sku, initial: 5, restocked: 0, available: 5 - reserved, reserved, shipped: 0 },
  ];

  it('is a message of its own, and never a stock below nothing: more goes back than was set aside', () => {
    const stock = new Map([shelf('SKU-001', 1), shelf('SKU-002', 1)]);
    const refusal = () => shipmentRefused({ orderId, items }, { reservation: reserved, stock });
    expect(refusal).toThrow(expect.objectContaining({ code: 'STOCK_NEGATIVE' }));
  });

  it('is a message of its own also when a product that is set aside is not loaded', () => {
    const refusal = () =>
      shipmentRefused({ orderId, items }, { reservation: reserved, stock: new Map([shelf('SKU-001', 2)]) });
    expect(refusal).toThrow(expect.objectContaining({ code: 'STOCK_MISSING' }));
  });

  it('has a code: no order is for less than one', () => {
    const order = { type: 'PaymentCompleted', data: { orderId, items: [{ sku: 'SKU-001', quantity: 0 }] } };
    expect(() => given({ 'SKU-001': 5 }).when(order)).toThrow(expect.objectContaining({ code: 'QUANTITY_INVALID' }));
  });
});

describe('whoever asks for a reservation that nobody knows', () => {
  it('is told that there is none', () => {
    expect(reservationNotFound(orderId)).toMatchObject({
      ...{ code: 'RESERVATION_NOT_FOUND', status: 404, message: expect.stringContaining(orderId) },
    });
  });
});
