import { describe, expect, it } from '@jest/globals';
import { after, cancel, Terminal } from '@troupe/chassis';
import { like, withData } from '@troupe/chassis/testing';
import {
  PaymentApprovalRequired,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
} from '@troupe/schemas';
import { ApprovalExpiry, Charge, isUnderWay, type Payment, Refund, RefundRetry } from '../src/payment.ts';
import { asked, charge, chargeId, given, heard, items, later, orderId, paymentId, refund } from './story.ts';

const due = { orderId, paymentId, customerId: 'ada', items, amount: 2_100, currency: 'USD' };
const charging = given(heard.ordered());
const completed = given(heard.ordered(), heard.charged);
const awaiting = given(heard.expensive);
const refunding = given(heard.ordered(), heard.charged, heard.outOfStock);
const refundFailed = given(heard.ordered(), heard.charged, heard.outOfStock, heard.refundRefused);

describe('a new order', () => {
  it('is charged', () => {
    given()
      .when(heard.ordered())
      .then({ state: { ...due, status: 'CHARGING' }, starts: [Charge(charge)] });
  });

  it('is charged up to the limit, and needs an approval above it', () => {
    given()
      .when(heard.ordered(100_000))
      .then({ starts: [Charge] });
    given()
      .when(heard.ordered(100_002))
      .then({ emits: [PaymentApprovalRequired], starts: [ApprovalExpiry] });
  });

  it('is not charged twice', () => {
    charging.when(heard.ordered()).thenIgnored();
    completed.when(heard.ordered()).thenIgnored();
  });

  it.each([0, -5, Number.NaN])('for %p is a message that can never be handled', (amount) => {
    const order = given().when(heard.ordered(amount));
    order.thenFails('AMOUNT_NOT_POSITIVE');
    expect(() => order.decision).toThrow(Terminal);
  });

  it('for the smallest amount that there is, is charged', () => {
    given()
      .when(heard.ordered(1))
      .then({ starts: [Charge] });
  });
});

describe('the answer to a charge', () => {
  it('yes: the payment is completed', () => {
    charging
      .when(heard.charged)
      .then({ state: { ...due, status: 'COMPLETED', chargeId }, emits: [PaymentCompleted(due)] });
  });

  it('no: the payment has failed, with what the provider said', () => {
    const failure = { reason: 'DECLINED', detail: 'The card was declined.' } as const;
    charging.when(heard.declined).then({
      state: { ...due, status: 'FAILED', failure: 'DECLINED', detail: failure.detail },
      emits: [PaymentFailed({ orderId, ...failure })],
    });
  });

  it('not at all: the payment has failed, for a reason that is not the card, and the customer reads the cause', () => {
    const detail = 'The payment provider refused the charge (400 x): no.';
    charging.when(heard.chargeRefused).then({
      state: { ...due, status: 'FAILED', failure: 'PROVIDER_REFUSED', detail },
      emits: [PaymentFailed({ orderId, reason: 'PROVIDER_REFUSED', detail })],
    });
  });

  it('counts once', () => {
    completed.when(heard.charged).thenIgnored();
    refunding.when(heard.charged).thenIgnored();
  });
});

