import { DomainError, type FieldFault } from '@troupe/chassis';
import type { PricedItem } from './order.ts';

/** One line of an order as its customer sends it. */
export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Price of one unit by SKU, in minor units of `CURRENCY`. */
export type Prices = ReadonlyMap<string, number>;

/** The currency of the catalogue, ISO 4217. */
export const CURRENCY = 'USD';

/**
 * Prices the lines of an order. Amounts stay below 2^53: 100 lines of 1,000 units, each below 2^31 minor units.
 *
 * @throws DomainError that names every line with an unknown product, or a product that another line has already.
 */
export function priced(lines: readonly Line[], prices: Prices): { items: readonly PricedItem[]; total: number } {
  const faults = lines.flatMap((line, at) => twice(lines, at) ?? unknown(line, at, prices) ?? []);
  if (faults.length > 0) throw notPriceable(faults);
  const items = lines.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: prices.get(sku) as number }));
  return { items, total: items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0) };
}

interface LineFault extends FieldFault {
  readonly code: 'SAME_SKU_TWICE' | 'UNKNOWN_SKU';
}

function twice(lines: readonly Line[], at: number): LineFault | undefined {
  const sku = lines[at]?.sku;
  const first = lines.findIndex((line) => line.sku === sku);
  if (first === at) return undefined;
  const message = `is ${sku}, which /items/${first} orders already; make one line of the two and add up their quantities`;
  return { code: 'SAME_SKU_TWICE', field: `/items/${at}/sku`, message };
}

function unknown({ sku }: Line, at: number, prices: Prices): LineFault | undefined {
  if (prices.has(sku)) return undefined;
  const message = `is ${JSON.stringify(sku)}, which is not sold here; GET /products lists what is`;
  return { code: 'UNKNOWN_SKU', field: `/items/${at}/sku`, message };
}

function notPriceable(faults: readonly LineFault[]): DomainError {
  const [first] = faults;
  const more = faults.length === 1 ? '' : ` (${faults.length - 1} more in errors)`;
  return new DomainError({
    code: first?.code ?? 'UNKNOWN_SKU',
    status: 422,
    title: first?.code === 'SAME_SKU_TWICE' ? 'Two lines order the same product' : 'A product is not sold here',
    detail: `${first?.field} ${first?.message}${more}.`,
    faults: faults.map(({ field, message }) => ({ field, message })),
  });
}
