import { type Answered, type Context, call, DomainError, decided, ignored } from '@troupe/chassis';
import {
  type InventoryReservedData,
  type OrderCancelledData,
  ShipmentCancelled,
  ShipmentFailed,
  ShipmentScheduled,
  type ShippingItem,
} from '@troupe/schemas';

/** What is to be shipped. Never changes. */
interface Parcel {
  readonly orderId: string;
  readonly shipmentId: string;
  readonly items: readonly ShippingItem[];
}

/** What the carrier said when it accepted. */
export interface Acceptance {
  /** The carrier's reference. */
  readonly bookingId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
}

/** The carrier was asked and has not answered yet. */
export interface Booking extends Parcel {
  readonly status: 'BOOKING';
  /** The order came to nothing meanwhile: if the carrier accepts, it is told so at once. */
  readonly orderCancelled?: true;
}

/** The carrier has accepted. CANCELLING: it was told that the order came to nothing, and has not answered yet. */
export interface Booked extends Parcel, Acceptance {
  readonly status: 'SCHEDULED' | 'CANCELLING' | 'CANCELLED';
}

/** The carrier has refused; `detail` is what it said. */
export interface Failed extends Parcel {
  readonly status: 'FAILED';
  readonly detail: string;
}

/** A tombstone: the order came to nothing before its reservation was heard of, so that nothing is ever booked. */
export interface Void {
  readonly status: 'VOID';
  readonly orderId: string;
}

/** One for each order. */
export type Shipment = Booking | Booked | Failed | Void;

/** The shipment of a message; undefined before anything was heard of its order. */
export type Known = Shipment | undefined;

export interface BookRequest {
  readonly orderId: string;
  readonly items: readonly ShippingItem[];
}
export type BookOutcome =
  | ({ readonly kind: 'booked' } & Acceptance)
  /** `detail` is what the carrier said. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface CancelRequest {
  readonly orderId: string;
  readonly bookingId: string;
}
export interface CancelOutcome {
  readonly kind: 'cancelled';
}

/** Books a shipment, once for each order, however often it is asked. */
export const Book = call<'Book', BookRequest, BookOutcome>('Book', ({ orderId }) => orderId);
/** Takes a booking back; to do so twice is the same as once. */
export const CancelBooking = call<'CancelBooking', CancelRequest, CancelOutcome>(
  'CancelBooking',
  ({ orderId }) => orderId,
);

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
      const booked: Booked = { orderId, shipmentId, items, bookingId, carrier, trackingNumber, status: 'SCHEDULED' };
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
    case 'CANCELLED':
      return ignored('the booking is taken back already');
    case 'FAILED':
      return ignored('nothing was booked');
    case 'VOID':
      return ignored('it is known that the order came to nothing');
    default:
      return shipment satisfies never;
  }
}

function takeBack(booked: Booked) {
  const { orderId, bookingId } = booked;
  return decided({ ...booked, status: 'CANCELLING' as const }, CancelBooking({ orderId, bookingId }));
}

/** The carrier has taken the booking back. */
export function settleCancellation(_: Answered<CancelRequest, CancelOutcome>, shipment: Known) {
  if (shipment?.status !== 'CANCELLING') return ignored('the cancellation was answered before');
  const { orderId, shipmentId } = shipment;
  return decided(
    { ...shipment, status: 'CANCELLED' as const },
    ShipmentCancelled({ orderId, shipmentId, reason: 'ORDER_CANCELLED' }),
  );
}

export function shipmentNotFound(orderId: string): DomainError {
  return new DomainError({
    code: 'SHIPMENT_NOT_FOUND',
    status: 404,
    title: 'There is no such shipment',
    detail: `No shipment is known for order ${orderId}. An order reaches shipping when it is paid and its stock is reserved.`,
  });
}
