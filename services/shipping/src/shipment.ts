import { call, DomainError, timer } from '@troupe/chassis';
import type { ShippingItem } from '@troupe/schemas';
import type { Style } from '@troupe/shop';

/** What is to be shipped. Never changes. */
export interface Parcel extends Style {
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

/** The carrier has accepted. */
export interface Scheduled extends Parcel, Acceptance {
  readonly status: 'SCHEDULED';
}

interface Withdrawn extends Parcel, Acceptance {
  /** How often the carrier has refused to take it back. */
  readonly cancelAttempts: number;
}

/** The carrier was told that the order came to nothing, and has not answered yet: it may or may not take the parcel back. */
export interface Cancelling extends Withdrawn {
  readonly status: 'CANCELLING';
}

/** The carrier refused to take it back: a parcel is on its way that nobody pays for. Nobody is asking at this moment. */
export interface CancelFailed extends Withdrawn {
  readonly status: 'CANCEL_FAILED';
  /** What the carrier said. */
  readonly detail: string;
  /** When it is asked again by itself; absent: a person must act. */
  readonly nextAttemptAt?: Date;
}

/** The carrier has taken it back. */
export interface Cancelled extends Withdrawn {
  readonly status: 'CANCELLED';
}

/** The carrier refused, and a person settled it by hand: the customer sends it back, say. */
export interface Resolved extends Withdrawn {
  readonly status: 'RESOLVED';
  /** How, in that person's words. */
  readonly detail: string;
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
export type Shipment = Booking | Scheduled | Cancelling | CancelFailed | Cancelled | Resolved | Failed | Void;

/** The shipment of a message; undefined before anything was heard of its order. */
export type Known = Shipment | undefined;

export interface BookRequest {
  readonly orderId: string;
  readonly items: readonly ShippingItem[];
}
export type BookOutcome =
  | ({ readonly kind: 'booked' } & Acceptance)
  /** `detail` is what the carrier said, or the person who ended the booking. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface CancelRequest {
  readonly orderId: string;
  readonly bookingId: string;
}
export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  /** `detail` is what the carrier said, or the person who ended the cancellation: then nobody asks again by itself. */
  | { readonly kind: 'refused'; readonly detail: string; readonly byHand?: true };

/** What the rules depend on besides what they hear. */
export interface ShippingRules {
  /** How long after the first refusal a cancellation is tried again; doubles with each refusal. */
  readonly cancelRetryMs: number;
}

/** What a timer or command needs that says nothing more. */
export interface OfOrder {
  readonly orderId: string;
}

/** Books a shipment, once for each order, however often it is asked. */
export const Book = call<'Book', BookRequest, BookOutcome>('Book', ({ orderId }) => orderId);
/** Takes a booking back; to do so twice is the same as once. A refusal may be followed by another try. */
export const CancelBooking = call<'CancelBooking', CancelRequest, CancelOutcome>(
  'CancelBooking',
  ({ orderId }) => orderId,
);

/** Goes off when a refused cancellation is to be tried again by itself. */
export const CancelRetry = timer('CancelRetry', ({ orderId }: OfOrder) => orderId);

/** The fields that stay the same in every state. */
export function parcelOf({ orderId, shipmentId, items, orchestrated }: Parcel): Parcel {
  return { orderId, shipmentId, items, ...(orchestrated && { orchestrated }) };
}

/** The carrier is being asked: its answer comes by itself. */
export function isUnderWay(status: Shipment['status']): boolean {
  switch (status) {
    case 'BOOKING':
    case 'CANCELLING':
      return true;
    case 'SCHEDULED':
    case 'FAILED':
    case 'CANCEL_FAILED':
    case 'CANCELLED':
    case 'RESOLVED':
    case 'VOID':
      return false;
    default:
      return status satisfies never;
  }
}

export function shipmentNotFound(orderId: string): DomainError {
  return new DomainError({
    code: 'SHIPMENT_NOT_FOUND',
    status: 404,
    title: 'There is no such shipment',
    detail: `No shipment is known for order ${orderId}. An order reaches shipping when it is paid and its stock is reserved.`,
  });
}

/** Also while the carrier is being asked: it may be taking the parcel back just now. */
export function cancellationNotFailed({ orderId, status }: Shipment): DomainError {
  const underWay = status === 'CANCELLING';
  const wait = 'the carrier is being asked at this moment: wait for its answer.';
  const none = 'only a cancellation that failed can be retried or resolved.';
  return new DomainError({
    code: underWay ? 'CANCELLATION_UNDER_WAY' : 'CANCELLATION_NOT_FAILED',
    status: 409,
    title: underWay ? 'The cancellation is under way' : 'The shipment has no cancellation that failed',
    detail: `The shipment of order ${orderId} is ${status}: ${underWay ? wait : none}`,
  });
}
