import { describe, expect, it } from '@jest/globals';
import { OrderCreated } from '@troupe/schemas';
import type { Known } from '../src/payment.ts';
import { asked, chargeId, given, heard, items, orderId, paymentId, type Said, when } from './story.ts';

const due = { orderId, paymentId, customerId: 'ada', items, amount: 2_100, currency: 'USD', orchestrated: true };
const created = { ...heard.ordered(), data: { ...heard.ordered().data, orchestrated: true } };
const undo = asked.refund('OUT_OF_STOCK');

/** A payment in each status that an orchestrator can find it in. */
const inEveryStatus = (charge: Said, undone: Said): readonly [string, Known][] => [
  ['CHARGING', given(charge)],
  ['COMPLETED', given(charge, heard.charged)],
  ['FAILED', given(charge, heard.declined)],
  ['REFUNDING', given(charge, heard.charged, undone)],
  ['REFUND_FAILED', given(charge, heard.charged, undone, heard.refundRefused)],
  ['REFUNDED', given(charge, heard.charged, undone, heard.refunded)],
  ['RESOLVED', given(charge, heard.charged, undone, heard.refundRefused, heard.resolved)],
];
const orchestrated = inEveryStatus(asked.charge, undo);
const choreographed = inEveryStatus(heard.ordered(), heard.outOfStock);

describe('an order that has an orchestrator', () => {
  it('is not charged when its creation is heard of', () => {
    expect(OrderCreated(created.data)).toEqual(created);
    for (const payment of [undefined, ...orchestrated.map(([, payment]) => payment)]) {
      expect(when(payment, created).decision).toMatchObject({
        kind: 'ignored',
        reason: expect.stringContaining('orchestrator'),
      });
    }
  });

  it('is charged when the orchestrator asks, and what is said of it says that it has one', () => {
    const { payment, says } = when(undefined, asked.charge);
    expect(payment).toEqual({ ...due, status: 'CHARGING' });
    expect(says).toEqual(['start Charge']);
    const paid = when(payment, heard.charged);
    expect(paid.payment).toEqual({ ...due, status: 'COMPLETED', chargeId });
    expect(paid.effects).toEqual([{ type: 'PaymentCompleted', data: due }]);
  });

  it.each(orchestrated)(
    'is not charged again when it is %s, however often the orchestrator asks',
    (status, payment) => {
      const again = when(payment, asked.charge);
      expect(again).toMatchObject({ decision: { kind: 'ignored' }, payment: { status }, effects: [] });
    },
  );

  it.each(orchestrated)('that is %s is left alone by what is heard of its failure', (_, payment) => {
    for (const fact of [heard.outOfStock, heard.released('SHIPMENT_REFUSED'), heard.cancelled]) {
      expect(when(payment, fact).decision).toMatchObject({
        kind: 'ignored',
        reason: expect.stringContaining('orchestrator'),
      });
    }
  });

  it.each(['OUT_OF_STOCK', 'SHIPMENT_REFUSED', 'ORDER_CANCELLED'] as const)(
    'has its money back when the orchestrator asks because of %s',
    (reason) => {
      const { payment, says } = when(given(asked.charge, heard.charged), asked.refund(reason));
      expect(payment).toMatchObject({ status: 'REFUNDING', undoReason: reason, orchestrated: true });
      expect(says).toEqual(['start Refund']);
      expect(when(payment, heard.refunded).effects).toMatchObject([{ type: 'PaymentRefunded', data: { reason } }]);
    },
  );

  it('has its money back at once when it was taken after the orchestrator wanted it back', () => {
    expect(when(given(asked.charge, undo), heard.charged)).toMatchObject({
      payment: { status: 'REFUNDING', orchestrated: true },
      says: ['start Refund'],
    });
  });

  it('is decided on by people as any other', () => {
    const awaiting = given(asked.expensive);
    expect(awaiting).toMatchObject({ status: 'AWAITING_APPROVAL', orchestrated: true });
    expect(when(awaiting, heard.approved).payment).toMatchObject({ status: 'CHARGING', orchestrated: true });
    expect(when(awaiting, heard.rejected).payment).toMatchObject({ status: 'FAILED', orchestrated: true });
    expect(when(awaiting, heard.nobodyDecided).payment).toMatchObject({ status: 'FAILED', orchestrated: true });
    const refused = given(asked.charge, heard.charged, undo, heard.refundRefused);
    expect(when(refused, heard.retryDue).payment).toMatchObject({ status: 'REFUNDING', orchestrated: true });
    expect(when(refused, heard.resolved).payment).toMatchObject({ status: 'RESOLVED', orchestrated: true });
  });
});

describe('an order that came to nothing before it was charged', () => {
  it.each([
    ['the orchestrator', undo],
    ['the order service', heard.cancelled],
  ])('is not charged later, when %s said so first', (_, undone) => {
    const tombstone = given(undone);
    expect(tombstone).toEqual({ status: 'VOID', orderId });
    for (const late of [asked.charge, undo]) {
      expect(when(tombstone, late)).toMatchObject({ decision: { kind: 'ignored' }, payment: tombstone, effects: [] });
    }
  });
});

describe('an order that has no orchestrator', () => {
  it.each(choreographed)('that is %s does nothing that an orchestrator asks for', (_, payment) => {
    for (const command of [asked.charge, undo]) {
      expect(when(payment, command).decision).toMatchObject({
        kind: 'rejected',
        error: { code: 'ORDER_NOT_ORCHESTRATED', status: 409, message: expect.stringContaining(orderId) },
      });
    }
  });
});
