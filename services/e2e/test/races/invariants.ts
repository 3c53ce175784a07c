import { expect } from '@jest/globals';
import type { DomainEvent } from '@troupe/schemas';
import { saidTwice, wrongWith } from '../../../simulation/src/business/outcome.ts';
import { type Item, STOCK, standings, stockOf } from './cast.ts';
import type { World } from './world.ts';

/** What must hold after every message: nothing is taken, given back, or said twice. */
export function nothingTwice(world: World, said: readonly DomainEvent[], orderId: string): void {
  for (const twice of saidTwice(said.map(({ type }) => type))) throw new Error(`${orderId} ${twice}.`);
  const { charges, refunds } = world.outside.doneFor(orderId);
  if (charges > 1 || refunds > charges) throw new Error(`${orderId} has ${charges} charges and ${refunds} refunds.`);
}

/** What must hold after every message: an order that is on its way has a deadline, also while it awaits an approval. */
export function alwaysEnds(world: World, orderId: string): void {
  const { order } = standings(world, orderId);
  const deadline = world.stage('order').tasks.has(`OrderDeadline ${orderId}`);
  const isOpen = order === 'PENDING' || order === 'AWAITING_APPROVAL';
  if (isOpen && !deadline) throw new Error(`${orderId} is ${order} without a deadline.`);
}

export interface Ordered {
  readonly orderId: string;
  readonly items: readonly Item[];
}

/** What must hold for an order when nothing more happens. */
export function consistent(world: World, { orderId }: Ordered): void {
  const found = { ...standings(world, orderId), ...world.outside.doneFor(orderId) };
  expect({ found, wrong: wrongWith(found) }).toEqual({ found, wrong: [] });
}

/** Every unit is where an order says that it is, and none was made or lost. */
export function stockConserved(world: World, orders: readonly Ordered[]): void {
  for (const [sku, initial] of Object.entries(STOCK)) {
    const { restocked, available, reserved, shipped } = stockOf(world, sku);
    const sold = orders
      .filter(({ orderId }) => standings(world, orderId).order === 'CONFIRMED')
      .flatMap(({ items }) => items.filter((item) => item.sku === sku))
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const expected = { sku, available: initial + restocked - sold, reserved: 0, shipped: sold };
    expect({ sku, available, reserved, shipped }).toEqual(expected);
  }
}

/**
 * What must hold when everything that was under way has arrived, before any timer goes off: nobody waits for nothing,
 * and no timer is left behind for an order that does not need it any more.
 */
export function nobodyWaits(world: World, { orderId }: Ordered): void {
  const { order, payment } = standings(world, orderId);
  const deadline = world.stage('order').tasks.has(`OrderDeadline ${orderId}`);
  const expiry = world.stage('payment').tasks.has(`ApprovalExpiry ${orderId}`);
  const waits = payment === 'AWAITING_APPROVAL';
  const ended = expect.stringMatching(/^(CONFIRMED|CANCELLED|NEEDS_ATTENTION)$/);
  const expected = { order: waits ? 'AWAITING_APPROVAL' : ended, deadline: waits, expiry: waits };
  expect({ order, deadline, expiry }).toEqual(expected);
}
