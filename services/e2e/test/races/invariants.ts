import { expect } from '@jest/globals';
import type { DomainEvent } from '@troupe/schemas';
import { contradictoryFacts, outcomeViolations } from '../../../simulation/src/shop/expected-outcome.ts';
import { type Item, orderStatuses, STOCK, stockOf } from './shop.ts';
import type { World } from './world.ts';

/** After every message: nothing is charged, refunded or published twice. */
export function nothingTwice(world: World, said: readonly DomainEvent[], orderId: string): void {
  for (const twice of contradictoryFacts(said.map(({ type }) => type))) throw new Error(`${orderId} ${twice}.`);
  const { charges, refunds } = world.external.effectsFor(orderId);
  if (charges > 1 || refunds > charges) throw new Error(`${orderId} has ${charges} charges and ${refunds} refunds.`);
}

/** After every message: an order that has not ended has a deadline, also while it awaits an approval. */
export function alwaysEnds(world: World, orderId: string): void {
  const { order } = orderStatuses(world, orderId);
  const deadline = world.model('order').tasks.has(`OrderDeadline ${orderId}`);
  const isOpen = order === 'PENDING' || order === 'AWAITING_APPROVAL';
  if (isOpen && !deadline) throw new Error(`${orderId} is ${order} without a deadline.`);
}

export interface Ordered {
  readonly orderId: string;
  readonly items: readonly Item[];
}

/** At rest: all services agree on the order. */
export function consistent(world: World, { orderId }: Ordered): void {
  const found = { ...orderStatuses(world, orderId), ...world.external.effectsFor(orderId) };
  expect({ found, wrong: outcomeViolations(found) }).toEqual({ found, wrong: [] });
}

/** At rest: every unit of stock is where an order says that it is, and none was made or lost. */
export function stockConserved(world: World, orders: readonly Ordered[]): void {
  for (const [sku, initial] of Object.entries(STOCK)) {
    const { restocked, available, reserved, shipped } = stockOf(world, sku);
    const sold = orders
      .filter(({ orderId }) => orderStatuses(world, orderId).order === 'CONFIRMED')
      .flatMap(({ items }) => items.filter((item) => item.sku === sku))
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const expected = { sku, available: initial + restocked - sold, reserved: 0, shipped: sold };
    expect({ sku, available, reserved, shipped }).toEqual(expected);
  }
}

/**
 * When everything under way has arrived, and no timer has gone off: only an order that awaits an approval waits, and no timer is
 * set for an order that does not need it.
 */
export function nobodyWaits(world: World, { orderId }: Ordered): void {
  const { order, payment } = orderStatuses(world, orderId);
  const deadline = world.model('order').tasks.has(`OrderDeadline ${orderId}`);
  const expiry = world.model('payment').tasks.has(`ApprovalExpiry ${orderId}`);
  const waits = payment === 'AWAITING_APPROVAL';
  const ended = expect.stringMatching(/^(CONFIRMED|CANCELLED|NEEDS_ATTENTION)$/);
  const expected = { order: waits ? 'AWAITING_APPROVAL' : ended, deadline: waits, expiry: waits };
  expect({ order, deadline, expiry }).toEqual(expected);
}
