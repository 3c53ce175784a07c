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
import { approvalRequired, paymentFailed, paymentReceived, refunded, refundFailed } from './domain/money.ts';
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
} from './domain/rules.ts';
import { choreographed, ends, orchestratedRows } from './orchestrated/orchestrating.ts';
import { orders } from './repository.ts';

/**
 * Order accepts orders, follows what the other services do for them, and says how they end. Orchestrated orders have rows
 * of their own. An event that both styles hear has one row: it moves a choreographed order on, or ends an order of either
 * style.
 */
export const orderReactions = reactions(orders, [
  on(PlaceOrder, { emits: [OrderCreated], begins: OrderCreated, starts: [OrderDeadline], react: place }),
  ends(on(CancelOrder, { emits: [OrderCancelled], react: cancelByCustomer })),
  ends(on(OrderDeadline, { emits: [OrderCancelled], starts: [OrderDeadline], react: deadlinePassed })),

  choreographed(on(PaymentApprovalRequired, { starts: [OrderDeadline], react: approvalRequired })),
  choreographed(on(PaymentCompleted, { starts: [OrderDeadline], react: paymentReceived })),
  choreographed(on(PaymentFailed, { emits: [OrderCancelled], within: seconds(10), react: paymentFailed })),

  choreographed(on(InventoryReserved, { react: stockReserved })),
  choreographed(on(InventoryFailed, { react: reservationFailed })),

  choreographed(on(ShipmentScheduled, { emits: [OrderConfirmed], within: seconds(10), react: confirm })),
  choreographed(on(ShipmentFailed, { react: shipmentRefused })),

  choreographed(on(PaymentRefunded, { emits: [OrderCancelled], within: seconds(10), react: refunded })),
  choreographed(on(PaymentRefundFailed, { react: refundFailed })),

  ...orchestratedRows,
]);
