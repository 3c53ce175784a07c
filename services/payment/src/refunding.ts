import {
  type Answered,
  after,
  type Context,
  cancel,
  command,
  compensationDelay,
  decided,
  ignored,
  rejected,
} from '@troupe/chassis';
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
  RefundRetry,
  type Resolved,
  refundNotFailed,
} from './payment.ts';

/** How a refund that the provider refuses was settled by hand. */
export interface Resolution extends OfOrder {
  /** How, in that person's words. */
  readonly reason: string;
}

/** An operator asks for another try of a refused refund, at once. */
export const RetryRefund = command('RetryRefund', ({ orderId }: OfOrder) => orderId);
/** An operator says that the customer has the money, or needs none. */
export const ResolveRefund = command('ResolveRefund', ({ orderId }: Resolution) => orderId);

/** Asks the provider to give the money back. */
export function giveBack(due: Due, chargeId: string, undoReason: RefundReason) {
  return ask({ ...due, status: 'REFUNDING', chargeId, undoReason, refundAttempts: 0 });
}

/** Asks again now, and withdraws the automatic try. */
export function retryRefund({ orderId }: OfOrder, payment: Known) {
  if (payment === undefined) return rejected(paymentNotFound(orderId));
  if (payment.status !== 'REFUND_FAILED') return rejected(refundNotFailed(payment));
  const { state, effects } = askAgain(payment);
  return decided(state, ...effects, cancel(RefundRetry, orderId));
}

/** The automatic try. Until it fires nobody asks the provider, so a person can settle the refund without a second one. */
export function refundRetryDue(_: OfOrder, payment: Known) {
  if (payment?.status !== 'REFUND_FAILED') return ignored('somebody has seen to the refund already');
  return askAgain(payment);
}

/**
 * Ends a refund by hand, only while the provider is not being asked. It withdraws the automatic try. While a request is
 * under way it is refused, because the customer could get the money twice.
 */
export function resolveRefund({ orderId, reason: detail }: Resolution, payment: Known) {
  if (payment === undefined) return rejected(paymentNotFound(orderId));
  if (payment.status !== 'REFUND_FAILED') return rejected(refundNotFailed(payment));
  const { paymentId, amount, currency, chargeId, undoReason, refundAttempts } = payment;
  const resolved: Resolved = {
    ...dueOf(payment),
    status: 'RESOLVED',
    ...{ chargeId, undoReason, refundAttempts, detail },
  };
  return decided(
    resolved,
    PaymentRefunded({ orderId, paymentId, amount, currency, reason: undoReason, byHand: true }),
    cancel(RefundRetry, orderId),
  );
}

function askAgain(payment: RefundFailed) {
  const { chargeId, undoReason, refundAttempts } = payment;
  return ask({ ...dueOf(payment), status: 'REFUNDING', chargeId, undoReason, refundAttempts });
}

function ask(refunding: Refunding) {
  const { orderId, chargeId, amount } = refunding;
  return decided(refunding, Refund({ orderId, chargeId, amount }));
}

/** Records the provider's answer. A refusal is tried again, later each time. */
export const settleRefund =
  (rules: PaymentRules) =>
  ({ outcome }: Answered<RefundRequest, RefundOutcome>, payment: Known, { now }: Context) => {
    if (payment?.status !== 'REFUNDING') return ignored('the refund was answered before');
    switch (outcome.kind) {
      case 'refunded':
        return refunded(payment, outcome.refundId);
      case 'refused':
        return refused(payment, outcome, now, rules);
      default:
        return outcome satisfies never;
    }
  };

function refunded(payment: Refunding, refundId: string) {
  const { orderId, paymentId, amount, currency, chargeId, undoReason, refundAttempts } = payment;
  return decided(
    { ...dueOf(payment), status: 'REFUNDED' as const, chargeId, undoReason, refundAttempts, refundId },
    PaymentRefunded({ orderId, paymentId, amount, currency, reason: undoReason, byHand: false }),
  );
}

type Refusal = Extract<RefundOutcome, { kind: 'refused' }>;

/** A refusal is tried again by itself, unless a person has ended the call: then a person decides. */
function refused(payment: Refunding, { detail, byHand }: Refusal, now: Date, { refundRetryMs }: PaymentRules) {
  const { orderId, paymentId, amount, currency, chargeId, undoReason } = payment;
  const attempts = payment.refundAttempts + 1;
  const delayMs = byHand ? undefined : compensationDelay(attempts, refundRetryMs);
  const next = delayMs === undefined ? {} : { nextAttemptAt: new Date(now.getTime() + delayMs) };
  const failed: RefundFailed = {
    ...dueOf(payment),
    status: 'REFUND_FAILED',
    ...{ chargeId, undoReason, refundAttempts: attempts, detail, ...next },
  };
  const nextAttemptAt = failed.nextAttemptAt?.getTime() ?? null;
  const fact = PaymentRefundFailed({ orderId, paymentId, amount, currency, attempts, detail, nextAttemptAt });
  if (delayMs === undefined) return decided(failed, fact);
  return decided(failed, fact, after(delayMs, RefundRetry({ orderId })));
}
