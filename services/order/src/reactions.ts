import { inStyle, on, reactions, SagaClock, seconds } from '@troupe/chassis';
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
  ORDER_DEADLINE_MS,
  OrderDeadline,
  PlaceOrder,
  place,
  reservationFailed,
  shipmentRefused,
  stockReserved,
} from './domain/rules.ts';
import {
  cancelling,
  choreographed,
  PlaceOrchestrated,
  placeOrchestrated,
  sagaRows,
} from './orchestrated/orchestrating.ts';
import { ChargePayment } from './orchestrated/participants.ts';
import { orders } from './repository.ts';

/** Order takes orders in, follows what the others do for them, and says how they end. */
export const orderReactions = reactions(orders, [
  inStyle(
    'choreographed',
    on(PlaceOrder, { emits: [OrderCreated], begins: OrderCreated, starts: [OrderDeadline], react: place }),
  ),
  inStyle(
    'orchestrated',
    on(PlaceOrchestrated, {
      emits: [OrderCreated],
      begins: OrderCreated,
      starts: [ChargePayment, SagaClock, OrderDeadline],
      react: placeOrchestrated,
    }),
  ),

  cancelling(
    on(CancelOrder, { emits: [OrderCancelled], react: cancelByCustomer }),
    on(OrderDeadline, {
      emits: [OrderCancelled],
      starts: [OrderDeadline],
      after: ORDER_DEADLINE_MS,
      react: deadlinePassed,
    }),
  ),

  choreographed(
    on(PaymentApprovalRequired, { starts: [OrderDeadline], react: approvalRequired }),
    on(PaymentCompleted, { starts: [OrderDeadline], react: paymentReceived }),
    on(PaymentFailed, { emits: [OrderCancelled], within: seconds(10), react: paymentFailed }),

    on(InventoryReserved, { react: stockReserved }),
    on(InventoryFailed, { react: reservationFailed }),

    on(ShipmentScheduled, { emits: [OrderConfirmed], within: seconds(10), react: confirm }),
    on(ShipmentFailed, { react: shipmentRefused }),

    on(PaymentRefunded, { emits: [OrderCancelled], within: seconds(10), react: refunded }),
    on(PaymentRefundFailed, { react: refundFailed }),
  ),

  // What the table of the saga says: domain/fulfilment.ts.
  sagaRows,
]);
