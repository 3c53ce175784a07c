import { type Addressed, type Aggregate, type Repository, type Sql, together } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/inventory-database';
import { styleOf } from '@troupe/shop';
import type { InventoryState, Reservation, Restocking } from './inventory.ts';
import type { Item, Stock } from './stock.ts';

export type InventoryRow = Stock | Reservation | Restocking;

const stockKey = (sku: string) => `stock/${sku}`;
const reservationKey = (orderId: string) => `reservation/${orderId}`;

/** The products that a message names: those of its items, or the one that is a command's key. */
function skusOf({ data, key }: Addressed): readonly string[] {
  const { items } = data as { readonly items?: readonly Item[] };
  return items === undefined ? [key] : [...new Set(items.map(({ sku }) => sku))];
}

/** A row for each product, so that a popular one is written once in a batch, and a row for each order. */
export const inventory: Aggregate<InventoryRow, InventoryState> = {
  service: 'inventory',
  keysOf(message) {
    const stock = skusOf(message).map(stockKey);
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
    if (restocking !== undefined) yield [`restocking/${restocking.id}`, restocking];
  },
};

/** One statement for each kind of row, whatever the number of rows. */
export const inventoryRepository: Repository<InventoryRow> = {
  async load(tx, keys) {
    const [stock, reservations] = await together(tx, [
      () => loadStock(tx, withPrefix('stock/', keys)),
      () => loadReservations(tx, withPrefix('reservation/', keys)),
    ]);
    const keyed: [string, InventoryRow][] = stock.map((row) => [stockKey(row.sku), row]);
    for (const row of reservations) keyed.push([reservationKey(row.orderId), row]);
    return new Map(keyed);
  },
  savesAtOnce: true,
  async save(tx, rows) {
    const all = [...rows.values()];
    const stock = all.filter((row) => row.kind === 'stock');
    const reservations = all.filter((row) => row.kind === 'reservation');
    const restockings = all.filter((row) => row.kind === 'restocking');
    await together(tx, [
      () => saveStock(tx, stock),
      () => saveReservations(tx, reservations),
      () => saveRestockings(tx, restockings),
    ]);
  },
};

function withPrefix(prefix: string, keys: readonly string[]): string[] {
  return keys.flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}

/** Counts are exact up to 2^53 as float8, and come back as numbers. */
async function loadStock(tx: Sql, skus: readonly string[]): Promise<Stock[]> {
  if (skus.length === 0) return [];
  const rows = await tx.$queryRawUnsafe<Omit<Stock, 'kind'>[]>(
    `SELECT sku, initial::float8, restocked::float8, available::float8, reserved::float8, shipped::float8
     FROM stock WHERE sku = ANY($1::text[])`,
    skus,
  );
  return rows.map((row) => ({ kind: 'stock', ...row }));
}

async function loadReservations(tx: Sql, orderIds: readonly string[]): Promise<Reservation[]> {
  if (orderIds.length === 0) return [];
  const rows = await tx.$queryRawUnsafe<ReservationRow[]>(
    `SELECT order_id::text AS "orderId", status, items, reason, orchestrated
     FROM reservation WHERE order_id = ANY($1::uuid[])`,
    orderIds,
  );
  return rows.map(reservationOf);
}

interface ReservationRow {
  readonly orderId: string;
  readonly status: string;
  readonly items: unknown;
  readonly reason: string | null;
  readonly orchestrated: boolean;
}

function reservationOf({ orderId, status, items, reason, orchestrated }: ReservationRow): Reservation {
  const kept = status === 'VOID' ? {} : { items, ...(reason === null ? {} : { reason }), ...styleOf({ orchestrated }) };
  return { kind: 'reservation', orderId, status, ...kept } as Reservation;
}

/** Updates only: products are seeded, never made by a message. */
async function saveStock(tx: Sql, rows: readonly Stock[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRawUnsafe(
    `UPDATE stock SET restocked = new.restocked, available = new.available, reserved = new.reserved, shipped = new.shipped
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
       AS new(sku, restocked, available, reserved, shipped)
     WHERE stock.sku = new.sku`,
    rows.map((row) => row.sku),
    rows.map((row) => row.restocked),
    rows.map((row) => row.available),
    rows.map((row) => row.reserved),
    rows.map((row) => row.shipped),
  );
}

async function saveReservations(tx: Sql, rows: readonly Reservation[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRawUnsafe(
    `INSERT INTO reservation (order_id, status, items, reason, orchestrated)
     SELECT order_id, status, items::jsonb, reason, orchestrated
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bool[])
       AS new(order_id, status, items, reason, orchestrated)
     ON CONFLICT (order_id) DO UPDATE
     SET status = excluded.status, items = excluded.items, reason = excluded.reason, updated_at = now()`,
    rows.map((row) => row.orderId),
    rows.map((row) => row.status),
    rows.map((row) => JSON.stringify('items' in row ? row.items : [])),
    rows.map((row) => ('reason' in row ? row.reason : null)),
    rows.map((row) => 'orchestrated' in row),
  );
}

async function saveRestockings(tx: Sql, rows: readonly Restocking[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRawUnsafe(
    `INSERT INTO restock (id, sku, quantity, reason)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[])`,
    rows.map((row) => row.id),
    rows.map((row) => row.sku),
    rows.map((row) => row.quantity),
    rows.map((row) => row.reason ?? null),
  );
}

/** Products in the order of their SKU, from the one after `after`. */
export async function stockPage(database: PrismaClient, after: string | undefined, limit: number): Promise<Stock[]> {
  const rows = await database.stock.findMany({
    ...(after === undefined ? {} : { where: { sku: { gt: after } } }),
    orderBy: { sku: 'asc' },
    take: limit,
  });
  return rows.map(stockOf);
}

export async function findStock(database: PrismaClient, sku: string): Promise<Stock | undefined> {
  const row = await database.stock.findUnique({ where: { sku } });
  return row === null ? undefined : stockOf(row);
}

/** Undefined before the first message about its order. */
export async function findReservation(database: PrismaClient, orderId: string): Promise<Reservation | undefined> {
  const row = await database.reservation.findUnique({ where: { orderId } });
  return row === null ? undefined : reservationOf(row);
}

type StoredStock = NonNullable<Awaited<ReturnType<PrismaClient['stock']['findUnique']>>>;

function stockOf(row: StoredStock): Stock {
  return {
    kind: 'stock',
    sku: row.sku,
    initial: Number(row.initial),
    restocked: Number(row.restocked),
    available: Number(row.available),
    reserved: Number(row.reserved),
    shipped: Number(row.shipped),
  };
}
