import type { PrismaClient } from '@troupe/order-database';
import type { OrderEvent, OrderStatus, PricedItem, Recorded } from '../domain/order.ts';
import { together } from '../domain/together.ts';

/** A row of the projection. */
export interface OrderRow {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly total: number;
  readonly currency: string;
  readonly items: PricedItem[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ProductRow {
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
}

interface PageOfOrders {
  readonly customerId: string;
  readonly status: OrderStatus | undefined;
  /** The last order of the page before. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** The queries of order's database for readers. */
export interface OrderQueries {
  /** One row, of any customer. All who read in the same turn share a query. */
  find(orderId: string): Promise<OrderRow | undefined>;
  /** A customer's orders, newest first: the ids are UUIDv7 and carry their time. */
  page(wanted: PageOfOrders): Promise<readonly OrderRow[]>;
  /** The stream of an order after a version; 0 for all of it. */
  stream(orderId: string, behind: number): Promise<readonly Recorded[]>;
  /** By SKU, after the given one. */
  products(behind: string | undefined, limit: number): Promise<readonly ProductRow[]>;
}

export function orderQueries({ order: orders, orderEvent: events, product: products }: PrismaClient): OrderQueries {
  return {
    find: together(async (orderIds) => {
      const rows = await orders.findMany({ where: { orderId: { in: [...orderIds] } } });
      return new Map(rows.map((row) => [row.orderId, asOrder(row)]));
    }),
    async page({ customerId, status, before, limit }) {
      const where = {
        customerId,
        ...(status === undefined ? {} : { status }),
        ...(before === undefined ? {} : { orderId: { lt: before } }),
      };
      return (await orders.findMany({ where, orderBy: { orderId: 'desc' }, take: limit })).map(asOrder);
    },
    async stream(orderId, behind) {
      const rows = await events.findMany({ where: { orderId, version: { gt: behind } }, orderBy: { version: 'asc' } });
      return rows.map(({ version, type, data, occurredAt }) => {
        return { version, at: occurredAt, event: { type, data } as unknown as OrderEvent };
      });
    },
    async products(behind, limit) {
      const where = behind === undefined ? {} : { sku: { gt: behind } };
      return products.findMany({ where, orderBy: { sku: 'asc' }, take: limit });
    },
  };
}

type Stored = NonNullable<Awaited<ReturnType<PrismaClient['order']['findFirst']>>>;

function asOrder({ status, total, items, open: _, ...row }: Stored): OrderRow {
  const lines = items as unknown as PricedItem[];
  return { ...row, status: status as OrderStatus, total: Number(total), items: lines };
}
