import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClonedDatabase, cloneWithClient, statementsOf } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/inventory-database';
import type { Reservation } from '../src/inventory.ts';
import { findStock, type InventoryRow, inventory, inventoryRepository, stockPage } from '../src/repository.ts';
import type { Stock } from '../src/stock.ts';

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('inventory', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const save = (rows: readonly InventoryRow[]) =>
  clone.database.$transaction((tx) => inventoryRepository.save(tx, keyed(rows)));
const load = (keys: readonly string[]) => clone.database.$transaction((tx) => inventoryRepository.load(tx, keys));

function keyed(rows: readonly InventoryRow[]): ReadonlyMap<string, InventoryRow> {
  return new Map(
    rows.flatMap((row) => {
      if (row.kind === 'stock') return [...inventory.rowsOf({ stock: new Map([[row.sku, row]]) })];
      const state = row.kind === 'reservation' ? { reservation: row } : { restocking: row };
      return [...inventory.rowsOf({ stock: new Map(), ...state })];
    }),
  );
}

const stockOf = async (sku: string) => (await findStock(clone.database, sku)) as Stock;

describe('the stock that a new database has', () => {
  it('is a million of each product, but 50 of the rush and none of what is sold out', async () => {
    const all = await stockPage(clone.database, undefined, 200);
    expect(all).toHaveLength(100);
    const others = all.filter(({ available }) => available !== 1_000_000);
    expect(others).toMatchObject([
      { sku: 'SKU-050', initial: 50, available: 50, reserved: 0, shipped: 0, restocked: 0 },
      { sku: 'SKU-099', initial: 0, available: 0 },
    ]);
  });

  it('can be read page by page, in the order of SKUs', async () => {
    const first = await stockPage(clone.database, undefined, 60);
    const rest = await stockPage(clone.database, first.at(-1)?.sku, 60);
    const skus = [...first, ...rest].map(({ sku }) => sku);
    expect(skus).toHaveLength(100);
    expect(skus).toEqual([...skus].sort());
    expect(await findStock(clone.database, 'SKU-777')).toBeUndefined();
  });
});

const items = [{ sku: 'SKU-001', quantity: 2 }];

/** Every status that there is. */
function everyStatus(): Reservation[] {
  return [
    { kind: 'reservation', orderId: randomUUID(), status: 'RESERVED', items },
    { kind: 'reservation', orderId: randomUUID(), status: 'SHIPPED', items },
    { kind: 'reservation', orderId: randomUUID(), status: 'RELEASED', items, reason: 'SHIPMENT_REFUSED' },
    { kind: 'reservation', orderId: randomUUID(), status: 'FAILED', items, reason: 'Of SKU-001 there are 0 left.' },
    { kind: 'reservation', orderId: randomUUID(), status: 'RESERVED', items, orchestrated: true },
    { kind: 'reservation', orderId: randomUUID(), status: 'VOID' },
  ];
}

describe('what is saved', () => {
  it('is loaded again as it was, whatever its status', async () => {
    const rows = everyStatus();
    await save(rows);
    const loaded = await load([...keyed(rows).keys(), `reservation/${randomUUID()}`]);
    expect(loaded.size).toBe(rows.length);
    for (const [key, row] of keyed(rows)) expect(loaded.get(key)).toEqual(row);
  });

  it('replaces what was there: one reservation for each order', async () => {
    const orderId = randomUUID();
    await save([{ kind: 'reservation', orderId, status: 'RESERVED', items }]);
    await save([{ kind: 'reservation', orderId, status: 'SHIPPED', items }]);
    expect(await clone.database.reservation.findMany({ where: { orderId } })).toMatchObject([
      { status: 'SHIPPED', items },
    ]);
  });

  it('is refused by the database itself when an order was to have units again, however it is spelled: no unit moves', async () => {
    const stock = await stockOf('SKU-001');
    const moved: Stock = { ...stock, available: stock.available - 2, reserved: stock.reserved + 2 };
    for (const first of everyStatus()) {
      await save([first]);
      for (const orderId of [first.orderId, first.orderId.toUpperCase()]) {
        const again: Reservation = { kind: 'reservation', orderId, status: 'RESERVED', items };
        const refused = `has its reservation, which is ${first.status} and cannot become RESERVED`;
        await expect(save([moved, again])).rejects.toThrow(refused);
      }
      const [key] = keyed([first]).keys();
      expect((await load([key as string])).get(key as string)).toEqual(first);
    }
    expect(await stockOf('SKU-001')).toEqual(stock);
  });

  it('is refused by the database itself when other units go back than were set aside', async () => {
    const orderId = randomUUID();
    await save([{ kind: 'reservation', orderId, status: 'RESERVED', items }]);
    const more = [{ sku: 'SKU-001', quantity: 3 }];
    const released: Reservation = {
      kind: 'reservation',
      orderId,
      status: 'RELEASED',
      items: more,
      reason: 'ORDER_CANCELLED',
    };
    await expect(save([released])).rejects.toThrow('units are set aside once');
  });

  it('is refused by the database itself when a tombstone has the style of its order', async () => {
    const row = { kind: 'reservation', orderId: randomUUID(), status: 'VOID', orchestrated: true };
    await expect(save([row as Reservation])).rejects.toThrow('reservation_orchestrated');
  });

  it('moves units, and keeps every delivery to the warehouse', async () => {
    const before = await stockOf('SKU-002');
    await save([
      { ...before, available: before.available - 3, reserved: 5, restocked: 2 },
      { kind: 'restocking', id: randomUUID(), sku: 'SKU-002', quantity: 2, reason: undefined },
    ]);
    expect((await load(['stock/SKU-002'])).get('stock/SKU-002')).toEqual(await stockOf('SKU-002'));
    expect(await stockOf('SKU-002')).toMatchObject({ available: 999_997, reserved: 5, restocked: 2 });
    expect(await clone.database.restock.findMany()).toMatchObject([{ sku: 'SKU-002', quantity: 2n, reason: null }]);
  });

  it('is refused by the database itself when a unit was made, lost, or owed', async () => {
    const stock = await stockOf('SKU-003');
    const refused = { code: 'P2010', meta: expect.anything() };
    await expect(save([{ ...stock, available: stock.available - 1 }])).rejects.toThrow('stock_conserved');
    await expect(save([{ ...stock, available: -1, reserved: stock.initial + 1 }])).rejects.toMatchObject(refused);
    expect(await stockOf('SKU-003')).toEqual(stock);
  });
});

describe('a batch', () => {
  /** `count` orders over as many products as there are: load all, change all, save all. */
  async function batch(count: number) {
    const orders = Array.from({ length: count }, (_, n) => ({
      orderId: randomUUID(),
      items: [{ sku: `SKU-${String((n % 40) + 10).padStart(3, '0')}`, quantity: 1 }],
    }));
    return statementsOf(clone.database, async (tx) => {
      const keys = orders.flatMap((order) =>
        inventory.keysOf({ type: 'PaymentCompleted', key: order.orderId, data: order }),
      );
      const rows = await inventoryRepository.load(tx, [...new Set(keys)]);
      const stock = [...rows.values()].filter((row) => row.kind === 'stock');
      const moved = stock.map((row) => ({ ...row, available: row.available - 1, reserved: row.reserved + 1 }));
      const reserved = orders.map((order): Reservation => ({ kind: 'reservation', status: 'RESERVED', ...order }));
      await inventoryRepository.save(tx, keyed([...moved, ...reserved]));
    });
  }

  it('of 500 takes as many statements as one of 5', async () => {
    expect(await batch(5)).toBe(4);
    expect(await batch(500)).toBe(4);
  });
});
