import { on, reactions, seconds } from '@troupe/chassis';
import {
  InventoryReserved,
  OrderCancelled,
  ShipmentCancelFailed,
  ShipmentCancelled,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
import { styles } from '@troupe/shop';
import { book, CancelShipment, ScheduleShipment, settleBooking, undo } from './booking.ts';
import {
  cancelRetryDue,
  ResolveCancellation,
  RetryCancellation,
  resolveCancellation,
  retryCancellation,
  settleCancellation,
} from './cancelling.ts';
import { shipments } from './repository.ts';
import { Book, CancelBooking, CancelRetry, type Known, type ShippingRules } from './shipment.ts';

const { choreographed, orchestrated } = styles<Known>((shipment) => shipment);

/**
 * Shipping books a shipment for what inventory has reserved, and takes it back when the order is cancelled, or when the
 * orchestrator asks.
 */
export const shippingReactions = (rules: ShippingRules) =>
  reactions(shipments, [
    choreographed(
      on(InventoryReserved, { starts: [Book], within: seconds(20), react: book }),
      on(OrderCancelled, { starts: [CancelBooking], within: seconds(30), react: undo }),
    ),

    orchestrated(
      on(ScheduleShipment, { starts: [Book], within: seconds(20), react: book }),
      on(CancelShipment, { starts: [CancelBooking], within: seconds(30), react: undo }),
    ),

    // What the carrier answers.
    on(Book, { emits: [ShipmentScheduled, ShipmentFailed], starts: [CancelBooking], react: settleBooking }),
    on(CancelBooking, {
      emits: [ShipmentCancelled, ShipmentCancelFailed],
      starts: [CancelRetry],
      react: settleCancellation(rules),
    }),
    on(CancelRetry, { starts: [CancelBooking], after: rules.cancelRetryMs, react: cancelRetryDue }),

    // What people decide about a cancellation that the carrier refuses.
    on(RetryCancellation, { starts: [CancelBooking], react: retryCancellation }),
    on(ResolveCancellation, { emits: [ShipmentCancelled], react: resolveCancellation }),
  ]);
