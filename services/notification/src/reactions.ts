import { on, reactions, seconds } from '@troupe/chassis';
import {
  NotificationFailed,
  NotificationSent,
  OrderCancelled,
  OrderConfirmed,
  PaymentApprovalRequired,
} from '@troupe/schemas';
import { Send, settle, tellApproval, tellCancelled, tellConfirmed } from './notification.ts';
import { notifications } from './repository.ts';

/** Notification tells the customer how an order ends, and when it has to wait. Nobody waits for notification. */
export const notificationReactions = reactions(notifications, [
  on(OrderConfirmed, { starts: [Send], within: seconds(60), react: tellConfirmed }),
  on(OrderCancelled, { starts: [Send], within: seconds(60), react: tellCancelled }),
  on(PaymentApprovalRequired, { starts: [Send], within: seconds(60), react: tellApproval }),
  on(Send, { emits: [NotificationSent, NotificationFailed], react: settle }),
]);
