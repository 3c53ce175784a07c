/** How an order of the benchmark has to end. */
export type Kind = 'confirmed' | 'declined' | 'outOfStock';

export interface BenchOrder {
  readonly kind: Kind;
  readonly sku: string;
  readonly body: {
    readonly items: readonly [{ readonly sku: string; readonly quantity: 1 }];
    readonly paymentToken: string;
  };
}

/** How an order of a kind ends; `CONFIRMED`, or `CANCELLED` with its reason. */
export const ENDS: Readonly<Record<Kind, string>> = {
  confirmed: 'CONFIRMED',
  declined: 'CANCELLED PAYMENT_DECLINED',
  outOfStock: 'CANCELLED OUT_OF_STOCK',
};

/** SKU-001 to SKU-049 have plenty of units, at ordinary prices. */
const PLENTY = 49;
const EMPTY = 'SKU-099';

/** The `index`-th order: of every twenty, one has a card that is declined and one a product that is out of stock. */
export function mixedOrder(index: number): BenchOrder {
  if (index % 20 === 7) return order('declined', plentiful(index), 'tok_declined');
  if (index % 20 === 17) return order('outOfStock', EMPTY, 'tok_ok');
  return goodOrder(index);
}

/** The `index`-th of orders that all go well. */
export const goodOrder = (index: number): BenchOrder => order('confirmed', plentiful(index), 'tok_ok');

/** The `index`-th of orders that all want the same product. */
export const hotOrder = (_index: number): BenchOrder => order('confirmed', 'SKU-001', 'tok_ok');

const plentiful = (index: number): string => `SKU-${String((index % PLENTY) + 1).padStart(3, '0')}`;

function order(kind: Kind, sku: string, paymentToken: string): BenchOrder {
  return { kind, sku, body: { items: [{ sku, quantity: 1 }], paymentToken } };
}
