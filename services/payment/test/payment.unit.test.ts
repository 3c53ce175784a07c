import { describe, expect, it } from '@jest/globals';
import { Terminal } from '@troupe/chassis';
import { isUnderWay } from '../src/payment.ts';
import { asked, chargeId, given, heard, items, later, orderId, paymentId, when } from './story.ts';

const due = { orderId, paymentId, customerId: 'ada', items, amount: 2_100, currency: 'USD' };
const charging = given(heard.ordered());
const completed = given(heard.ordered(), heard.charged);
const awaiting = given(heard.expensive);
const refunding = given(heard.ordered(), heard.charged, heard.outOfStock);
const refundFailed = given(heard.ordered(), heard.charged, heard.outOfStock, heard.refundRefused);

describe('a new order', () => {
  it('is charged', () => {
    const { payment, effects } = when(undefined, heard.ordered());
    expect(payment).toEqual({ ...due, status: 'CHARGING' });
    expect(effects).toEqual([
      expect.objectContaining({
        type: 'Charge',
        key: orderId,
        delayMs: 0,
        data: { orderId, amount: 2_100, currency: 'USD', paymentToken: 'tok_ok' },
      }),
    ]);
  });

  it('is charged up to the limit, and needs an approval above it', () => {
    expect(when(undefined, heard.ordered(100_000)).says).toEqual(['start Charge']);
    expect(when(undefined, heard.ordered(100_002)).says).toEqual(['PaymentApprovalRequired', 'start ApprovalExpiry']);
  });

  it('is not charged twice', () => {
    expect(when(charging, heard.ordered()).decision.kind).toBe('ignored');
    expect(when(completed, heard.ordered()).decision.kind).toBe('ignored');
  });

  it.each([0, -5, Number.NaN])('for %p is a message that can never be handled', (amount) => {
    const order = () => when(undefined, heard.ordered(amount));
    expect(order).toThrow(Terminal);
    expect(order).toThrow(expect.objectContaining({ code: 'AMOUNT_NOT_POSITIVE' }));
  });

  it('for the smallest amount that there is, is charged', () => {
    expect(when(undefined, heard.ordered(1)).says).toEqual(['start Charge']);
  });
});

describe('the answer to a charge', () => {
  it('yes: the payment is completed', () => {
    const { payment, effects } = when(charging, heard.charged);
    expect(payment).toEqual({ ...due, status: 'COMPLETED', chargeId });
    expect(effects).toEqual([{ type: 'PaymentCompleted', data: { ...due, orchestrated: false } }]);
  });

  it('no: the payment has failed, with what the provider said', () => {
    const { payment, effects } = when(charging, heard.declined);
    expect(payment).toMatchObject({ status: 'FAILED', failure: 'DECLINED', detail: 'The card was declined.' });
    expect(effects).toEqual([
      { type: 'PaymentFailed', data: { orderId, reason: 'DECLINED', detail: 'The card was declined.' } },
    ]);
  });

  it('not at all: the payment has failed, for a reason that is not the card, and the customer reads the cause', () => {
    const { payment, effects } = when(charging, heard.chargeRefused);
    const detail = 'The payment provider refused the charge (400 x): no.';
    expect(payment).toMatchObject({ status: 'FAILED', failure: 'PROVIDER_REFUSED', detail });
    expect(effects).toEqual([{ type: 'PaymentFailed', data: { orderId, reason: 'PROVIDER_REFUSED', detail } }]);
  });

  it('counts once', () => {
    expect(when(completed, heard.charged).decision.kind).toBe('ignored');
    expect(when(refunding, heard.charged).decision.kind).toBe('ignored');
  });
});