describe('an amount above the limit', () => {
  const expensive = { ...due, amount: 149_900, items: [{ sku: 'SKU-098', quantity: 1 }] };
  const notAwaiting = { status: 409, message: expect.stringContaining(orderId) };

  it('asks a person, for as long as the time-out says', () => {
    const expiresAt = later(900_000);
    given()
      .when(heard.expensive)
      .then({
        state: { ...expensive, status: 'AWAITING_APPROVAL', approvalExpiresAt: expiresAt, paymentToken: 'tok_ok' },
        emits: [
          PaymentApprovalRequired({
            orderId,
            customerId: 'ada',
            amount: 149_900,
            currency: 'USD',
            limit: 100_000,
            expiresAt: expiresAt.getTime(),
          }),
        ],
        starts: [after(900_000, ApprovalExpiry({ orderId }))],
      });
  });

  it('is charged when it is approved, and its means of payment is kept no longer', () => {
    awaiting
      .when(heard.approved)
      .then({ state: { ...expensive, status: 'CHARGING' }, starts: [Charge], cancels: [ApprovalExpiry] });
  });

  it('fails when it is rejected, with the reason that was given', () => {
    const detail = 'Too much for a first order.';
    awaiting.when(heard.rejected).then({
      state: { ...expensive, status: 'FAILED', failure: 'APPROVAL_REJECTED', detail },
      emits: [PaymentFailed({ orderId, reason: 'APPROVAL_REJECTED', detail })],
      cancels: [ApprovalExpiry],
    });
  });

  it('fails when nobody decides in time', () => {
    awaiting
      .when(heard.nobodyDecided)
      .then({ emits: [withData(PaymentFailed, { reason: 'APPROVAL_TIMEOUT' })], cancels: [ApprovalExpiry] });
  });

  it('fails when the order is cancelled meanwhile', () => {
    awaiting
      .when(heard.cancelled)
      .then({ emits: [withData(PaymentFailed, { reason: 'ORDER_CANCELLED' })], cancels: [ApprovalExpiry] });
  });

  it.each([
    ['an approval that comes after the time-out', [heard.expensive, heard.nobodyDecided], heard.approved],
    ['an approval that comes after the cancellation', [heard.expensive, heard.cancelled], heard.approved],
    ['a rejection that comes after the approval', [heard.expensive, heard.approved], heard.rejected],
    ['an approval of a payment that needs none', [heard.ordered()], heard.approved],
    ['an approval of an order that came to nothing', [heard.cancelled], heard.approved],
  ])('refuses %s, and says how it stands', (_, before, command) => {
    given(...before)
      .when(command)
      .thenRejected('PAYMENT_NOT_AWAITING_APPROVAL', notAwaiting);
  });

  it.each([
    ['the approval', [heard.expensive, heard.approved]],
    ['the rejection', [heard.expensive, heard.rejected]],
    ['the cancellation', [heard.expensive, heard.cancelled]],
    ['the charge', [heard.expensive, heard.approved, heard.charged]],
  ])('does not time out after %s', (_, before) => {
    given(...before)
      .when(heard.nobodyDecided)
      .thenIgnored();
  });

  it('cannot be approved before it is known', () => {
    given().when(heard.approved).thenRejected('PAYMENT_NOT_FOUND', { status: 404 });
  });
});

describe('a later step that fails', () => {
  it.each([
    ['out of stock', heard.outOfStock, 'OUT_OF_STOCK'],
    ['refused by the carrier', heard.released('SHIPMENT_REFUSED'), 'SHIPMENT_REFUSED'],
    ['cancelled, units back', heard.released('ORDER_CANCELLED'), 'ORDER_CANCELLED'],
    ['cancelled', heard.cancelled, 'ORDER_CANCELLED'],
  ] as const)('%s: asks for the money back, and says so when it is back', (_, undo, reason) => {
    const undone = { ...due, chargeId, undoReason: reason, refundAttempts: 0 };
    completed
      .when(undo)
      .then({ state: { ...undone, status: 'REFUNDING' }, starts: [Refund(refund)] })
      .when(heard.refunded)
      .then({
        state: { ...undone, status: 'REFUNDED', refundId: 're_1' },
        emits: [PaymentRefunded({ orderId, paymentId, amount: 2_100, currency: 'USD', reason, byHand: false })],
      });
  });

  it('asks for the money back once, whatever else is heard of the failure', () => {
    const refunded = given(heard.ordered(), heard.charged, heard.cancelled, heard.refunded);
    for (const before of [refunding, refundFailed, refunded]) {
      for (const undo of [heard.cancelled, heard.outOfStock, heard.released('ORDER_CANCELLED')])
        before.when(undo).thenIgnored();
    }
  });

  it('has nothing to undo when no money was taken', () => {
    given(heard.ordered(), heard.declined).when(heard.cancelled).thenIgnored();
  });
});

