import type { Context } from '@troupe/chassis';
import { specification } from '@troupe/chassis/testing';
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
import type { Order } from '../src/domain/order.ts';
import { CancelOrder, OrderDeadline, PlaceOrder } from '../src/domain/rules.ts';
import { orderReactions } from '../src/reactions.ts';

export const orderId = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
export const customerId = 'ada';
const paymentId = '019a1b2c-0000-7f50-8a6b-000000000001';
const items = [{ sku: 'SKU-001', quantity: 2 }];

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
    orderId,
    paymentId,
    amount: 2_100,
    currency: 'USD',
    reason: 'OUT_OF_STOCK',
    byHand: true,
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

/** Given an order, when it hears a message, then it decides. */
export const { given, givenState } = specification(orderReactions, {
  context,
  // As the repository loads an order: what was pending is stored.
  loaded: (order) => ({ ...order, pending: [], standingChanged: false }),
  facts: (order) => ({
    standing: order?.state.standing,
    recorded: order?.pending.map(({ event }) => event) ?? [],
    saga: order?.saga,
    standingChanged: order?.standingChanged,
  }),
});
export type Message = Parameters<typeof given>[number];

/** The order after these messages, with its whole stream pending. */
export const orderAfter = (...messages: readonly Message[]): Order | undefined => given(...messages).state;
