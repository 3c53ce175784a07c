import { after, type Context, cancel, decided, ignored } from '@troupe/chassis';
import type {
  PaymentApprovalRequired,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
} from '@troupe/schemas';
import { type Ending, type OrderEvent, record } from './order.ts';
import { awaitedForMs, cancelled, type Fact, isOpen, type Known, OrderDeadline, placed, tooLate } from './rules.ts';

/** No money was or will be taken. */
export function paymentFailed({ reason, detail }: Fact<typeof PaymentFailed>, known: Known, { now }: Context) {
  const order = placed(known, 'PaymentFailed');
  if (!isOpen(order)) return tooLate(order);
  return cancelled(order, { reason: PAYMENT_FAILURES[reason], detail }, now);
}

const PAYMENT_FAILURES: Readonly<Record<Fact<typeof PaymentFailed>['reason'], Ending['reason']>> = {
  DECLINED: 'PAYMENT_DECLINED',
  APPROVAL_REJECTED: 'APPROVAL_REJECTED',
  APPROVAL_TIMEOUT: 'APPROVAL_TIMEOUT',
  PROVIDER_REFUSED: 'PAYMENT_REFUSED',
  // Payment emits this only for an order that was cancelled here.
  ORDER_CANCELLED: 'UNKNOWN',
  UNKNOWN: 'UNKNOWN',
};

/** A person has to decide. The approval's time-out counts first; the order's deadline starts behind it. */
export function approvalRequired(
  { limit, expiresAt }: Fact<typeof PaymentApprovalRequired>,
  known: Known,
  { now }: Context,
) {
  const order = placed(known, 'PaymentApprovalRequired');
  const { standing, money, orderId } = order.state;
  if (standing.status !== 'PENDING' || money !== 'NOT_TAKEN')
    return ignored('the approval is not awaited, or no longer');
  const data = { limit, expiresAt: new Date(expiresAt).toISOString() };
  const awaited = record(order, now, { type: 'ApprovalAwaited', data });
  return decided(awaited, after(awaitedForMs(awaited.state, now), OrderDeadline({ orderId })));
}

/** Records that money was taken, also for a cancelled order: then the customer is owed it. */
export function paymentReceived({ paymentId, amount }: Fact<typeof PaymentCompleted>, known: Known, { now }: Context) {
  const order = placed(known, 'PaymentCompleted');
  const { standing, money, orderId, deadlineMs } = order.state;
  if (standing.status === 'CONFIRMED' || money !== 'NOT_TAKEN') return ignored('the order is known to be paid');
  const paid = record(order, now, { type: 'PaymentReceived', data: { paymentId, amount } });
  if (standing.status !== 'AWAITING_APPROVAL') return decided(paid);
  return decided(paid, after(deadlineMs, OrderDeadline({ orderId })));
}

/** The money is back. The order ends, unless it has ended before; the reason of that first end stays. */
export function refunded(fact: Fact<typeof PaymentRefunded>, known: Known, { now }: Context) {
  const { paymentId, amount, reason, byHand } = fact;
  const order = placed(known, 'PaymentRefunded');
  const { standing, money } = order.state;
  if (money === 'RETURNED') return ignored('the money is known to be back');
  if (standing.status === 'CONFIRMED') return tooLate(order);
  const returned: OrderEvent = { type: 'MoneyReturned', data: { paymentId, amount, ...(byHand && { byHand }) } };
  const endedBefore = standing.status === 'CANCELLED' || (standing.status === 'NEEDS_ATTENTION' && standing.cancelled);
  if (endedBefore) return decided(record(order, now, returned));
  return cancelled(record(order, now, returned), order.state.failure ?? REFUNDS[reason], now);
}

/** Used when the refund arrives before its cause: order is kept within a topic only. */
const REFUNDS: Readonly<Record<Fact<typeof PaymentRefunded>['reason'], Ending>> = {
  OUT_OF_STOCK: { reason: 'OUT_OF_STOCK', detail: 'Not everything that was ordered is in stock.' },
  SHIPMENT_REFUSED: { reason: 'SHIPMENT_REFUSED', detail: 'The carrier refused the shipment.' },
  ORDER_CANCELLED: { reason: 'UNKNOWN', detail: 'The payment was given back.' },
  UNKNOWN: { reason: 'UNKNOWN', detail: 'The payment was given back.' },
};

/** The money could not be given back. This state stays visible until the money is back, also after a cancellation. */
export function refundFailed(refusal: Fact<typeof PaymentRefundFailed>, known: Known, { now }: Context) {
  const order = placed(known, 'PaymentRefundFailed');
  const { standing, money, orderId, refusedRefunds } = order.state;
  if (standing.status === 'CONFIRMED') return tooLate(order);
  if (money === 'RETURNED' || refusal.attempts <= refusedRefunds) return ignored('a later word on the refund is known');
  const { attempts, detail, nextAttemptAt } = refusal;
  const next = nextAttemptAt === null ? null : new Date(nextAttemptAt).toISOString();
  const owed = record(order, now, { type: 'RefundFailed', data: { attempts, detail, nextAttemptAt: next } });
  return isOpen(order) ? decided(owed, cancel(OrderDeadline, orderId)) : decided(owed);
}
