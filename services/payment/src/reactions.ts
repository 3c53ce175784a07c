import { on, reactions, seconds } from '@troupe/chassis';
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
import { styles } from '@troupe/shop';
import { ChargeOrder, DecideApproval, decideApproval, expireApproval, settleCharge, takeOrder } from './charging.ts';
import { ApprovalExpiry, Charge, type Known, type PaymentRules, Refund, RefundRetry } from './payment.ts';
import { ResolveRefund, RetryRefund, refundRetryDue, resolveRefund, retryRefund, settleRefund } from './refunding.ts';
import { payments } from './repository.ts';
import { RefundOrder, undoCancelled, undoOnRequest, undoReleased, undoUnreserved } from './undoing.ts';

const { choreographed, orchestrated } = styles<Known>((payment) => payment);

/** Payment charges each new order, and gives the money back when a later step fails, or when the orchestrator asks. */
export const paymentReactions = (rules: PaymentRules) =>
  reactions(payments, [
    choreographed(
      on(OrderCreated, {
        emits: [PaymentApprovalRequired],
        starts: [Charge, ApprovalExpiry],
        within: seconds(20),
        react: takeOrder(rules),
      }),
      on(InventoryFailed, { emits: [PaymentFailed], starts: [Refund], within: seconds(30), react: undoUnreserved }),
      on(InventoryReleased, { emits: [PaymentFailed], starts: [Refund], within: seconds(30), react: undoReleased }),
      on(OrderCancelled, { emits: [PaymentFailed], starts: [Refund], within: seconds(30), react: undoCancelled }),
    ),

    orchestrated(
      on(ChargeOrder, {
        emits: [PaymentApprovalRequired],
        starts: [Charge, ApprovalExpiry],
        within: seconds(20),
        react: takeOrder(rules),
      }),
      on(RefundOrder, { emits: [PaymentFailed], starts: [Refund], within: seconds(30), react: undoOnRequest }),
    ),

    // What the provider answers.
    on(Charge, { emits: [PaymentCompleted, PaymentFailed], starts: [Refund], react: settleCharge }),
    on(Refund, { emits: [PaymentRefunded, PaymentRefundFailed], starts: [RefundRetry], react: settleRefund(rules) }),
    on(RefundRetry, { starts: [Refund], after: rules.refundRetryMs, within: seconds(30), react: refundRetryDue }),

    // What people decide, and what happens when they do not.
    on(DecideApproval, { emits: [PaymentFailed], starts: [Charge], within: seconds(20), react: decideApproval }),
    on(ApprovalExpiry, { emits: [PaymentFailed], after: rules.approvalTimeoutMs, react: expireApproval }),
    on(RetryRefund, { starts: [Refund], within: seconds(30), react: retryRefund }),
    on(ResolveRefund, { emits: [PaymentRefunded], react: resolveRefund }),
  ]);
