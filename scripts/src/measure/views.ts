import type { HttpClient } from './http-client.ts';
import { countBy } from './statistics.ts';
import { type Ending, endOf } from './target.ts';

export interface Stock {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
  readonly initial: number;
  readonly restocked: number;
}

/** The stock of every product, by SKU. */
export async function stockOf(client: HttpClient, inventoryUrl: string): Promise<ReadonlyMap<string, Stock>> {
  const stock = new Map<string, Stock>();
  for (const { sku } of await client.pages<{ readonly sku: string }>(`${inventoryUrl}/stock?limit=200`)) {
    stock.set(sku, await client.wanted<Stock>(`${inventoryUrl}/stock/${encodeURIComponent(sku)}`));
  }
  return stock;
}

/** How many orders the client's customer has, by end, or by status of those that have not ended. */
export async function listedEnds(client: HttpClient, orderUrl: string): Promise<ReadonlyMap<string, number>> {
  const orders = await client.pages<Ending>(`${orderUrl}/orders?limit=100`);
  return new Map(Object.entries(countBy(orders.map(endOf))));
}
