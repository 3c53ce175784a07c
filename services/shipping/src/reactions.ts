import { on, participant, reactions, seconds } from '@troupe/chassis';
import {
  InventoryReserved,
  OrderCancelled,
  ShipmentCancelFailed,
  ShipmentCancelled,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
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

const { choreographed, orchestrated } = participant<Known>((shipment) => shipment);

/**
 * Shipping books a shipment for what inventory has reserved, and takes it back when the order is cancelled, or when the
 * orchestrator asks.
 */
export const shippingReactions = (rules: ShippingRules) =>
  reactions(shipments, [
    on(InventoryReserved, { starts: [Book], within: seconds(30), react: choreographed(book) }),
    on(ScheduleShipment, { starts: [Book], within: seconds(30), react: orchestrated(book) }),
    on(Book, { emits: [ShipmentScheduled, ShipmentFailed], starts: [CancelBooking], react: settleBooking }),
    on(OrderCancelled, { starts: [CancelBooking], within: seconds(30), react: choreographed(undo) }),
    on(CancelShipment, { starts: [CancelBooking], within: seconds(30), react: orchestrated(undo) }),
    on(CancelBooking, {
      emits: [ShipmentCancelled, ShipmentCancelFailed],
      starts: [CancelRetry],
      react: (answer, shipment, context) => settleCancellation(answer, shipment, context, rules),
    }),
    on(CancelRetry, { starts: [CancelBooking], react: cancelRetryDue }),
    on(RetryCancellation, { starts: [CancelBooking], react: retryCancellation }),
    on(ResolveCancellation, { emits: [ShipmentCancelled], react: resolveCancellation }),
  ]);
