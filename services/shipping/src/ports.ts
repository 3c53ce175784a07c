import { jsonClient, type Port, Refused } from '@troupe/chassis';
import {
  Book,
  type BookOutcome,
  type BookRequest,
  CancelBooking,
  type CancelOutcome,
  type CancelRequest,
} from './shipment.ts';

const NAME = 'carrier';
const LOOK_FIRST = "Look into the carrier's bookings first: though nobody has answered,";

/** Books at the carrier: 201 is yes. */
export function bookPort(carrierUrl: string): Port<BookRequest, BookOutcome> {
  const parcels = jsonClient(NAME, carrierUrl);
  return {
    call: Book,
    async perform({ orderId, items }, context) {
      const answer = await parcels.post('/v1/bookings', { reference: orderId, items }, context);
      if (answer instanceof Refused) return answer;
      const [bookingId, carrier, trackingNumber] = ['id', 'carrier', 'trackingNumber'].map(answer.text);
      if (answer.status === 201 && bookingId && carrier && trackingNumber) {
        return { kind: 'booked', bookingId, carrier, trackingNumber };
      }
      throw answer.unclear();
    },
    refused: ({ detail }) => ({ kind: 'refused', detail }),
    byHand: {
      lookFirst: `${LOOK_FIRST} the parcel may be booked. Cancel it there before you end the call: the shipment becomes FAILED, and nothing here takes it back.`,
      outcome: (words) => ({ kind: 'refused', detail: words }),
    },
  };
}

/** Takes a booking back at the carrier: 200 `cancelled` is yes. */
export function cancelBookingPort(carrierUrl: string): Port<CancelRequest, CancelOutcome> {
  const parcels = jsonClient(NAME, carrierUrl);
  return {
    call: CancelBooking,
    async perform({ bookingId }, context) {
      const answer = await parcels.post(`/v1/bookings/${encodeURIComponent(bookingId)}/cancel`, {}, context);
      if (answer instanceof Refused) return answer;
      if (answer.status === 200 && answer.text('status') === 'cancelled') return { kind: 'cancelled' };
      throw answer.unclear();
    },
    refused: ({ detail }) => ({ kind: 'refused', detail }),
    byHand: {
      lookFirst: `${LOOK_FIRST} the parcel may be taken back. The shipment becomes CANCEL_FAILED and waits for you: resolve it if it is, or retry it later.`,
      outcome: (words) => ({ kind: 'refused', detail: words, byHand: true }),
    },
  };
}