describe('an amount above the limit', () => {
  it('asks a person, for as long as the time-out says', () => {
    const { payment, effects } = when(undefined, heard.expensive);
    const expiresAt = later(900_000);
    expect(payment).toMatchObject({ status: 'AWAITING_APPROVAL', approvalExpiresAt: expiresAt, amount: 149_900 });
    expect(effects).toEqual([
      {
        type: 'PaymentApprovalRequired',
        data: {
          orderId,
          customerId: 'ada',
          amount: 149_900,
          currency: 'USD',
          limit: 100_000,
          expiresAt: expiresAt.getTime(),
        },
      },
      expect.objectContaining({ type: 'ApprovalExpiry', key: orderId, delayMs: 900_000 }),
    ]);
  });

  it('is charged when it is approved, and its means of payment is kept no longer', () => {
    const { payment, says } = when(awaiting, heard.approved);
    expect(says).toEqual(['start Charge', 'cancel ApprovalExpiry']);
    expect(payment).toMatchObject({ status: 'CHARGING', amount: 149_900 });
    expect(payment).not.toHaveProperty('paymentToken');
  });

  it('fails when it is rejected, with the reason that was given', () => {
    const { payment, effects, says } = when(awaiting, heard.rejected);
    expect(payment).toMatchObject({ status: 'FAILED', failure: 'APPROVAL_REJECTED' });
    expect(says).toEqual(['PaymentFailed', 'cancel ApprovalExpiry']);
    expect(effects[0]).toMatchObject({ data: { reason: 'APPROVAL_REJECTED', detail: 'Too much for a first order.' } });
  });

  it('fails when nobody decides in time', () => {
    const { effects } = when(awaiting, heard.nobodyDecided);
    expect(effects[0]).toMatchObject({ type: 'PaymentFailed', data: { reason: 'APPROVAL_TIMEOUT' } });
  });

  it('fails when the order is cancelled meanwhile', () => {
    const { effects, says } = when(awaiting, heard.cancelled);
    expect(effects[0]).toMatchObject({ type: 'PaymentFailed', data: { reason: 'ORDER_CANCELLED' } });
    expect(says).toContain('cancel ApprovalExpiry');
  });

  it.each([
    ['an approval that comes after the time-out', [heard.expensive, heard.nobodyDecided], heard.approved],
    ['an approval that comes after the cancellation', [heard.expensive, heard.cancelled], heard.approved],
    ['a rejection that comes after the approval', [heard.expensive, heard.approved], heard.rejected],
    ['an approval of a payment that needs none', [heard.ordered()], heard.approved],
    ['an approval of an order that came to nothing', [heard.cancelled], heard.approved],
  ])('refuses %s, and says how it stands', (_, before, command) => {
    const { decision } = when(given(...before), command);
    expect(decision).toMatchObject({
      kind: 'rejected',
      error: { code: 'PAYMENT_NOT_AWAITING_APPROVAL', status: 409, message: expect.stringContaining(orderId) },
    });
  });

  it.each([
    ['the approval', [heard.expensive, heard.approved]],
    ['the rejection', [heard.expensive, heard.rejected]],
    ['the cancellation', [heard.expensive, heard.cancelled]],
    ['the charge', [heard.expensive, heard.approved, heard.charged]],
  ])('does not time out after %s', (_, before) => {
    expect(when(given(...before), heard.nobodyDecided).decision.kind).toBe('ignored');
  });

  it('cannot be approved before it is known', () => {
    const { decision } = when(undefined, heard.approved);
    expect(decision).toMatchObject({ kind: 'rejected', error: { code: 'PAYMENT_NOT_FOUND', status: 404 } });
  });
});

describe('a later step that fails', () => {
  it.each([
    ['out of stock', heard.outOfStock, 'OUT_OF_STOCK'],
    ['refused by the carrier', heard.released('SHIPMENT_REFUSED'), 'SHIPMENT_REFUSED'],
    ['cancelled, units back', heard.released('ORDER_CANCELLED'), 'ORDER_CANCELLED'],
    ['cancelled', heard.cancelled, 'ORDER_CANCELLED'],
  ])('%s: asks for the money back, and says so when it is back', (_, undo, reason) => {
    const asked = when(completed, undo);
    expect(asked.payment).toEqual({ ...due, status: 'REFUNDING', chargeId, undoReason: reason, refundAttempts: 0 });
    expect(asked.effects).toEqual([
      expect.objectContaining({ type: 'Refund', key: orderId, data: { orderId, chargeId, amount: 2_100 } }),
    ]);
    const back = when(asked.payment, heard.refunded);
    expect(back.payment).toMatchObject({ status: 'REFUNDED', refundId: 're_1' });
    expect(back.effects).toEqual([
      { type: 'PaymentRefunded', data: { orderId, paymentId, amount: 2_100, currency: 'USD', reason, byHand: false } },
    ]);
  });

  it('asks for the money back once, whatever else is heard of the failure', () => {
    for (const before of [
      refunding,
      refundFailed,
      given(heard.ordered(), heard.charged, heard.cancelled, heard.refunded),
    ]) {
      for (const undo of [heard.cancelled, heard.outOfStock, heard.released('ORDER_CANCELLED')]) {
        expect(when(before, undo).decision.kind).toBe('ignored');
      }
    }
  });

  it('has nothing to undo when no money was taken', () => {
    expect(when(given(heard.ordered(), heard.declined), heard.cancelled).decision.kind).toBe('ignored');
  });
});

