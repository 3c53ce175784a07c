import { type Port, partner } from '@troupe/chassis';
import {
  Book,
  type BookOutcome,
  type BookRequest,
  CancelBooking,
  type CancelOutcome,
  type CancelRequest,
} from './shipment.ts';

const NAME = 'carrier';

/** Books at the carrier: 201 is yes, 422 `refused` is no. Anything else is no answer and throws Retryable. */
export function bookPort(carrierUrl: string): Port<BookRequest, BookOutcome> {
  const parcels = partner(NAME, carrierUrl);
  return {
    call: Book,
    async perform({ orderId, items }, context) {
      const answer = await parcels.post('/v1/bookings', { reference: orderId, items }, context);
      const [bookingId, carrier, trackingNumber] = ['id', 'carrier', 'trackingNumber'].map(answer.text);
      if (answer.status === 201 && bookingId && carrier && trackingNumber) {
        return { kind: 'booked', bookingId, carrier, trackingNumber };
      }
      if (answer.status === 422 && answer.errorCode === 'refused') return { kind: 'refused', detail: answer.message };
      throw answer.unclear();
    },
  };
}

/** What asking again will hardly change. A call without an answer is repeated for ever; a no reaches a person in the end. */
const REFUSALS = new Set(['cancel_refused', 'booking_not_found']);

/** Takes a booking back at the carrier: 200 is yes, a refusal is no. Anything else is no answer and throws Retryable. */
export function cancelBookingPort(carrierUrl: string): Port<CancelRequest, CancelOutcome> {
  const parcels = partner(NAME, carrierUrl);
  return {
    call: CancelBooking,
    async perform({ bookingId }, context) {
      const answer = await parcels.post(`/v1/bookings/${encodeURIComponent(bookingId)}/cancel`, {}, context);
      if (answer.status === 200 && answer.text('status') === 'cancelled') return { kind: 'cancelled' };
      if (REFUSALS.has(answer.errorCode ?? '')) return { kind: 'refused', detail: answer.message };
      throw answer.unclear();
    },
  };
}
