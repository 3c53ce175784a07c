import { type Answered, type Context, command, decided, ignored } from '@troupe/chassis';
import { ShipmentFailed, ShipmentScheduled, type ShippingItem } from '@troupe/schemas';
import { styleOf } from '@troupe/shop';
import { takeBack } from './cancelling.ts';
import {
  Book,
  type Booking,
  type BookOutcome,
  type BookRequest,
  type Failed,
  type Known,
  type OfOrder,
  parcelOf,
  type Scheduled,
  type Void,
} from './shipment.ts';

/** What is set aside for an order, and is to be shipped. */
export interface SetAside extends OfOrder {
  readonly items: readonly ShippingItem[];
  readonly orchestrated?: boolean;
}

/** An orchestrator's wish that what is set aside for an order be shipped. */
export const ScheduleShipment = command('ScheduleShipment', ({ orderId }: SetAside) => orderId);
/** An orchestrator's wish that the shipment of an order be taken back, or not be made at all. */
export const CancelShipment = command('CancelShipment', ({ orderId }: OfOrder) => orderId);

/** Asks the carrier to ship what was set aside. */
export function book(setAside: SetAside, shipment: Known, { id }: Context) {
  if (shipment?.status === 'VOID') return ignored('the order came to nothing before its reservation was heard of');
  if (shipment !== undefined) return ignored('the order has its shipment already');
  const { orderId, items } = setAside;
  const booking: Booking = { orderId, shipmentId: id, items, ...styleOf(setAside), status: 'BOOKING' };
  return decided(booking, Book({ orderId, items }));
}

/** Records what the carrier answered; a booking for an order that came to nothing is taken back at once. */
export function settleBooking({ outcome }: Answered<BookRequest, BookOutcome>, shipment: Known) {
  if (shipment?.status !== 'BOOKING') return ignored('the booking was answered before');
  const parcel = parcelOf(shipment);
  const { orderId, shipmentId, items } = parcel;
  switch (outcome.kind) {
    case 'refused': {
      const { detail } = outcome;
      const failed: Failed = { ...parcel, status: 'FAILED', detail };
      return decided(failed, ShipmentFailed({ orderId, items: [...items], reason: 'CARRIER_REFUSED', detail }));
    }
    case 'booked': {
      const { bookingId, carrier, trackingNumber } = outcome;
      const booked: Scheduled = { ...parcel, bookingId, carrier, trackingNumber, status: 'SCHEDULED' };
      if (shipment.orderCancelled) return takeBack(booked);
      return decided(booked, ShipmentScheduled({ orderId, shipmentId, carrier, trackingNumber }));
    }
    default:
      return outcome satisfies never;
  }
}

/** Takes the booking back, or remembers not to make one: undo may be heard before do. */
export function undo({ orderId }: OfOrder, shipment: Known) {
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
