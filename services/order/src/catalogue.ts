import type { PrismaClient } from '@troupe/order-database';
import type { Prices } from './pricing.ts';

/** Where the prices of products come from. */
export interface Catalogue {
  /** The prices of those of the products that are sold; the others are missing. */
  prices(skus: readonly string[]): Promise<Prices>;
}

/** Reads prices from the product table, and remembers each for `freshMs`: for so long a new price may go unseen. */
export function catalogue(database: PrismaClient, freshMs = 5_000): Catalogue {
  const known = new Map<string, { readonly unitPrice: number; readonly until: number }>();
  return {
    async prices(skus) {
      const now = performance.now();
      const stale = skus.filter((sku) => (known.get(sku)?.until ?? 0) <= now);
      const read = stale.length === 0 ? [] : await database.product.findMany({ where: { sku: { in: stale } } });
      for (const sku of stale) known.delete(sku);
      for (const { sku, unitPrice } of read) known.set(sku, { unitPrice, until: now + freshMs });
      return new Map(
        skus.flatMap((sku): [string, number][] => {
          const price = known.get(sku);
          return price === undefined ? [] : [[sku, price.unitPrice]];
        }),
      );
    },
  };
}
