import { type Answered, after, type Context, command, decided, ignored, rejected } from '@troupe/chassis';
import { PaymentRefunded, PaymentRefundFailed, type RefundReason } from '@troupe/schemas';
import {
  type Due,
  dueOf,
  type Known,
  type OfOrder,
  type PaymentRules,
  paymentNotFound,
  Refund,
  type RefundFailed,
  type Refunding,
  type RefundOutcome,
  type RefundRequest,
  refundNotFailed,
} from './payment.ts';

/** How often a refused refund is tried again by itself before a person must act. */
const AUTOMATIC_RETRIES = 5;

/** An operator's wish to try a refused refund again at once. */
export const RetryRefund = command('RetryRefund', ({ orderId }: OfOrder) => orderId);

/** Asks the provider for the money that it has taken. */
export function giveBack(due: Due, chargeId: string, undoReason: RefundReason) {
  const refunding: Refunding = { ...due, status: 'REFUNDING', chargeId, undoReason, refundAttempts: 0 };
  return decided(refunding, Refund({ orderId: due.orderId, chargeId, amount: due.amount }));
}

/** Asks again now. Takes the place of the automatic try, if one is pending: both have the same key. */
export function retryRefund({ orderId }: OfOrder, payment: Known) {
  if (payment === undefined) return rejected(paymentNotFound(orderId));
  if (payment.status !== 'REFUND_FAILED') return rejected(refundNotFailed(payment));
  const { chargeId, undoReason, refundAttempts, amount } = payment;
  const refunding: Refunding = { ...dueOf(payment), status: 'REFUNDING', chargeId, undoReason, refundAttempts };
  return decided(refunding, Refund({ orderId, chargeId, amount }));
}

/** Records what the provider answered; a refusal is tried again, later each time. */
export function settleRefund(
  { outcome }: Answered<RefundRequest, RefundOutcome>,
  payment: Known,
  { now }: Context,
  rules: PaymentRules,
) {
  if (payment?.status !== 'REFUNDING' && payment?.status !== 'REFUND_FAILED') {
    return ignored('the refund was answered before');
  }
  switch (outcome.kind) {
    case 'refunded':
      return refunded(payment, outcome.refundId);
    case 'refused':
      return refused(payment, outcome.detail, now, rules);
    default:
      return outcome satisfies never;
  }
}

function refunded(payment: Refunding | RefundFailed, refundId: string) {
  const { orderId, paymentId, amount, currency, chargeId, undoReason, refundAttempts } = payment;
  return decided(
    { ...dueOf(payment), status: 'REFUNDED' as const, chargeId, undoReason, refundAttempts, refundId },
    PaymentRefunded({ orderId, paymentId, amount, currency, reason: undoReason }),
  );
}

function refused(payment: Refunding | RefundFailed, detail: string, now: Date, rules: PaymentRules) {
  const { orderId, paymentId, amount, currency, chargeId, undoReason } = payment;
  const attempts = payment.refundAttempts + 1;
  const delayMs = attempts > AUTOMATIC_RETRIES ? undefined : rules.refundRetryMs * 2 ** (attempts - 1);
  const next = delayMs === undefined ? {} : { nextAttemptAt: new Date(now.getTime() + delayMs) };
  const failed: RefundFailed = {
    ...dueOf(payment),
    status: 'REFUND_FAILED',
    ...{ chargeId, undoReason, refundAttempts: attempts, detail, ...next },
  };
  const nextAttemptAt = failed.nextAttemptAt?.getTime() ?? null;
  const fact = PaymentRefundFailed({ orderId, paymentId, amount, currency, attempts, detail, nextAttemptAt });
  if (delayMs === undefined) return decided(failed, fact);
  return decided(failed, fact, after(delayMs, Refund({ orderId, chargeId, amount })));
}
