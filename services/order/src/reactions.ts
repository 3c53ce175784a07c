import { on, reactions, seconds } from '@troupe/chassis';
import {
  InventoryFailed,
  InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  PaymentApprovalRequired,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
import { conductedRows, danced, ends } from './conducting.ts';
import { approvalRequired, paymentFailed, paymentReceived, refunded, refundFailed } from './money.ts';
import { orders } from './repository.ts';
import {
  CancelOrder,
  cancelByCustomer,
  confirm,
  deadlinePassed,
  OrderDeadline,
  PlaceOrder,
  place,
  reservationFailed,
  shipmentRefused,
  stockReserved,
} from './rules.ts';

/**
 * Order accepts orders, follows what the other services do for them, and says how they end. Orchestrated orders have rows
 * of their own. An event that both styles hear has one row: it moves a choreographed order on, or ends an order of either
 * style.
 */
export const orderReactions = reactions(orders, [
  on(PlaceOrder, { emits: [OrderCreated], begins: OrderCreated, starts: [OrderDeadline], react: place }),
  ends(on(CancelOrder, { emits: [OrderCancelled], react: cancelByCustomer })),
  ends(on(OrderDeadline, { emits: [OrderCancelled], starts: [OrderDeadline], react: deadlinePassed })),

  danced(on(PaymentApprovalRequired, { starts: [OrderDeadline], react: approvalRequired })),
  danced(on(PaymentCompleted, { starts: [OrderDeadline], react: paymentReceived })),
  danced(on(PaymentFailed, { emits: [OrderCancelled], within: seconds(10), react: paymentFailed })),

  danced(on(InventoryReserved, { react: stockReserved })),
  danced(on(InventoryFailed, { react: reservationFailed })),

  danced(on(ShipmentScheduled, { emits: [OrderConfirmed], within: seconds(10), react: confirm })),
  danced(on(ShipmentFailed, { react: shipmentRefused })),

  danced(on(PaymentRefunded, { emits: [OrderCancelled], within: seconds(10), react: refunded })),
  danced(on(PaymentRefundFailed, { react: refundFailed })),

  ...conductedRows,
]);
