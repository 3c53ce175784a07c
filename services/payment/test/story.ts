import type { Context } from '@troupe/chassis';
import { answerTo, specification } from '@troupe/chassis/testing';
import { InventoryFailed, InventoryReleased, OrderCancelled, OrderCreated } from '@troupe/schemas';
import { ChargeOrder, DecideApproval } from '../src/charging.ts';
import {
  ApprovalExpiry,
  Charge,
  type ChargeOutcome,
  type PaymentRules,
  Refund,
  type RefundOutcome,
  RefundRetry,
} from '../src/payment.ts';
import { paymentReactions } from '../src/reactions.ts';
import { ResolveRefund, RetryRefund } from '../src/refunding.ts';
import { RefundOrder } from '../src/undoing.ts';

export const orderId = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
export const paymentId = '019a1b2c-0000-7f50-8a6b-000000000001';
export const chargeId = 'ch_1';
const customerId = 'ada';
export const items = [{ sku: 'SKU-001', quantity: 2 }];

export const rules: PaymentRules = { approvalLimitCents: 100_000, approvalTimeoutMs: 900_000, refundRetryMs: 5_000 };
export const table = paymentReactions(rules);
export const context: Context = { now: new Date('2026-11-21T09:30:00.000Z'), id: paymentId };

/** A moment after the context's. */
export const later = (ms: number): Date => new Date(context.now.getTime() + ms);

/** Given a payment, when it hears a message, then it decides. */
export const { given, givenState } = specification(table, {
  context,
});
export type Message = Parameters<typeof given>[number];

export const charge = { orderId, amount: 2_100, currency: 'USD', paymentToken: 'tok_ok' };
export const refund = { orderId, chargeId, amount: 2_100 };
const answerOfCharge = (outcome: ChargeOutcome) => answerTo(Charge, charge, outcome);
const answerOfRefund = (outcome: RefundOutcome) => answerTo(Refund, refund, outcome);

/** Everything that a payment can hear, in the words of the business. */
export const heard = {
  ordered: (amount = 2_100) =>
    OrderCreated({
      orderId,
      customerId,
      items: [{ sku: 'SKU-001', quantity: 2, unitPrice: amount / 2 }],
      amount,
      currency: 'USD',
      paymentToken: 'tok_ok',
    }),
  expensive: OrderCreated({
    orderId,
    customerId,
    items: [{ sku: 'SKU-098', quantity: 1, unitPrice: 149_900 }],
    amount: 149_900,
    currency: 'USD',
    paymentToken: 'tok_ok',
  }),
  cancelled: OrderCancelled({ orderId, customerId, items, reason: 'CUSTOMER', detail: 'You cancelled the order.' }),
  outOfStock: InventoryFailed({ orderId, reason: 'OUT_OF_STOCK', detail: 'Of SKU-001 there is 1 left.' }),
  released: (reason: 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED') => InventoryReleased({ orderId, items, reason }),
  charged: answerOfCharge({ kind: 'charged', chargeId }),
  declined: answerOfCharge({ kind: 'declined', detail: 'The card was declined.' }),
  chargeRefused: answerOfCharge({ kind: 'refused', detail: 'The payment provider refused the charge (400 x): no.' }),
  refunded: answerOfRefund({ kind: 'refunded', refundId: 're_1' }),
  refundRefused: answerOfRefund({ kind: 'refused', detail: 'Try again.' }),
  refundEnded: answerOfRefund({ kind: 'refused', detail: 'Nobody answers.', byHand: true }),
  approved: DecideApproval({ orderId, decision: 'approve' }),
  rejected: DecideApproval({ orderId, decision: 'reject', reason: 'Too much for a first order.' }),
  nobodyDecided: ApprovalExpiry({ orderId }),
  retried: RetryRefund({ orderId }),
  retryDue: RefundRetry({ orderId }),
  resolved: ResolveRefund({ orderId, reason: 'Bank transfer 4711.' }),
};

const toPay = { orderId, customerId, items, amount: 2_100, currency: 'USD', paymentToken: 'tok_ok' };

/** What the orchestrator of an order asks for. */
export const asked = {
  charge: ChargeOrder(toPay),
  expensive: ChargeOrder({ ...toPay, items: [{ sku: 'SKU-098', quantity: 1 }], amount: 149_900 }),
  refund: (reason: 'OUT_OF_STOCK' | 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED') => RefundOrder({ orderId, reason }),
};