describe('an order that is cancelled while it is charged', () => {
  const doomed = given(heard.ordered(), heard.cancelled);

  it('waits for the answer, and keeps the first reason', () => {
    doomed
      .has({ state: { ...due, status: 'CHARGING', undoReason: 'ORDER_CANCELLED' } })
      .when(heard.outOfStock)
      .thenIgnored();
  });

  it('gives the money back at once when it was taken, without a word of completion', () => {
    doomed.when(heard.charged).then({
      state: like({ status: 'REFUNDING', chargeId, undoReason: 'ORDER_CANCELLED' }),
      starts: [Refund],
    });
  });

  it('has failed when it was declined', () => {
    const failed = (failure: 'DECLINED' | 'PROVIDER_REFUSED') => ({
      state: like<Payment>({ status: 'FAILED', failure }),
      emits: [PaymentFailed],
    });
    doomed.when(heard.declined).then(failed('DECLINED'));
    doomed.when(heard.chargeRefused).then(failed('PROVIDER_REFUSED'));
  });
});

describe('a cancellation that arrives before the order', () => {
  const tombstone = given(heard.cancelled);

  it('leaves a tombstone, so that the order is never charged', () => {
    tombstone
      .has({ state: { status: 'VOID', orderId } })
      .when(heard.ordered())
      .thenIgnored(/cancelled before it arrived/)
      .has({ state: { status: 'VOID', orderId } })
      .when(heard.cancelled)
      .thenIgnored();
  });
});

describe('a refund that is refused', () => {
  const owed = { ...due, chargeId, undoReason: 'OUT_OF_STOCK', refundAttempts: 1 } as const;

  it('is visible and owed, and tried again later', () => {
    const next = later(5_000);
    refunding
      .when(heard.refundRefused)
      .then({
        state: { ...owed, status: 'REFUND_FAILED', detail: 'Try again.', nextAttemptAt: next },
        emits: [
          PaymentRefundFailed({
            orderId,
            paymentId,
            amount: 2_100,
            currency: 'USD',
            attempts: 1,
            detail: 'Try again.',
            nextAttemptAt: next.getTime(),
          }),
        ],
        starts: [after(5_000, RefundRetry({ orderId }))],
      })
      .when(heard.retryDue)
      .then({ state: { ...owed, status: 'REFUNDING' }, starts: [Refund(refund)] });
  });

  it('is not asked for by anybody until it is tried again', () => {
    refundFailed.when(heard.refunded).thenIgnored();
    refundFailed.when(heard.refundRefused).thenIgnored();
  });

  it('is tried again by itself five times, each time after twice as long, then a person must act', () => {
    let before = refunding;
    for (const delay of [5_000, 10_000, 20_000, 40_000, 80_000]) {
      const retry = after(delay, RefundRetry({ orderId }));
      before = before
        .when(heard.refundRefused)
        .then({ emits: [PaymentRefundFailed], starts: [retry] })
        .after(heard.retryDue);
    }
    before.when(heard.refundRefused).then({
      state: { ...owed, status: 'REFUND_FAILED', refundAttempts: 6, detail: 'Try again.' },
      emits: [withData(PaymentRefundFailed, { nextAttemptAt: null })],
    });
  });

  it('because a person has ended it waits for that person at once: nobody asks again by itself', () => {
    refunding
      .when(heard.refundEnded)
      .then({
        state: { ...owed, status: 'REFUND_FAILED', detail: 'Nobody answers.' },
        emits: [withData(PaymentRefundFailed, { attempts: 1, nextAttemptAt: null })],
      })
      .when(heard.resolved)
      .then({ state: like({ status: 'RESOLVED' }), emits: [PaymentRefunded], cancels: [RefundRetry] });
  });

  it('is paid back when the provider agrees at last', () => {
    refundFailed
      .after(heard.retryDue)
      .when(heard.refunded)
      .then({ state: { ...owed, status: 'REFUNDED', refundId: 're_1' }, emits: [PaymentRefunded] });
  });

  it('is tried at once when an operator says so, and not a second time by itself', () => {
    refundFailed
      .when(heard.retried)
      .then({
        state: { ...owed, status: 'REFUNDING' },
        starts: [Refund(refund)],
        cancels: [cancel(RefundRetry, orderId)],
      })
      .when(heard.retryDue)
      .thenIgnored();
  });

  it('ends with what an operator says of it, and the order with it', () => {
    const refunded = { orderId, paymentId, amount: 2_100, currency: 'USD', reason: 'OUT_OF_STOCK' } as const;
    refundFailed.when(heard.resolved).then({
      state: { ...owed, status: 'RESOLVED', detail: 'Bank transfer 4711.' },
      emits: [PaymentRefunded({ ...refunded, byHand: true })],
      cancels: [cancel(RefundRetry, orderId)],
    });
  });

  it('is not given back a second time after it was resolved, whatever is heard then', () => {
    const resolved = refundFailed.after(heard.resolved);
    for (const late of [heard.retryDue, heard.refunded, heard.refundRefused, heard.cancelled, heard.outOfStock])
      resolved.when(late).thenIgnored();
    for (const command of [heard.retried, heard.resolved])
      resolved.when(command).thenRejected('REFUND_NOT_FAILED', { title: 'The payment has no refund that failed' });
  });

  it('is not resolved or retried while the provider is being asked: it may be giving the money back', () => {
    for (const underWay of [refunding, refundFailed.after(heard.retryDue)]) {
      for (const command of [heard.retried, heard.resolved]) {
        underWay.when(command).thenRejected('REFUND_UNDER_WAY', {
          status: 409,
          title: 'The refund is under way',
          message: expect.stringContaining('wait for its answer'),
        });
      }
    }
  });

  it.each([
    ['when it is back', given(heard.ordered(), heard.charged, heard.cancelled, heard.refunded)],
    ['when none was needed', completed],
  ])('is neither retried nor resolved %s', (_, payment) => {
    for (const command of [heard.retried, heard.resolved])
      payment.when(command).thenRejected('REFUND_NOT_FAILED', { status: 409 });
  });

  it('can be neither retried nor resolved before the payment is known', () => {
    for (const command of [heard.retried, heard.resolved])
      given().when(command).thenRejected('PAYMENT_NOT_FOUND', { status: 404 });
  });
});

