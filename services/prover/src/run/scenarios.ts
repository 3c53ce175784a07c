import type { Bounds } from '../model/domain.ts';
import type { Placed } from '../shop/shop.ts';

/** What is explored in one go. */
export interface Scenario {
  readonly name: string;
  readonly placed: Placed;
  /** Orders that are placed at once, and are alike. */
  readonly orders: 1 | 2;
  readonly bounds: Bounds;
  /** Takes minutes: it is explored only when that is wanted. */
  readonly isLong: boolean;
}

const ANY: Omit<Bounds, 'faults'> = {
  again: 9,
  deadLetters: 9,
  cancels: 1,
  silences: 9,
  operators: 9,
  refusals: 9,
  stragglers: 9,
};

/** What each order is explored with. */
export interface ScenarioBounds {
  readonly one: Bounds;
  readonly two: Bounds;
}

/** In one order any fault, once, and a cancellation; two that compete for a unit do it without either. */
export const DEFAULT_BOUNDS: ScenarioBounds = {
  one: { ...ANY, faults: 1 },
  two: { ...ANY, faults: 0, cancels: 0 },
};

/** One order of each kind and style, and two that compete for the last unit. */
export function scenarios({ one, two }: ScenarioBounds, notification: Placed['notification']): readonly Scenario[] {
  return (['choreographed', 'orchestrated'] as const).flatMap((style) => [
    ...[
      { name: 'one order', needsApproval: false, stock: 1 },
      { name: 'one order, out of stock', needsApproval: false, stock: 0 },
      { name: 'one order, needs approval', needsApproval: true, stock: 1 },
    ].map(({ name, ...placed }): Scenario => {
      return {
        name: `${style}: ${name}`,
        placed: { style, notification, ...placed },
        orders: 1,
        bounds: one,
        isLong: false,
      };
    }),
    {
      name: `${style}: two orders, one unit`,
      placed: { style, notification, needsApproval: false, stock: 1 },
      orders: 2 as const,
      bounds: two,
      isLong: style === 'orchestrated',
    },
  ]);
}
