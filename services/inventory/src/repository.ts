import type { Addressed, Aggregate, Repository } from '@troupe/chassis';
import type { Prisma, PrismaClient } from '@troupe/inventory-database';
import type { InventoryState, Item, ReleaseReason, Reservation, Restocking, Stock } from './inventory.ts';

export type InventoryRow = Stock | Reservation | Restocking;

const stockKey = (sku: string) => `stock/${sku}`;
const reservationKey = (orderId: string) => `reservation/${orderId}`;

/** The products that a message names; a command names the one that is its key. */
function skusOf(message: Addressed): readonly string[] {
  const { items } = message.data as { readonly items?: readonly Item[] };
  return items === undefined ? [message.key] : items.map(({ sku }) => sku);
}

/** A row for each product, so that a popular one is written once for a whole batch, and a row for each order. */
export const inventory: Aggregate<InventoryRow, InventoryState> = {
  service: 'inventory',
  keysOf(message) {
    const stock = [...new Set(skusOf(message))].map(stockKey);
    return message.type === 'Restock' ? stock : [reservationKey(message.key), ...stock];
  },
  view(rows, message) {
    const reservation = rows.get(reservationKey(message.key));
    const stock = skusOf(message).flatMap((sku): [string, Stock][] => {
      const row = rows.get(stockKey(sku));
      return row?.kind === 'stock' ? [[sku, row]] : [];
    });
    return { reservation: reservation?.kind === 'reservation' ? reservation : undefined, stock: new Map(stock) };
  },
  *rowsOf({ reservation, stock, restocking }) {
    if (reservation !== undefined) yield [reservationKey(reservation.orderId), reservation];
    for (const row of stock.values()) yield [stockKey(row.sku), row];
    if (restocking !== undefined) yield [`restock/${restocking.id}`, restocking];
  },
};

/** One statement for each kind of row, whatever the number of rows. */
export const inventoryRepository: Repository<InventoryRow, Prisma.TransactionClient> = {
  async load(tx, keys) {
    const stock = await loadStock(tx, withPrefix(keys, 'stock/'));
    const reservations = await loadReservations(tx, withPrefix(keys, 'reservation/'));
    return new Map<string, InventoryRow>([
      ...stock.map((row) => [stockKey(row.sku), row] as const),
      ...reservations.map((row) => [reservationKey(row.orderId), row] as const),
    ]);
  },
  async save(tx, rows) {
    const all = [...rows.values()];
    await saveStock(tx, all.filter((row) => row.kind === 'stock'));
    await saveReservations(tx, all.filter((row) => row.kind === 'reservation'));
    await saveRestockings(tx, all.filter((row) => row.kind === 'restock'));
  },
};

const withPrefix = (keys: readonly string[], prefix: string) =>
  keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));

async function loadStock(tx: Prisma.TransactionClient, skus: readonly string[]): Promise<Stock[]> {
  if (skus.length === 0) return [];
  const rows = await tx.$queryRawUnsafe<Record<Exclude<keyof Stock, 'kind' | 'sku'>, bigint>[] & { sku: string }[]>(
    'SELECT sku, initial, restocked, available, reserved, shipped FROM stock WHERE sku = ANY($1::text[])',
    skus,
  );
  return rows.map((row) => ({ kind: 'stock', ...counts(row) }));
}

interface StoredStock {
  readonly sku: string;
  readonly initial: bigint;
  readonly restocked: bigint;
  readonly available: bigint;
  readonly reserved: bigint;
  readonly shipped: bigint;
}
