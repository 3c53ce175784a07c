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

/** What is reserved for an order, and is to be shipped. */
export interface SetAside extends OfOrder {
  readonly items: readonly ShippingItem[];
  readonly orchestrated?: boolean;
}

/** The orchestrator asks to ship what is reserved for an order. */
export const ScheduleShipment = command('ScheduleShipment', ({ orderId }: SetAside) => orderId);
/** The orchestrator asks to take an order's shipment back, or not to make one. */
export const CancelShipment = command('CancelShipment', ({ orderId }: OfOrder) => orderId);

/** Asks the carrier to ship what is reserved. */
export function book(setAside: SetAside, shipment: Known, { id }: Context) {
  if (shipment?.status === 'VOID') return ignored('the order was cancelled before its reservation arrived');
  if (shipment !== undefined) return ignored('the order has its shipment already');
  const { orderId, items } = setAside;
  const booking: Booking = { orderId, shipmentId: id, items, ...styleOf(setAside), status: 'BOOKING' };
  return decided(booking, Book({ orderId, items }));
}

/** Records the carrier's answer. A booking for a cancelled order is taken back at once. */
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

/** Takes the booking back, or leaves a tombstone so that none is made: the undo may arrive first. */
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
      return ignored('the order is known to be cancelled');
    default:
      return shipment satisfies never;
  }
}
