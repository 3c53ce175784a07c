import { type Answered, type Context, decided, ignored } from '@troupe/chassis';
import {
  type InventoryReservedData,
  type OrderCancelledData,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
import { takeBack } from './cancelling.ts';
import {
  Book,
  type Booking,
  type BookOutcome,
  type BookRequest,
  type Failed,
  type Known,
  type Scheduled,
  type Void,
} from './shipment.ts';

/** Asks the carrier to ship what was set aside. */
export function book({ orderId, items }: InventoryReservedData, shipment: Known, { id }: Context) {
  if (shipment?.status === 'VOID') return ignored('the order came to nothing before its reservation was heard of');
  if (shipment !== undefined) return ignored('the order has its shipment already');
  const booking: Booking = { orderId, shipmentId: id, items, status: 'BOOKING' };
  return decided(booking, Book({ orderId, items }));
}

/** Records what the carrier answered; a booking for an order that came to nothing is taken back at once. */
export function settleBooking({ outcome }: Answered<BookRequest, BookOutcome>, shipment: Known) {
  if (shipment?.status !== 'BOOKING') return ignored('the booking was answered before');
  const { orderId, shipmentId, items } = shipment;
  switch (outcome.kind) {
    case 'refused': {
      const { detail } = outcome;
      const failed: Failed = { orderId, shipmentId, items, status: 'FAILED', detail };
      return decided(failed, ShipmentFailed({ orderId, items: [...items], reason: 'CARRIER_REFUSED', detail }));
    }
    case 'booked': {
      const { bookingId, carrier, trackingNumber } = outcome;
      const booked: Scheduled = { orderId, shipmentId, items, bookingId, carrier, trackingNumber, status: 'SCHEDULED' };
      if (shipment.orderCancelled) return takeBack(booked);
      return decided(booked, ShipmentScheduled({ orderId, shipmentId, carrier, trackingNumber }));
    }
    default:
      return outcome satisfies never;
  }
}

/** Takes the booking back, or remembers not to make one: undo may be heard before do. */
export function undo({ orderId }: OrderCancelledData, shipment: Known) {
  if (shipment === undefined) return decided<Void>({ status: 'VOID', orderId });
  switch (shipment.status) {
    case 'BOOKING':
      if (shipment.orderCancelled) return ignored('the booking is already to be taken back when it is answered');
      return decided({ ...shipment, orderCancelled: true as const });
    case 'SCHEDULED':
      return takeBack(shipment);
    case 'CANCELLING':
    case 'CANCEL_FAILED':
      return ignored('the booking is being taken back already');
    case 'CANCELLED':
    case 'RESOLVED':
      return ignored('the booking is taken back already');
    case 'FAILED':
      return ignored('nothing was booked');
    case 'VOID':
      return ignored('it is known that the order came to nothing');
    default:
      return shipment satisfies never;
  }
}
