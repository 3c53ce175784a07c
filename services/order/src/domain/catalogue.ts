import type { PrismaClient } from '@troupe/order-database';
import type { Prices } from './pricing.ts';

/** Where the prices of products come from. */
export interface Catalogue {
  /** Prices by SKU. A product that is not sold is missing. */
  prices(skus: readonly string[]): Promise<Prices>;
}

/**
 * Reads prices from the product table and keeps each for `freshMs`; a new price may go unseen for that long. Requests that
 * need a price which is being read wait for that read. Prices that are no longer fresh are read again together.
 */
export function catalogue(database: PrismaClient, freshMs = 5_000): Catalogue {
  const known = new Map<string, Known>();
  const reading = new Map<string, Promise<void>>();
  const isStale = (sku: string): boolean => (known.get(sku)?.until ?? 0) <= performance.now() && !reading.has(sku);

  async function read(skus: readonly string[]): Promise<void> {
    const until = performance.now() + freshMs;
    try {
      const found = await database.product.findMany({ where: { sku: { in: [...skus] } } });
      for (const sku of skus) known.delete(sku);
      for (const { sku, unitPrice } of found) known.set(sku, { unitPrice, until });
    } finally {
      for (const sku of skus) reading.delete(sku);
    }
  }

  function begin(skus: readonly string[]): void {
    const done = read(skus);
    for (const sku of skus) reading.set(sku, done);
  }

  return {
    async prices(skus) {
      const missing = skus.filter(isStale);
      if (missing.length > 0) begin([...new Set([...missing, ...[...known.keys()].filter(isStale)])]);
      for (const sku of skus) await reading.get(sku);
      return new Map(
        skus.flatMap((sku): [string, number][] => {
          const price = known.get(sku);
          return price === undefined ? [] : [[sku, price.unitPrice]];
        }),
      );
    },
  };
}

interface Known {
  readonly unitPrice: number;
  /** On the clock of `performance.now()`. */
  readonly until: number;
}
