import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@troupe/schemas';
import { type Refusal, retryableCompensation } from '../../src/rules/compensation.ts';
import { decided } from '../../src/rules/decision.ts';
import { DomainError } from '../../src/rules/failure.ts';
import { call, cancel, timer } from '../../src/rules/messages.ts';

// Seats of a theatre, which a box office takes back or does not.

interface OfSeat {
  readonly seat: string;
}
type Booking = OfSeat &
  (
    | { readonly status: 'BOOKED' | 'GIVEN_BACK' }
    | { readonly status: 'GIVING_BACK'; readonly refusals: number }
    | { readonly status: 'KEPT'; readonly refusals: number; readonly detail: string; readonly nextAttemptAt?: Date }
    | { readonly status: 'RESOLVED'; readonly detail: string }
  );
type GivingBack = Extract<Booking, { status: 'GIVING_BACK' }>;
type Kept = Extract<Booking, { status: 'KEPT' }>;

type Outcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly detail: string; readonly byHand?: true };

const event =
  (type: string) =>
  (data: OfSeat): DomainEvent =>
    ({ type, data }) as unknown as DomainEvent;
const SeatKept = event('SeatKept');
const SeatGivenBack = event('SeatGivenBack');
const GiveBack = call<'GiveBack', OfSeat, Outcome>('GiveBack', ({ seat }) => seat);
const GiveBackRetry = timer('GiveBackRetry', ({ seat }: OfSeat) => seat);

const seats = retryableCompensation({
  isAsking: (booking: Booking) => booking.status === 'GIVING_BACK',
  isFailed: (booking: Booking) => booking.status === 'KEPT',
  reasons: { answered: 'it was answered before', seenTo: 'somebody has seen to it already' },
  ask: ({ seat }: GivingBack) => GiveBack({ seat }),
  refusals: ({ refusals }: GivingBack) => refusals,
  failed: ({ seat }: GivingBack, { attempts, ...refusal }: Refusal): Kept => ({
    seat,
    status: 'KEPT',
    refusals: attempts,
    ...refusal,
  }),
  askingAgain: ({ seat, refusals }: Kept): GivingBack => ({ seat, status: 'GIVING_BACK', refusals }),
  refused: ({ seat }: Kept) => SeatKept({ seat }),
  retry: ({ seat }: OfSeat) => GiveBackRetry({ seat }),
  done: ({ seat }: GivingBack, _: Extract<Outcome, { kind: 'taken' }>) =>
    decided({ seat, status: 'GIVEN_BACK' } as Booking, SeatGivenBack({ seat })),
  resolved: ({ seat }: Kept, detail: string) =>
    decided({ seat, status: 'RESOLVED', detail } as Booking, SeatGivenBack({ seat })),
  notFailed: ({ seat }: OfSeat, booking: Booking | undefined) =>
    new DomainError({
      code: 'SEAT_NOT_KEPT',
      status: 409,
      title: 'The seat is not kept',
      detail: `Seat ${seat} is ${booking?.status ?? 'unknown'}.`,
    }),
});

const seat = 'A7';
const at = { now: new Date(1_000_000), id: '0198c000-0000-7000-8000-000000000001' };
const FIRST_MS = 200;
const givingBack: GivingBack = { seat, status: 'GIVING_BACK', refusals: 0 };
const kept: Kept = { seat, status: 'KEPT', refusals: 3, detail: 'Sold.', nextAttemptAt: new Date(2_000_000) };
const others: (Booking | undefined)[] = [undefined, { seat, status: 'BOOKED' }, { seat, status: 'GIVEN_BACK' }];

const answer = (outcome: Outcome, booking: Booking = givingBack) =>
  seats.settle({ request: { seat }, outcome }, booking, at, FIRST_MS);
const refusal = (refusals: number, more: { byHand?: true } = {}) =>
  answer({ kind: 'refused', detail: 'Sold.', ...more }, { ...givingBack, refusals });

describe('a compensation', () => {
  it('asks the outside', () => {
    expect(seats.ask(givingBack)).toEqual(decided(givingBack, GiveBack({ seat })));
  });

  it('is done when the outside says so', () => {
    expect(answer({ kind: 'taken' })).toEqual(decided({ seat, status: 'GIVEN_BACK' }, SeatGivenBack({ seat })));
  });

  it.each([
    [0, 200],
    [1, 400],
    [4, 3_200],
  ])('that was refused after %i refusals is tried again in %i ms', (refusals, delayMs) => {
    const nextAttemptAt = new Date(1_000_000 + delayMs);
    expect(refusal(refusals)).toEqual(
      decided({ seat, status: 'KEPT', refusals: refusals + 1, detail: 'Sold.', nextAttemptAt }, SeatKept({ seat }), {
        ...GiveBackRetry({ seat }),
        delayMs,
      }),
    );
  });

  it('that was refused for the sixth time is left to a person', () => {
    expect(refusal(5)).toEqual(decided({ seat, status: 'KEPT', refusals: 6, detail: 'Sold.' }, SeatKept({ seat })));
  });

  it('that a person has ended is left to that person', () => {
    const left = { seat, status: 'KEPT', refusals: 1, detail: 'Sold.' };
    expect(refusal(0, { byHand: true })).toEqual(decided(left, SeatKept({ seat })));
  });

  it.each([...others, kept])('that is %j takes no answer', (booking) => {
    const answered = seats.settle({ request: { seat }, outcome: { kind: 'taken' } }, booking, at, FIRST_MS);
    expect(answered).toEqual({ kind: 'ignored', reason: 'it was answered before' });
  });
});

describe('a compensation that was refused', () => {
  const again = { seat, status: 'GIVING_BACK', refusals: 3 };

  it('is asked for again when its time has come', () => {
    expect(seats.retryDue(kept)).toEqual(decided(again, GiveBack({ seat })));
  });

  it('is asked for again when a person wants it, and not by itself any more', () => {
    expect(seats.retry({ seat }, kept)).toEqual(decided(again, GiveBack({ seat }), cancel(GiveBackRetry, seat)));
  });

  it('is ended by a person, and not asked for any more', () => {
    expect(seats.resolve({ seat, reason: 'Paid in cash.' }, kept)).toEqual(
      decided(
        { seat, status: 'RESOLVED', detail: 'Paid in cash.' },
        SeatGivenBack({ seat }),
        cancel(GiveBackRetry, seat),
      ),
    );
  });
});

describe.each([...others, givingBack])('of what is %j', (booking) => {
  it('nothing can be retried or resolved, and the timer goes off in vain', () => {
    const rejection = { kind: 'rejected', error: expect.objectContaining({ code: 'SEAT_NOT_KEPT' }) };
    expect(seats.retry({ seat }, booking)).toEqual(rejection);
    expect(seats.resolve({ seat, reason: 'Paid in cash.' }, booking)).toEqual(rejection);
    expect(seats.retryDue(booking)).toEqual({ kind: 'ignored', reason: 'somebody has seen to it already' });
  });
});
