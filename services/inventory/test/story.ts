import { specification } from '@troupe/chassis/testing';
import { OrderCancelled, OrderConfirmed, PaymentCompleted, ShipmentFailed } from '@troupe/schemas';
import { ReleaseItems, ReserveItems } from '../src/inventory.ts';
import { inventoryReactions, Restock } from '../src/reactions.ts';
import type { InventoryRow } from '../src/repository.ts';
import type { Item, Stock } from '../src/stock.ts';

export const orderId = '0198c000-0000-7000-8000-000000000001';
export const items = [
  { sku: 'SKU-001', quantity: 2 },
  { sku: 'SKU-002', quantity: 1 },
];

const { givenRows } = specification(inventoryReactions, {
  context: { now: new Date(0), id: '0198c000-0000-7000-8000-00000000aaaa' },
  facts: (_, rows) => ({ stock: stockOf(rows), reservations: reservationsOf(rows) }),
});

/** Given so many units of each product, when inventory hears a message, then it decides. */
export const stocked = (units: Readonly<Record<string, number>>) =>
  givenRows(
    Object.entries(units).map(([sku, initial]) => {
      const row = { kind: 'stock', sku, initial, restocked: 0, available: initial, reserved: 0, shipped: 0 } as const;
      return [`stock/${sku}`, row];
    }),
  );
export type Warehouse = ReturnType<typeof stocked>;
export type Message = Parameters<Warehouse['after']>[0];

/** Enough of each product for several orders. */
export const enough = stocked({ 'SKU-001': 9, 'SKU-002': 9 });

const stockOf = (rows: ReadonlyMap<string, InventoryRow>): Readonly<Record<string, Stock>> =>
  Object.fromEntries([...rows.values()].flatMap((row) => (row.kind === 'stock' ? [[row.sku, row]] : [])));

const reservationsOf = (rows: ReadonlyMap<string, InventoryRow>) =>
  [...rows.values()].filter((row) => row.kind === 'reservation');

/** What inventory hears of an order, and what the order's orchestrator asks for. */
export const heardOf = (id: string, lines: readonly Item[], orchestrated = false) => {
  const ordered = { orderId: id, items: [...lines] };
  const customer = { ...ordered, customerId: 'ada' };
  return {
    paid: PaymentCompleted({ ...customer, paymentId: id, amount: 2_100, currency: 'USD', orchestrated }),
    refused: ShipmentFailed({ ...ordered, reason: 'CARRIER_REFUSED', detail: 'Too heavy.' }),
    cancelled: OrderCancelled({ ...customer, reason: 'CUSTOMER', detail: 'You cancelled the order.' }),
    confirmed: OrderConfirmed({ ...customer, amount: 2_100, currency: 'USD' }),
    reserve: ReserveItems(ordered),
    release: (reason: 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED') => ReleaseItems({ ...ordered, reason }),
  };
};
export const heard = heardOf(orderId, items);

export const restocked = (sku: string, quantity: number, reason?: string) => Restock({ sku, quantity, reason });