describe('an order that is cancelled while it is charged', () => {
  const doomed = given(heard.ordered(), heard.cancelled);

  it('waits for the answer, and keeps the first reason', () => {
    expect(doomed).toEqual({ ...due, status: 'CHARGING', undoReason: 'ORDER_CANCELLED' });
    expect(when(doomed, heard.outOfStock).decision.kind).toBe('ignored');
  });

  it('gives the money back at once when it was taken, without a word of completion', () => {
    const { payment, says } = when(doomed, heard.charged);
    expect(says).toEqual(['start Refund']);
    expect(payment).toMatchObject({ status: 'REFUNDING', chargeId, undoReason: 'ORDER_CANCELLED' });
  });

  it('has failed when it was declined', () => {
    expect(when(doomed, heard.declined).payment).toMatchObject({ status: 'FAILED', failure: 'DECLINED' });
    expect(when(doomed, heard.chargeRefused).payment).toMatchObject({ status: 'FAILED', failure: 'PROVIDER_REFUSED' });
  });
});

describe('a cancellation that arrives before the order', () => {
  const tombstone = given(heard.cancelled);

  it('leaves a tombstone, so that the order is never charged', () => {
    expect(tombstone).toEqual({ status: 'VOID', orderId });
    expect(when(tombstone, heard.ordered())).toMatchObject({
      decision: { kind: 'ignored', reason: expect.stringContaining('cancelled before it arrived') },
      payment: tombstone,
    });
    expect(when(tombstone, heard.cancelled).decision.kind).toBe('ignored');
  });
});

