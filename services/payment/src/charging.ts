import {
  type Answered,
  after,
  type Context,
  cancel,
  command,
  decided,
  ignored,
  rejected,
  Terminal,
} from '@troupe/chassis';
import { PaymentApprovalRequired, PaymentCompleted, PaymentFailed, type PaymentItem } from '@troupe/schemas';
import { styleOf } from '@troupe/shop';
import {
  ApprovalExpiry,
  type AwaitingApproval,
  Charge,
  type ChargeOutcome,
  type ChargeRequest,
  type Charging,
  type Due,
  dueOf,
  type Failed,
  type Known,
  notAwaitingApproval,
  type OfOrder,
  type PaymentRules,
  paymentNotFound,
} from './payment.ts';
import { giveBack } from './refunding.ts';

/** A new order that is to be paid. */
export interface OrderToPay {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly PaymentItem[];
  /** Minor units of `currency`. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The customer's means of payment at the provider. */
  readonly paymentToken: string;
  readonly orchestrated?: boolean;
}

export interface ApprovalDecision {
  readonly orderId: string;
  readonly decision: 'approve' | 'reject';
  /** Why, for the customer. */
  readonly reason?: string | undefined;
}

/** The orchestrator asks for the payment of an order. */
export const ChargeOrder = command('ChargeOrder', (order: OrderToPay) => order.orderId);
/** A person's decision on an amount above the limit. */
export const DecideApproval = command('DecideApproval', (request: ApprovalDecision) => request.orderId);

/** Charges a new order, or asks a person first when the amount is above the limit. */
export const takeOrder = (rules: PaymentRules) => (order: OrderToPay, payment: Known, context: Context) => {
  if (payment?.status === 'VOID') return ignored('the order was cancelled before it arrived');
  if (payment !== undefined) return ignored('the order has its payment already');
  const { orderId, customerId, amount, currency, paymentToken } = order;
  if (!(amount >= 1)) throw new Terminal('AMOUNT_NOT_POSITIVE', `Order ${orderId} is to be paid with ${amount}.`);
  const items = order.items.map(({ sku, quantity }) => ({ sku, quantity }));
  const due: Due = { orderId, paymentId: context.id, customerId, items, amount, currency, ...styleOf(order) };
  if (due.amount > rules.approvalLimitCents) return askApproval(due, paymentToken, context.now, rules);
  return charge(due, paymentToken);
};

function askApproval(due: Due, paymentToken: string, now: Date, rules: PaymentRules) {
  const { orderId, customerId, amount, currency } = due;
  const approvalExpiresAt = new Date(now.getTime() + rules.approvalTimeoutMs);
  const awaiting: AwaitingApproval = { ...due, status: 'AWAITING_APPROVAL', paymentToken, approvalExpiresAt };
  const limit = rules.approvalLimitCents;
  return decided(
    awaiting,
    PaymentApprovalRequired({ orderId, customerId, amount, currency, limit, expiresAt: approvalExpiresAt.getTime() }),
    after(rules.approvalTimeoutMs, ApprovalExpiry({ orderId })),
  );
}

/** Charges what was approved; a rejection ends the payment. */
export function decideApproval({ orderId, decision, reason }: ApprovalDecision, payment: Known) {
  if (payment === undefined) return rejected(paymentNotFound(orderId));
  if (payment.status !== 'AWAITING_APPROVAL') return rejected(notAwaitingApproval(payment));
  if (decision === 'reject') {
    return endApproval(payment, 'APPROVAL_REJECTED', reason ?? 'The payment was looked at and not approved.');
  }
  const { state, effects } = charge(dueOf(payment), payment.paymentToken);
  return decided(state, ...effects, cancel(ApprovalExpiry, orderId));
}

/** Nobody decided in time. */
export function expireApproval(_: OfOrder, payment: Known) {
  if (payment?.status !== 'AWAITING_APPROVAL') return ignored('the approval was decided, or is no longer needed');
  return endApproval(payment, 'APPROVAL_TIMEOUT', 'Nobody approved the payment in time.');
}

/** The order was cancelled before a person decided. */
export function withdrawApproval(payment: AwaitingApproval) {
  return endApproval(payment, 'ORDER_CANCELLED', 'The order was cancelled before the payment was approved.');
}

function endApproval(payment: AwaitingApproval, reason: Failed['failure'], detail: string) {
  const failed: Failed = { ...dueOf(payment), status: 'FAILED', failure: reason, detail };
  const { orderId } = payment;
  return decided(failed, PaymentFailed({ orderId, reason, detail }), cancel(ApprovalExpiry, orderId));
}

/** Records the provider's answer. Money that was taken for a cancelled order goes back at once. */
export function settleCharge({ outcome }: Answered<ChargeRequest, ChargeOutcome>, payment: Known) {
  if (payment?.status !== 'CHARGING') return ignored('the charge was answered before');
  const due = dueOf(payment);
  const { orderId, paymentId, customerId, items, amount, currency, orchestrated = false } = due;
  switch (outcome.kind) {
    case 'declined':
    case 'refused': {
      const { detail } = outcome;
      const reason = outcome.kind === 'declined' ? 'DECLINED' : 'PROVIDER_REFUSED';
      const failed: Failed = { ...due, status: 'FAILED', failure: reason, detail };
      return decided(failed, PaymentFailed({ orderId, reason, detail }));
    }
    case 'charged': {
      const { chargeId } = outcome;
      if (payment.undoReason !== undefined) return giveBack(due, chargeId, payment.undoReason);
      return decided(
        { ...due, status: 'COMPLETED' as const, chargeId },
        PaymentCompleted({ orderId, paymentId, customerId, items: [...items], amount, currency, orchestrated }),
      );
    }
    default:
      return outcome satisfies never;
  }
}

function charge(due: Due, paymentToken: string) {
  const { orderId, amount, currency } = due;
  const charging: Charging = { ...due, status: 'CHARGING' };
  return decided(charging, Charge({ orderId, amount, currency, paymentToken }));
}
