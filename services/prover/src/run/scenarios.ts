import type { Bounds } from '../model/domain.ts';
import type { Placed } from '../shop/shop.ts';

/** What is explored in one go. */
export interface Scenario {
  readonly name: string;
  readonly placed: Placed;
  /** Orders that are placed at once, and are alike. */
  readonly orders: 1 | 2;
  readonly bounds: Bounds;
}

/** In each order at most so much of each. */
const ONCE_EACH: Bounds = { again: 1, deadLetters: 1, cancels: 1, operators: 1, refusals: 1, stragglers: 1 };
const PEOPLE_ONLY: Bounds = { again: 0, deadLetters: 0, cancels: 1, operators: 0, refusals: 0, stragglers: 0 };

export const DEFAULT_BOUNDS = { one: ONCE_EACH, two: PEOPLE_ONLY };
export type ScenarioBounds = typeof DEFAULT_BOUNDS;

/** One order of each kind and style, and two that compete for the last unit. */
export function scenarios({ one, two }: ScenarioBounds, notification: Placed['notification']): readonly Scenario[] {
  return (['choreographed', 'orchestrated'] as const).flatMap((style) => [
    ...[
      { name: 'one order', needsApproval: false, stock: 1 },
      { name: 'one order, out of stock', needsApproval: false, stock: 0 },
      { name: 'one order, needs approval', needsApproval: true, stock: 1 },
    ].map(({ name, ...placed }): Scenario => {
      return { name: `${style}: ${name}`, placed: { style, notification, ...placed }, orders: 1, bounds: one };
    }),
    {
      name: `${style}: two orders, one unit`,
      placed: { style, notification, needsApproval: false, stock: 1 },
      orders: 2 as const,
      bounds: two,
    },
  ]);
}
