import { command, decided, ignored } from '@troupe/chassis';
import type { InventoryFailedData, InventoryReleasedData, OrderCancelledData, RefundReason } from '@troupe/schemas';
import { withdrawApproval } from './charging.ts';
import { dueOf, type Known, type Void } from './payment.ts';
import { giveBack } from './refunding.ts';

/** Why an orchestrator wants an order's money back. */
export interface RefundAsked {
  readonly orderId: string;
  readonly reason: RefundReason;
}

/** An orchestrator's wish that an order's money be given back, or not be taken at all. */
export const RefundOrder = command('RefundOrder', ({ orderId }: RefundAsked) => orderId);

/** Gives the money back, or sees to it that none is taken, because the orchestrator asks for it. */
export const undoOnRequest = ({ orderId, reason }: RefundAsked, payment: Known) => undo(orderId, reason, payment);

/** Gives the money back, because the items cannot be set aside. */
export const undoForFailedReservation = ({ orderId, reason }: InventoryFailedData, payment: Known) =>
  undo(orderId, reason, payment);

/** Gives the money back, because the items are back in stock. */
export const undoForReleasedStock = ({ orderId, reason }: InventoryReleasedData, payment: Known) =>
  undo(orderId, reason, payment);

/** Gives the money back, or sees to it that none is taken, because the order has ended. */
export const undoForCancelledOrder = ({ orderId }: OrderCancelledData, payment: Known) =>
  undo(orderId, 'ORDER_CANCELLED', payment);

/**
 * Undoes what was done, or remembers not to do it. Several causes may arrive for one order, and before its creation:
 * order is kept within a topic only. The first decides; the rest is ignored.
 */
function undo(orderId: string, undoReason: RefundReason, payment: Known) {
  if (payment === undefined) return decided<Void>({ status: 'VOID', orderId });
  switch (payment.status) {
    case 'AWAITING_APPROVAL':
      return withdrawApproval(payment);
    case 'CHARGING':
      if (payment.undoReason !== undefined) return ignored('the charge is already to be undone when it is answered');
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
      return ignored('it is known that the order came to nothing');
    default:
      return payment satisfies never;
  }
}
