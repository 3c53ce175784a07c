import { expect } from '@jest/globals';
import type { DomainEvent } from '@troupe/schemas';
import { type Item, STOCK, standings, stockOf } from './cast.ts';
import type { World } from './world.ts';

/** Facts of which an order has at most one, together. */
const ONCE = [
  ['OrderCreated'],
  ['OrderConfirmed', 'OrderCancelled'],
  ['PaymentApprovalRequired'],
  ['PaymentCompleted', 'PaymentFailed'],
  ['PaymentRefunded'],
  ['InventoryReserved', 'InventoryFailed'],
  ['InventoryReleased'],
  ['ShipmentScheduled', 'ShipmentFailed'],
  ['ShipmentCancelled'],
] as const;

/** What must hold after every message: nothing is taken, given back, or said twice. */
export function nothingTwice(world: World, said: readonly DomainEvent[], orderId: string): void {
  for (const names of ONCE) {
    const found = said.filter(({ type }) => (names as readonly string[]).includes(type));
    if (found.length > 1) throw new Error(`${orderId} was told ${found.map(({ type }) => type).join(' and ')}.`);
  }
  const { charges, refunds } = ledgerOf(world, orderId);
  if (charges > 1 || refunds > charges) throw new Error(`${orderId} has ${charges} charges and ${refunds} refunds.`);
}

/** What must hold after every message: an order that is on its way has a deadline, unless it awaits an approval. */
export function alwaysEnds(world: World, orderId: string): void {
  const { order } = standings(world, orderId);
  const deadline = world.stage('order').tasks.has(`OrderDeadline ${orderId}`);
  if (order === 'PENDING' && !deadline) throw new Error(`${orderId} is PENDING without a deadline.`);
}

export interface Ordered {
  readonly orderId: string;
  readonly items: readonly Item[];
}

/** What must hold of an order when nothing more happens (DESIGN.md, section 7). */
export function consistent(world: World, { orderId }: Ordered): void {
  const { order, payment, reservation, shipment } = standings(world, orderId);
  const found = { order, payment, reservation, shipment, ...ledgerOf(world, orderId), ...lettersOf(world, orderId) };
  expect(found).toEqual(expectedOf(order, found));
}

type Found = ReturnType<typeof standings> & ReturnType<typeof ledgerOf> & ReturnType<typeof lettersOf>;

function expectedOf(order: string, found: Found): unknown {
  switch (order) {
    case 'CONFIRMED':
      return {
        ...found,
        ...{ payment: 'COMPLETED', reservation: 'SHIPPED', shipment: 'SCHEDULED' },
        ...{ charges: 1, refunds: 0, bookings: 1, liveBookings: 1, confirmations: 1, cancellations: 0 },
      };
    case 'CANCELLED':
      return {
        ...found,
        ...(found.charges === 0
          ? { payment: expect.stringMatching(/^(FAILED|VOID)$/), refunds: 0 }
          : givenBack(found.payment, found.charges)),
        ...nothingKept(found.shipment),
        ...{ confirmations: 0, cancellations: 1 },
      };
    case 'NEEDS_ATTENTION':
      return {
        ...found,
        payment: 'REFUND_FAILED',
        ...nothingKept(found.shipment),
        ...{ charges: 1, refunds: 0, confirmations: 0 },
      };
    default:
      return 'an order that has come to its end';
  }
}

/** By the provider, or by hand and then not by the provider as well. */
const givenBack = (payment: string, charges: number) =>
  payment === 'RESOLVED' ? { payment, refunds: 0 } : { payment: 'REFUNDED', refunds: charges };

/** A booking lives on only where the carrier has refused to take it back, and that can be seen. */
const nothingKept = (shipment: string) => ({
  reservation: expect.stringMatching(/^(FAILED|RELEASED|VOID)$/),
  shipment: expect.stringMatching(/^(nothing|FAILED|CANCELLED|CANCEL_FAILED|RESOLVED|VOID)$/),
  liveBookings: shipment === 'CANCEL_FAILED' || shipment === 'RESOLVED' ? 1 : 0,
});

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
  const expected = { order: waits ? 'AWAITING_APPROVAL' : ended, deadline: false, expiry: waits };
  expect({ order, deadline, expiry }).toEqual(expected);
}

function ledgerOf({ outside }: World, orderId: string) {
  const bookings = outside.bookings.get(orderId) ?? [];
  return {
    charges: outside.charges.filter((entry) => entry.orderId === orderId).length,
    refunds: outside.refunds.filter((entry) => entry.orderId === orderId).length,
    bookings: bookings.length,
    liveBookings: bookings.filter(({ live }) => live).length,
  };
}

function lettersOf({ outside }: World, orderId: string) {
  const letters = [...(outside.letters.get(orderId) ?? [])];
  const count = (template: string) => letters.filter((letter) => letter.startsWith(template)).length;
  return { confirmations: count('ORDER_CONFIRMED'), cancellations: count('ORDER_CANCELLED') };
}
