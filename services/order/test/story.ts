import { type CommandDecision, type Context, decided, type Effect } from '@troupe/chassis';
import {
  InventoryFailed,
  InventoryReserved,
  PaymentApprovalRequired,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
import { told } from '../../chassis/src/testing/told.ts';
import type { Order } from '../src/domain/order.ts';
import { CancelOrder, OrderDeadline, PlaceOrder } from '../src/domain/rules.ts';
import { orderReactions } from '../src/reactions.ts';

export const orderId = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
export const customerId = 'ada';
const paymentId = '019a1b2c-0000-7f50-8a6b-000000000001';
const items = [{ sku: 'SKU-001', quantity: 2 }];

export interface Said {
  readonly type: string;
  readonly data: unknown;
}

/** Everything that an order can hear, in the words of the business. */
export const heard = {
  placed: PlaceOrder({
    orderId,
    customerId,
    items: [{ sku: 'SKU-001', quantity: 2, unitPrice: 1_050 }],
    total: 2_100,
    currency: 'USD',
    deadlineMs: 60_000,
    paymentToken: 'tok_ok',
  }),
  cancelled: CancelOrder({ orderId, customerId }),
  cancelledByStranger: CancelOrder({ orderId, customerId: 'mallory' }),
  deadline: OrderDeadline({ orderId }),
  approvalRequired: PaymentApprovalRequired({
    orderId,
    customerId,
    amount: 2_100,
    currency: 'USD',
    limit: 2_000,
    expiresAt: Date.UTC(2026, 10, 21, 12),
  }),
  paid: PaymentCompleted({ orderId, paymentId, customerId, items, amount: 2_100, currency: 'USD' }),
  declined: PaymentFailed({ orderId, reason: 'DECLINED', detail: 'The card was declined.' }),
  chargeRefused: PaymentFailed({ orderId, reason: 'PROVIDER_REFUSED', detail: 'It was not taken.' }),
  rejected: PaymentFailed({ orderId, reason: 'APPROVAL_REJECTED', detail: 'Too much.' }),
  approvalTimedOut: PaymentFailed({ orderId, reason: 'APPROVAL_TIMEOUT', detail: 'Nobody decided.' }),
  reserved: InventoryReserved({ orderId, items }),
  outOfStock: InventoryFailed({ orderId, reason: 'OUT_OF_STOCK', detail: 'Of SKU-001 there is 1 left.' }),
  shipped: ShipmentScheduled({ orderId, shipmentId: paymentId, carrier: 'Sandbox Parcel', trackingNumber: 'T-1' }),
  carrierRefused: ShipmentFailed({ orderId, items, reason: 'CARRIER_REFUSED', detail: 'Too heavy.' }),
  refunded: (reason: 'OUT_OF_STOCK' | 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED') =>
    PaymentRefunded({ orderId, paymentId, amount: 2_100, currency: 'USD', reason, byHand: false }),
  settledByHand: PaymentRefunded({
    ...{ orderId, paymentId, amount: 2_100, currency: 'USD', reason: 'OUT_OF_STOCK', byHand: true },
  }),
  refundRefused: (attempts: number) =>
    PaymentRefundFailed({
      orderId,
      paymentId,
      amount: 2_100,
      currency: 'USD',
      attempts,
      detail: `Refused ${attempts} times.`,
      nextAttemptAt: attempts < 5 ? Date.UTC(2026, 10, 21, 12) : null,
    }),
};

const context: Context = { now: new Date('2026-11-21T09:30:00.000Z'), id: paymentId };

function react(order: Order | undefined, message: Said, now = context.now): CommandDecision<Order | undefined> {
  return told(orderReactions, message, { state: order, context: { ...context, now } });
}

/** The order after these messages; those that it ignores or rejects change nothing. */
export function given(...messages: readonly Said[]): Order | undefined {
  return messages.reduce<Order | undefined>((order, message) => {
    const decision = react(order, message);
    return decision.kind === 'decided' ? decision.state : order;
  }, undefined);
}

/** What one more message comes to, for an order that was loaded. */
export function when(order: Order | undefined, message: Said, now?: Date) {
  const before = order === undefined ? undefined : { ...order, pending: [], standingChanged: false };
  const decision = react(before, message, now);
  const { state, effects } = decision.kind === 'decided' ? decision : decided<Order | undefined>(before);
  return {
    decision,
    order: state,
    standing: state?.state.standing,
    recorded: state?.pending.map(({ event }) => event) ?? [],
    effects,
    says: effects.map(nameOf),
  };
}

function nameOf(effect: Effect): string {
  if (!('kind' in effect)) return effect.type;
  return effect.kind === 'task' ? `start ${effect.type}` : `cancel ${effect.type}`;
}
