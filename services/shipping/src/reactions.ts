import { on, reactions, seconds } from '@troupe/chassis';
import {
  InventoryReserved,
  OrderCancelled,
  ShipmentCancelled,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
import { shipments } from './repository.ts';
import { Book, book, CancelBooking, settleBooking, settleCancellation, undo } from './shipment.ts';

/** Shipping books a shipment for what inventory has set aside, and takes it back when the order comes to nothing. */
export const shippingReactions = reactions(shipments, [
  on(InventoryReserved, { starts: [Book], within: seconds(30), react: book }),
  on(Book, { emits: [ShipmentScheduled, ShipmentFailed], starts: [CancelBooking], react: settleBooking }),
  on(OrderCancelled, { starts: [CancelBooking], within: seconds(30), react: undo }),
  on(CancelBooking, { emits: [ShipmentCancelled], react: settleCancellation }),
]);
