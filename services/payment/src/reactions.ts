import { on, participant, reactions, seconds } from '@troupe/chassis';
import {
  InventoryFailed,
  InventoryReleased,
  OrderCancelled,
  OrderCreated,
  PaymentApprovalRequired,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
} from '@troupe/schemas';
import { ChargeOrder, DecideApproval, decideApproval, expireApproval, settleCharge, takeOrder } from './charging.ts';
import { ApprovalExpiry, Charge, type Known, type PaymentRules, Refund, RefundRetry } from './payment.ts';
import { ResolveRefund, RetryRefund, refundRetryDue, resolveRefund, retryRefund, settleRefund } from './refunding.ts';
import { payments } from './repository.ts';
import {
  RefundOrder,
  undoForCancelledOrder,
  undoForFailedReservation,
  undoForReleasedStock,
  undoOnRequest,
} from './undoing.ts';

const { choreographed, orchestrated } = participant<Known>((payment) => payment);

/** Payment charges each new order, and gives the money back when a later step fails, or when the orchestrator asks. */
export const paymentReactions = (rules: PaymentRules) =>
  reactions(payments, [
    on(OrderCreated, {
      emits: [PaymentApprovalRequired],
      starts: [Charge, ApprovalExpiry],
      within: seconds(30),
      react: choreographed((order, payment, context) => takeOrder(order, payment, context, rules)),
    }),
    on(ChargeOrder, {
      emits: [PaymentApprovalRequired],
      starts: [Charge, ApprovalExpiry],
      within: seconds(30),
      react: orchestrated((order, payment, context) => takeOrder(order, payment, context, rules)),
    }),
    on(Charge, { emits: [PaymentCompleted, PaymentFailed], starts: [Refund], react: settleCharge }),
    on(DecideApproval, { emits: [PaymentFailed], starts: [Charge], react: decideApproval }),
    on(ApprovalExpiry, { emits: [PaymentFailed], react: expireApproval }),

    on(InventoryFailed, {
      emits: [PaymentFailed],
      starts: [Refund],
      within: seconds(30),
      react: choreographed(undoForFailedReservation),
    }),
    on(InventoryReleased, {
      emits: [PaymentFailed],
      starts: [Refund],
      within: seconds(30),
      react: choreographed(undoForReleasedStock),
    }),
    on(OrderCancelled, {
      emits: [PaymentFailed],
      starts: [Refund],
      within: seconds(30),
      react: choreographed(undoForCancelledOrder),
    }),
    on(RefundOrder, {
      emits: [PaymentFailed],
      starts: [Refund],
      within: seconds(30),
      react: orchestrated(undoOnRequest),
    }),
    on(Refund, {
      emits: [PaymentRefunded, PaymentRefundFailed],
      starts: [RefundRetry],
      react: (answer, payment, context) => settleRefund(answer, payment, context, rules),
    }),
    on(RefundRetry, { starts: [Refund], react: refundRetryDue }),
    on(RetryRefund, { starts: [Refund], react: retryRefund }),
    on(ResolveRefund, { emits: [PaymentRefunded], react: resolveRefund }),
  ]);