describe('an order that came to nothing', () => {
  const refunded = given(heard.ordered(), heard.charged, heard.outOfStock, heard.refunded);

  it.each([
    ['has failed', given(heard.ordered(), heard.declined), 'no money was taken'],
    ['is being given back', refunding, 'the money is on its way back'],
    ['could not be given back', refundFailed, 'the money is on its way back'],
    ['is back', refunded, 'the money is back'],
    ['was settled by hand', refundFailed.after(heard.resolved), 'the money is back'],
    ['was never to be taken', given(heard.cancelled), 'the order is known to be cancelled'],
  ])('changes nothing when its payment %s, and the log can say why', (_, payment, reason) => {
    payment.when(heard.cancelled).thenIgnored(reason);
  });
});

describe('a person who waits for a payment', () => {
  it.each([
    ['CHARGING', true],
    ['REFUNDING', true],
    ['AWAITING_APPROVAL', false],
    ['COMPLETED', false],
    ['FAILED', false],
    ['REFUND_FAILED', false],
    ['REFUNDED', false],
    ['RESOLVED', false],
    ['VOID', false],
  ] as const)('has to wait while it is %s: %p', (status, waits) => {
    expect(isUnderWay(status)).toBe(waits);
  });
});

describe('what is asked of payment', () => {
  it.each([
    ['ChargeOrder', asked.charge],
    ['RefundOrder', asked.refund('OUT_OF_STOCK')],
    ['DecideApproval', heard.approved],
    ['RetryRefund', heard.retried],
    ['ResolveRefund', heard.resolved],
  ])('%s is about one order, and handled in turn with all that is heard of it', (type, command) => {
    expect(command).toMatchObject({ type, key: orderId });
  });
});
