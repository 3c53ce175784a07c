import { command, decided, ignored } from '@troupe/chassis';
import type { InventoryFailedData, InventoryReleasedData, OrderCancelledData, RefundReason } from '@troupe/schemas';
import { withdrawApproval } from './charging.ts';
import { dueOf, type Known, type Void } from './payment.ts';
import { giveBack } from './refunding.ts';

/** Why the orchestrator wants an order's money back. */
export interface RefundAsked {
  readonly orderId: string;
  readonly reason: RefundReason;
}

/** The orchestrator asks to give an order's money back, or not to take any. */
export const RefundOrder = command('RefundOrder', ({ orderId }: RefundAsked) => orderId);

/** Gives the money back, or prevents its charge, because the orchestrator asks. */
export const undoOnRequest = ({ orderId, reason }: RefundAsked, payment: Known) => undo(orderId, reason, payment);

/** Gives the money back, because the items cannot be reserved. */
export const undoUnreserved = ({ orderId, reason }: InventoryFailedData, payment: Known) =>
  undo(orderId, reason, payment);

/** Gives the money back, because the items are back in stock. */
export const undoReleased = ({ orderId, reason }: InventoryReleasedData, payment: Known) =>
  undo(orderId, reason, payment);

/** Gives the money back, or prevents its charge, because the order was cancelled. */
export const undoCancelled = ({ orderId }: OrderCancelledData, payment: Known) =>
  undo(orderId, 'ORDER_CANCELLED', payment);

/**
 * Undoes the charge, or leaves a tombstone so that none is made. Several causes may arrive for one order, also before its
 * creation, because order is kept within a topic only. The first decides; the others are ignored.
 */
function undo(orderId: string, undoReason: RefundReason, payment: Known) {
  if (payment === undefined) return decided<Void>({ status: 'VOID', orderId });
  switch (payment.status) {
    case 'AWAITING_APPROVAL':
      return withdrawApproval(payment);
    case 'CHARGING':
      if (payment.undoReason !== undefined) return ignored('the charge will be undone when it is answered');
      return decided({ ...payment, undoReason });
    case 'COMPLETED':
      return giveBack(dueOf(payment), payment.chargeId, undoReason);
    case 'FAILED':
      return ignored('no money was taken');
    case 'REFUNDING':
    case 'REFUND_FAILED':
      return ignored('the money is on its way back');
    case 'REFUNDED':
    case 'RESOLVED':
      return ignored('the money is back');
    case 'VOID':
      return ignored('the order is known to be cancelled');
    default:
      return payment satisfies never;
  }
}
