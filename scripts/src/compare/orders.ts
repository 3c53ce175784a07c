import type { End } from '../measure/ends.ts';
import { ENDS, mixedOrder } from '../measure/mix.ts';
import type { Target } from '../measure/target.ts';

/** How an order runs: each service reacts to events, or the orchestrator asks each service. */
export type Style = 'choreographed' | 'orchestrated';
export const styles: readonly Style[] = ['choreographed', 'orchestrated'];

/** Where orders of a style are placed. */
export const pathOf: Readonly<Record<Style, Target['path']>> = {
  choreographed: '/orders',
  orchestrated: '/orders/orchestrated',
};

export interface ComparedOrder {
  readonly body: object;
  /** How it has to end, in either style. */
  readonly expected: End;
}

/** The carrier refuses it. */
const REFUSED_BY_CARRIER = 'SKU-100';

/** The `index`-th order: the mix of the benchmark, and of every twenty-five one that the carrier refuses. */
export function comparedOrder(index: number): ComparedOrder {
  if (index % 25 === 10) {
    const body = { items: [{ sku: REFUSED_BY_CARRIER, quantity: 1 }], paymentToken: 'tok_ok' };
    return { body, expected: 'CANCELLED SHIPMENT_REFUSED' };
  }
  const { body, kind } = mixedOrder(index);
  return { body, expected: ENDS[kind] };
}
