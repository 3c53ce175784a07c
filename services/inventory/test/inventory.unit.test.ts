import { describe, expect, it } from '@jest/globals';
import { like, withData } from '@troupe/chassis/testing';
import { InventoryFailed, InventoryReleased, InventoryReserved } from '@troupe/schemas';
import { ReleaseItems, ReserveItems, reservationNotFound, shipmentRefused } from '../src/inventory.ts';
import { Restock } from '../src/reactions.ts';
import type { Stock } from '../src/stock.ts';
import { enough, heard, heardOf, items, orderId, restocked, stocked } from './story.ts';

const { paid, refused, cancelled, confirmed } = heard;

describe('a paid order', () => {
  it('has all its items set aside when there is enough of each', () => {
    stocked({ 'SKU-001': 2, 'SKU-002': 5 })
      .when(paid)
      .then({
        emits: [InventoryReserved({ orderId, items, orchestrated: false })],
        stock: like({
          'SKU-001': { available: 0, reserved: 2, shipped: 0 },
          'SKU-002': { available: 4, reserved: 1, shipped: 0 },
        }),
      });
  });

  it('has nothing set aside when one item is short, and the customer can read which', () => {
    const detail = 'Of SKU-002 there are 0 left, and 1 were ordered.';
    stocked({ 'SKU-001': 9, 'SKU-002': 0 })
      .when(paid)
      .then({
        emits: [InventoryFailed({ orderId, reason: 'OUT_OF_STOCK', detail })],
        stock: like({ 'SKU-001': { available: 9, reserved: 0 } }),
      });
  });

  it('fails when a product is not kept in stock at all', () => {
    stocked({ 'SKU-001': 9 })
      .when(paid)
      .then({ emits: [withData(InventoryFailed, { detail: 'SKU-002 is not kept in stock.' })] });
  });

  it('that lists a product twice needs the sum of both lines', () => {
    const line = { sku: 'SKU-002', quantity: 1 };
    const twice = heardOf(orderId, [line, line]).paid;
    stocked({ 'SKU-002': 1 })
      .when(twice)
      .then({ emits: [InventoryFailed] });
    stocked({ 'SKU-002': 2 })
      .when(twice)
      .then({
        emits: [withData(InventoryReserved, { items: [{ sku: 'SKU-002', quantity: 2 }] })],
        stock: like({ 'SKU-002': { available: 0, reserved: 2 } }),
      });
  });

  it.each([
    ['reserved', enough.after(paid)],
    ['confirmed', enough.after(paid).after(confirmed)],
    ['refused by the carrier', enough.after(paid).after(refused)],
    ['out of stock', stocked({ 'SKU-001': 0, 'SKU-002': 0 }).after(paid)],
  ])('is answered once, also when it arrives again and is %s', (_, warehouse) => {
    warehouse.when(paid).thenIgnored('this order was answered before: there is one reservation for each order');
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])(
    'with a quantity of %p is a broken message and changes nothing',
    (quantity) => {
      const warehouse = stocked({ 'SKU-001': 5 });
      warehouse
        .when(heardOf(orderId, [{ sku: 'SKU-001', quantity }]).paid)
        .thenFails('QUANTITY_INVALID', /a quantity is 1 or more/);
      warehouse.has({ stock: like({ 'SKU-001': { available: 5, reserved: 0 } }) });
    },
  );
});

describe('a refused shipment', () => {
  const back = like<Readonly<Record<string, Stock>>>({ 'SKU-001': { available: 9, reserved: 0 } });

  it('puts the units back and says so, so that payment refunds', () => {
    enough
      .after(paid)
      .when(refused)
      .then({ emits: [InventoryReleased({ orderId, items, reason: 'SHIPMENT_REFUSED' })], stock: back });
  });

  it('puts them back once', () => {
    enough
      .after(paid)
      .after(refused)
      .when(refused)
      .thenIgnored('the units are back in stock already')
      .when(cancelled)
      .thenIgnored('the units are back in stock already')
      .has({ stock: back });
  });

  it('of an order that nothing is known of changes nothing', () => {
    enough.when(refused).thenIgnored('nothing is reserved for this order');
  });
});

describe('a cancelled order', () => {
  const back = like<Readonly<Record<string, Stock>>>({ 'SKU-001': { available: 9, reserved: 0 } });

  it('gives its units back', () => {
    enough
      .after(paid)
      .when(cancelled)
      .then({ emits: [InventoryReleased({ orderId, items, reason: 'ORDER_CANCELLED' })], stock: back });
  });

  it('whose payment arrives later has nothing set aside', () => {
    enough
      .after(cancelled)
      .when(paid)
      .thenIgnored('the order was cancelled before its payment arrived')
      .has({ stock: back, reservations: like([{ orderId, status: 'VOID' }]) });
  });

  it('that was out of stock, or cancelled before, has nothing to give back', () => {
    stocked({}).after(paid).when(cancelled).thenIgnored('nothing was reserved for this order');
    enough.after(cancelled).when(cancelled).thenIgnored('nothing was reserved for this order');
  });
});

describe('a confirmed order', () => {
  const shipped = like<Readonly<Record<string, Stock>>>({ 'SKU-001': { available: 7, reserved: 0, shipped: 2 } });

  it('turns what was set aside into shipped units, once', () => {
    enough
      .after(paid)
      .when(confirmed)
      .then({ stock: shipped })
      .when(confirmed)
      .thenIgnored('nothing is reserved for this order')
      .has({ stock: shipped });
  });

  it('keeps its units when a late cancellation or refusal turns up', () => {
    const why = 'the order is confirmed and its units have left';
    const warehouse = enough.after(paid).after(confirmed);
    for (const late of [cancelled, refused]) warehouse.when(late).thenIgnored(why).has({ stock: shipped });
  });
});

describe('restocking', () => {
  it('adds units, keeps their sum, and keeps where they came from', () => {
    const restocking = { kind: 'restocking', sku: 'SKU-001', quantity: 4, reason: 'delivery' } as const;
    stocked({ 'SKU-001': 1 })
      .when(restocked('SKU-001', 4, 'delivery'))
      .then({ state: like({ restocking }) })
      .when(restocked('SKU-001', 5))
      .then({ stock: like({ 'SKU-001': { initial: 1, restocked: 9, available: 10 } }) });
  });

  it('of a product that is not kept is refused', () => {
    stocked({}).when(restocked('SKU-777', 1)).thenRejected('PRODUCT_UNKNOWN');
  });

  it('lets a waiting customer order again, but does not revive an order that failed', () => {
    const other = heardOf('0198c000-0000-7000-8000-000000000002', items);
    stocked({ 'SKU-001': 0, 'SKU-002': 9 })
      .after(paid)
      .after(restocked('SKU-001', 4))
      .when(paid)
      .thenIgnored()
      .when(other.paid)
      .then({ emits: [InventoryReserved] });
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
    const { paid } = heardOf(orderId, [{ sku: 'SKU-001', quantity: 0 }]);
    stocked({ 'SKU-001': 5 }).when(paid).thenFails('QUANTITY_INVALID');
  });
});

describe('whoever asks for a reservation that nobody knows', () => {
  it('is told that there is none', () => {
    expect(reservationNotFound(orderId)).toMatchObject({
      code: 'RESERVATION_NOT_FOUND',
      status: 404,
      message: expect.stringContaining(orderId),
    });
  });
});
