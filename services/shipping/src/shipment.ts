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
  /** The order was cancelled meanwhile: if the carrier accepts, the booking is cancelled at once. */
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

/** The carrier was asked to cancel and has not answered yet. It may have taken the parcel back. */
export interface Cancelling extends Withdrawn {
  readonly status: 'CANCELLING';
}

/** The carrier refused to take it back, so a parcel is on its way that nobody pays for. No request is under way. */
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

/** The carrier refused, and a person settled it by hand; for example, the customer sends it back. */
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

/** A tombstone: the cancellation came before the reservation, so nothing is booked. */
export interface Void {
  readonly status: 'VOID';
  readonly orderId: string;
}

/** One for each order. */
export type Shipment = Booking | Scheduled | Cancelling | CancelFailed | Cancelled | Resolved | Failed | Void;

/** The shipment of a message's order; undefined before the first message about it. */
export type Known = Shipment | undefined;

export interface BookRequest {
  readonly orderId: string;
  readonly items: readonly ShippingItem[];
}
export type BookOutcome =
  | ({ readonly kind: 'booked' } & Acceptance)
  /** `detail` is what the carrier said, or the person who ended the call. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface CancelRequest {
  readonly orderId: string;
  readonly bookingId: string;
}
export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  /** `detail` is what the carrier said, or the person who ended the call; then it is not tried again by itself. */
  | { readonly kind: 'refused'; readonly detail: string; readonly byHand?: true };

/** The settings of the rules. */
export interface ShippingRules {
  /** How long after the first refusal a cancellation is tried again; doubles with each refusal. */
  readonly cancelRetryMs: number;
}

/** The data of timers and commands that need no more than the order. */
export interface OfOrder {
  readonly orderId: string;
}

/** Books a shipment, once for each order, however often it is asked. */
export const Book = call<'Book', BookRequest, BookOutcome>('Book', ({ orderId }) => orderId);
/** Takes a booking back. Doing so twice is the same as once. A refusal may be followed by another try. */
export const CancelBooking = call<'CancelBooking', CancelRequest, CancelOutcome>(
  'CancelBooking',
  ({ orderId }) => orderId,
);

/** Fires when a refused cancellation is to be tried again. */
export const CancelRetry = timer('CancelRetry', ({ orderId }: OfOrder) => orderId);

/** The fields that stay the same in every state. */
export function parcelOf({ orderId, shipmentId, items, orchestrated }: Parcel): Parcel {
  return { orderId, shipmentId, items, ...(orchestrated && { orchestrated }) };
}

/** The carrier is being asked; its answer comes without a person. */
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

/** Refused while the carrier is being asked: it may take the parcel back just now. */
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
