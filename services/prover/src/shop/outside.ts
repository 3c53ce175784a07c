import type { Answer } from '../model/domain.ts';
import type { PendingTask } from '../model/message.ts';
import { ORDER } from './order.ts';

/** What everybody outside has done for one order, and what the services have said of it. */
export interface Outside {
  readonly charges: number;
  readonly refunds: number;
  readonly bookings: number;
  /** Bookings that the carrier has not taken back. */
  readonly live: number;
  /** Emails that the mail server has taken or refused, by template. */
  readonly emails: Readonly<Record<string, number>>;
  /** Names of events, in the order of the alphabet. */
  readonly said: readonly string[];
}

export const NOTHING_DONE: Outside = { charges: 0, refunds: 0, bookings: 0, live: 0, emails: {}, said: [] };

const DETAIL = 'No.';

/**
 * How the outside may answer a call. What it has done once it does not do again: each call has an idempotency key. A person
 * ends a call only of something that was not done, as the route tells that person to make sure of.
 */
export function answersOf({ type, data }: PendingTask, outside: Outside): readonly Answer<Outside>[] | undefined {
  const refused = { kind: 'refused', detail: DETAIL };
  const undone = (done: Answer<Outside>): readonly Answer<Outside>[] => [
    done,
    { label: 'refused', outcome: refused, outside, uses: 'refusals' },
    { label: 'ended by hand', outcome: { ...refused, byHand: true }, outside, uses: 'operators' },
  ];
  switch (type) {
    case 'Charge':
      return [
        {
          label: 'charged',
          outcome: { kind: 'charged', chargeId: `charge of ${ORDER}` },
          outside: { ...outside, charges: outside.charges + 1 },
        },
        { label: 'declined', outcome: { kind: 'declined', detail: DETAIL }, outside },
        { label: 'refused', outcome: refused, outside },
      ];
    case 'Refund':
      return undone({
        label: 'refunded',
        outcome: { kind: 'refunded', refundId: `refund of ${ORDER}` },
        outside: { ...outside, refunds: outside.refunds + 1 },
      });
    case 'Book':
      return [
        {
          label: 'booked',
          outcome: {
            kind: 'booked',
            bookingId: `booking of ${ORDER}`,
            carrier: 'carrier',
            trackingNumber: `T-${ORDER}`,
          },
          outside: { ...outside, bookings: outside.bookings + 1, live: outside.live + 1 },
        },
        { label: 'refused', outcome: refused, outside },
      ];
    case 'CancelBooking':
      return undone({ label: 'cancelled', outcome: { kind: 'cancelled' }, outside: { ...outside, live: 0 } });
    case 'Send': {
      const { template } = data as { readonly template: string };
      const emails = { ...outside.emails, [template]: (outside.emails[template] ?? 0) + 1 };
      return [
        { label: 'accepted', outcome: { kind: 'accepted', reply: '250' }, outside: { ...outside, emails } },
        { label: 'refused', outcome: { kind: 'refused', reply: '550' }, outside: { ...outside, emails } },
      ];
    }
    default:
      return undefined;
  }
}
