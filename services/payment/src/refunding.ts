import { type Answered, type Context, command, decided, type Refusal, retryableCompensation } from '@troupe/chassis';
import { PaymentRefunded, PaymentRefundFailed, type RefundReason } from '@troupe/schemas';
import {
  type Due,
  dueOf,
  type Known,
  type OfOrder,
  type Payment,
  type PaymentRules,
  paymentNotFound,
  Refund,
  type Refunded,
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
  /** In the words of the person who settled it. */
  readonly reason: string;
}

/** An operator asks for another try of a refused refund, at once. */
export const RetryRefund = command('RetryRefund', ({ orderId }: OfOrder) => orderId);
/** An operator's word that the customer has the money, or is content without. */
export const ResolveRefund = command('ResolveRefund', ({ orderId }: Resolution) => orderId);

const refund = retryableCompensation({
  isAsking: (payment: Payment) => payment.status === 'REFUNDING',
  isFailed: (payment: Payment) => payment.status === 'REFUND_FAILED',
  reasons: { answered: 'the refund was answered before', seenTo: 'somebody has seen to the refund already' },
  ask: ({ orderId, chargeId, amount }: Refunding) => Refund({ orderId, chargeId, amount }),
  refusals: ({ refundAttempts }: Refunding) => refundAttempts,
  failed: (refunding: Refunding, { attempts, ...refusal }: Refusal): RefundFailed => ({
    ...undoingOf(refunding),
    status: 'REFUND_FAILED',
    refundAttempts: attempts,
    ...refusal,
  }),
  askingAgain: (failed: RefundFailed): Refunding => ({ ...undoingOf(failed), status: 'REFUNDING' }),
  refused: (failed: RefundFailed) => {
    const { refundAttempts: attempts, detail, nextAttemptAt } = failed;
    const next = nextAttemptAt?.getTime() ?? null;
    return PaymentRefundFailed({ ...moneyOf(failed), attempts, detail, nextAttemptAt: next });
  },
  retry: ({ orderId }: OfOrder) => RefundRetry({ orderId }),
  done: (refunding: Refunding, { refundId }: Extract<RefundOutcome, { kind: 'refunded' }>) => {
    const refunded: Refunded = { ...undoingOf(refunding), status: 'REFUNDED', refundId };
    return decided(refunded, PaymentRefunded({ ...moneyOf(refunding), reason: refunding.undoReason, byHand: false }));
  },
  resolved: (failed: RefundFailed, detail: string) => {
    const resolved: Resolved = { ...undoingOf(failed), status: 'RESOLVED', detail };
    return decided(resolved, PaymentRefunded({ ...moneyOf(failed), reason: failed.undoReason, byHand: true }));
  },
  notFailed: ({ orderId }: OfOrder, payment: Known) =>
    payment === undefined ? paymentNotFound(orderId) : refundNotFailed(payment),
});

/** What every state keeps from the moment in which the money is to go back. */
function undoingOf(payment: Refunding | RefundFailed) {
  const { chargeId, undoReason, refundAttempts } = payment;
  return { ...dueOf(payment), chargeId, undoReason, refundAttempts };
}

const moneyOf = ({ orderId, paymentId, amount, currency }: Due) => ({ orderId, paymentId, amount, currency });

/** Asks the provider for the money that it has taken. */
export const giveBack = (due: Due, chargeId: string, undoReason: RefundReason) =>
  refund.ask({ ...due, status: 'REFUNDING', chargeId, undoReason, refundAttempts: 0 });

/** Asks again now, because a person wants it. */
export const retryRefund = (order: OfOrder, payment: Known) => refund.retry(order, payment);

/** Asks again by itself. */
export const refundRetryDue = (_: OfOrder, payment: Known) => refund.retryDue(payment);

/** Ends a refund by hand. */
export const resolveRefund = (resolution: Resolution, payment: Known) => refund.resolve(resolution, payment);

/** Records the provider's answer. A refusal is tried again, later each time. */
export const settleRefund =
  ({ refundRetryMs }: PaymentRules) =>
  (answer: Answered<RefundRequest, RefundOutcome>, payment: Known, context: Context) =>
    refund.settle(answer, payment, context, refundRetryMs);
