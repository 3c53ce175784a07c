import { StartError } from '@troupe/embedded';
import type { HttpClient } from './http-client.ts';

export interface Stock {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
  readonly initial: number;
  readonly restocked: number;
}

/** The stock of every product, by SKU. */
export async function stockOf(client: HttpClient, url: string): Promise<ReadonlyMap<string, Stock>> {
  const skus: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await wanted<StockPage>(client, `${url}/stock?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    skus.push(...page.items.map(({ sku }) => sku));
    cursor = page.nextCursor;
  }
  const stock = new Map<string, Stock>();
  for (const sku of skus) stock.set(sku, await wanted<Stock>(client, `${url}/stock/${encodeURIComponent(sku)}`));
  return stock;
}

interface StockPage {
  readonly items: readonly { readonly sku: string }[];
  readonly nextCursor: string | null;
}

/** The body of a 200. */
export async function wanted<Body>(client: HttpClient, url: string): Promise<Body> {
  const { status, body } = await client.get(url);
  if (status !== 200) throw new StartError([`GET ${url} was answered ${status}: ${JSON.stringify(body)}`]);
  return body as Body;
}