describe('a refund that is refused', () => {
  it('is visible and owed, and tried again later', () => {
    const { payment, effects } = when(refunding, heard.refundRefused);
    const next = later(5_000);
    expect(payment).toMatchObject({
      status: 'REFUND_FAILED',
      refundAttempts: 1,
      detail: 'Try again.',
      nextAttemptAt: next,
    });
    expect(effects).toEqual([
      {
        type: 'PaymentRefundFailed',
        data: {
          ...{ orderId, paymentId, amount: 2_100, currency: 'USD' },
          ...{ attempts: 1, detail: 'Try again.', nextAttemptAt: next.getTime() },
        },
      },
      expect.objectContaining({ type: 'RefundRetry', key: orderId, delayMs: 5_000 }),
    ]);
    const again = when(payment, heard.retryDue);
    expect(again.payment).toMatchObject({ status: 'REFUNDING', refundAttempts: 1 });
    expect(again.effects).toEqual([expect.objectContaining({ type: 'Refund', key: orderId, delayMs: 0 })]);
  });

  it('is not asked for by anybody until it is tried again', () => {
    expect(when(refundFailed, heard.refunded).decision.kind).toBe('ignored');
    expect(when(refundFailed, heard.refundRefused).decision.kind).toBe('ignored');
  });

  it('is tried again by itself five times, each time after twice as long, then a person must act', () => {
    let payment = refunding;
    const delays: (number | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) {
      const refused = when(payment, heard.refundRefused);
      payment = n < 5 ? when(refused.payment, heard.retryDue).payment : refused.payment;
      const task = refused.effects.find((effect) => 'kind' in effect && effect.kind === 'task');
      delays.push(task && 'delayMs' in task ? task.delayMs : undefined);
    }
    expect(delays).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, undefined]);
    expect(payment).toMatchObject({ status: 'REFUND_FAILED', refundAttempts: 6 });
    expect(payment).not.toHaveProperty('nextAttemptAt');
  });

  it('because a person has ended it waits for that person at once: nobody asks again by itself', () => {
    const { payment, effects } = when(refunding, heard.refundEnded);
    expect(payment).toMatchObject({ status: 'REFUND_FAILED', refundAttempts: 1, detail: 'Nobody answers.' });
    expect(payment).not.toHaveProperty('nextAttemptAt');
    expect(effects).toEqual([
      { type: 'PaymentRefundFailed', data: expect.objectContaining({ attempts: 1, nextAttemptAt: null }) },
    ]);
    expect(when(payment, heard.resolved).payment).toMatchObject({ status: 'RESOLVED' });
  });

  it('says that it will not be tried again', () => {
    const six = Array.from({ length: 5 }, () => [heard.refundRefused, heard.retryDue]).flat();
    const last = when(given(heard.ordered(), heard.charged, heard.cancelled, ...six), heard.refundRefused);
    expect(last.effects).toEqual([
      expect.objectContaining({ type: 'PaymentRefundFailed', data: expect.objectContaining({ nextAttemptAt: null }) }),
    ]);
  });

  it('is paid back when the provider agrees at last', () => {
    const { payment, says } = when(when(refundFailed, heard.retryDue).payment, heard.refunded);
    expect(payment).toMatchObject({ status: 'REFUNDED', refundAttempts: 1 });
    expect(payment).not.toHaveProperty('detail');
    expect(says).toEqual(['PaymentRefunded']);
  });

  it('is tried at once when an operator says so, and not a second time by itself', () => {
    const { payment, effects } = when(refundFailed, heard.retried);
    expect(payment).toMatchObject({ status: 'REFUNDING', refundAttempts: 1 });
    expect(effects).toEqual([
      expect.objectContaining({ type: 'Refund', key: orderId, delayMs: 0 }),
      expect.objectContaining({ kind: 'cancellation', type: 'RefundRetry', key: orderId }),
    ]);
    expect(when(payment, heard.retryDue).decision.kind).toBe('ignored');
  });

  it('ends with what an operator says of it, and the order with it', () => {
    const { payment, effects } = when(refundFailed, heard.resolved);
    expect(payment).toEqual({
      ...due,
      ...{ status: 'RESOLVED', chargeId, undoReason: 'OUT_OF_STOCK', refundAttempts: 1, detail: 'Bank transfer 4711.' },
    });
    expect(effects).toEqual([
      {
        type: 'PaymentRefunded',
        data: { orderId, paymentId, amount: 2_100, currency: 'USD', reason: 'OUT_OF_STOCK', byHand: true },
      },
      expect.objectContaining({ kind: 'cancellation', type: 'RefundRetry', key: orderId }),
    ]);
  });

  it('is not given back a second time after it was resolved, whatever is heard then', () => {
    const resolved = when(refundFailed, heard.resolved).payment;
    for (const late of [heard.retryDue, heard.refunded, heard.refundRefused, heard.cancelled, heard.outOfStock]) {
      expect(when(resolved, late).decision.kind).toBe('ignored');
    }
    for (const command of [heard.retried, heard.resolved]) {
      expect(when(resolved, command).decision).toMatchObject({
        kind: 'rejected',
        error: { code: 'REFUND_NOT_FAILED', title: 'The payment has no refund that failed' },
      });
    }
  });

  it('is not resolved or retried while the provider is being asked: it may be giving the money back', () => {
    for (const underWay of [refunding, when(refundFailed, heard.retryDue).payment]) {
      for (const command of [heard.retried, heard.resolved]) {
        expect(when(underWay, command).decision).toMatchObject({
          kind: 'rejected',
          error: {
            code: 'REFUND_UNDER_WAY',
            status: 409,
            title: 'The refund is under way',
            message: expect.stringContaining('wait for its answer'),
          },
        });
      }
    }
  });

  it.each([
    ['when it is back', given(heard.ordered(), heard.charged, heard.cancelled, heard.refunded)],
    ['when none was needed', completed],
  ])('is neither retried nor resolved %s', (_, payment) => {
    for (const command of [heard.retried, heard.resolved]) {
      expect(when(payment, command).decision).toMatchObject({
        kind: 'rejected',
        error: { code: 'REFUND_NOT_FAILED', status: 409 },
      });
    }
  });

  it('can be neither retried nor resolved before the payment is known', () => {
    for (const command of [heard.retried, heard.resolved]) {
      expect(when(undefined, command).decision).toMatchObject({ kind: 'rejected', error: { status: 404 } });
    }
  });
});

describe('an order that came to nothing', () => {
  it.each([
    ['has failed', given(heard.ordered(), heard.declined), 'no money was taken'],
    ['is being given back', refunding, 'the money is on its way back'],
    ['could not be given back', refundFailed, 'the money is on its way back'],
    ['is back', given(heard.ordered(), heard.charged, heard.outOfStock, heard.refunded), 'the money is back'],
    [
      'was settled by hand',
      given(heard.ordered(), heard.charged, heard.outOfStock, heard.refundRefused, heard.resolved),
      'the money is back',
    ],
    ['was never to be taken', given(heard.cancelled), 'the order is known to be cancelled'],
  ])('changes nothing when its payment %s, and the log can say why', (_, payment, reason) => {
    expect(when(payment, heard.cancelled).decision).toEqual({ kind: 'ignored', reason });
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
