import { type ApiContext, get, pagesOf, post, type Route, text } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/inventory-database';
import { z } from 'zod';
import { type InventoryState, productUnknown } from './inventory.ts';
import { Restock } from './reactions.ts';
import { findStock, stockPage } from './repository.ts';
import { reservationRoutes } from './reservations-api.ts';
import type { Stock } from './stock.ts';

const sku = text(64);
const units = z.number().int().min(0);

const stockItem = z.object({ sku, available: units, reserved: units, shipped: units });
const stockDetail = stockItem.extend({
  initial: units.describe('Units at the beginning; initial + restocked = available + reserved + shipped.'),
  restocked: units.describe('Units that came in since.'),
});

const pages = pagesOf('stock', (key) => sku.safeParse(key).success, { usually: 50, most: 200 });

const restockBody = z.strictObject({
  quantity: z.number().int().min(1).max(1_000_000).describe('Units that came in.'),
  reason: text(200).optional(),
});

const asItem = ({ sku, available, reserved, shipped }: Stock) => ({ sku, available, reserved, shipped });
const asDetail = (stock: Stock) => ({ ...asItem(stock), initial: stock.initial, restocked: stock.restocked });

export function inventoryApi(context: ApiContext<PrismaClient, unknown>): readonly Route<InventoryState>[] {
  const { database } = context;
  return [
    get('/stock', {
      summary: 'Where the units of each product are, in the order of their SKUs',
      query: z.object(pages.query),
      response: z.object({ items: z.array(stockItem), nextCursor: z.string().nullable() }),
      async handle({ query: { cursor, limit } }) {
        const found = await stockPage(database, cursor, limit + 1);
        const { items, nextCursor } = pages.pageOf(found, limit, ({ sku }) => sku);
        return { status: 200, body: { items: items.map(asItem), nextCursor } };
      },
    }),
    get('/stock/:sku', {
      summary: 'Where the units of one product are',
      params: z.object({ sku }),
      response: stockDetail,
      async handle({ params }) {
        const stock = await findStock(database, params.sku);
        if (stock === undefined) throw productUnknown(params.sku);
        return { status: 200, body: asDetail(stock) };
      },
    }),
    post<InventoryState>()('/stock/:sku/restock', {
      summary: 'Take units in',
      params: z.object({ sku }),
      body: restockBody,
      response: stockDetail,
      command: ({ params, body }) => Restock({ sku: params.sku, ...body }),
      answer(result, { params }) {
        const stock = result.state.stock.get(params.sku);
        if (stock === undefined) throw productUnknown(params.sku);
        return { status: 200, body: asDetail(stock) };
      },
    }),
    ...reservationRoutes(context),
  ];
}
