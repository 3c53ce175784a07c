import { Terminal } from '@troupe/chassis';

/** One line of an order. */
export interface Item {
  readonly sku: string;
  /** Units, 1 or more. */
  readonly quantity: number;
}

/** Where the units of a product are. Always: initial + restocked = available + reserved + shipped, none below zero. */
export interface Stock {
  readonly kind: 'stock';
  readonly sku: string;
  readonly initial: number;
  readonly restocked: number;
  readonly available: number;
  /** Reserved for orders that are paid and not yet confirmed. */
  readonly reserved: number;
  readonly shipped: number;
}

/** By SKU. */
export type Warehouse = ReadonlyMap<string, Stock>;

/** Lines of the same product become one, so that two of them cannot each take the last unit. */
export function merged(lines: readonly Item[]): readonly Item[] {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      throw new Terminal('QUANTITY_INVALID', `${quantity} units of ${sku} were ordered: a quantity is 1 or more.`);
    }
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  }
  return [...units].map(([sku, quantity]) => ({ sku, quantity }));
}

/** The first product of which there is not enough, as a sentence; undefined when there is enough of each. */
export function shortage(items: readonly Item[], stock: Warehouse): string | undefined {
  const short = items.find(({ sku, quantity }) => (stock.get(sku)?.available ?? 0) < quantity);
  if (short === undefined) return undefined;
  const left = stock.get(short.sku)?.available;
  return left === undefined
    ? `${short.sku} is not kept in stock.`
    : `Of ${short.sku} there are ${left} left, and ${short.quantity} were ordered.`;
}

/** From available to reserved. */
export const setAside = (stock: Warehouse, items: readonly Item[]): Warehouse =>
  moved(stock, items, (of, units) => ({ available: of.available - units, reserved: of.reserved + units }));

/** From reserved to available. */
export const putBack = (stock: Warehouse, items: readonly Item[]): Warehouse =>
  moved(stock, items, (of, units) => ({ available: of.available + units, reserved: of.reserved - units }));

/** From reserved to shipped. */
export const sendOff = (stock: Warehouse, items: readonly Item[]): Warehouse =>
  moved(stock, items, (of, units) => ({ reserved: of.reserved - units, shipped: of.shipped + units }));

/** From outside to available. */
export const takeIn = (stock: Warehouse, item: Item): Warehouse =>
  moved(stock, [item], (of, units) => ({ available: of.available + units, restocked: of.restocked + units }));

type Move = (of: Stock, units: number) => Partial<Stock>;

/** Products without a change keep their object, so they are not written. */
function moved(stock: Warehouse, items: readonly Item[], move: Move): Warehouse {
  const after = new Map(stock);
  for (const { sku, quantity } of items) {
    const before = after.get(sku);
    if (before === undefined) {
      throw new Terminal('STOCK_MISSING', `${sku} is reserved for this order, but the message does not list it.`);
    }
    const now = { ...before, ...move(before, quantity) };
    if (Math.min(now.available, now.reserved, now.shipped) < 0) {
      throw new Terminal(
        'STOCK_NEGATIVE',
        `To move ${quantity} units of ${sku} leaves less than none: ${JSON.stringify(now)}`,
      );
    }
    after.set(sku, now);
  }
  return after;
}
