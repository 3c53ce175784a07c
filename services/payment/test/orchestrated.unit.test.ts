import { describe, expect, it } from '@jest/globals';
import { like, withData } from '@troupe/chassis/testing';
import { OrderCreated, PaymentCompleted, PaymentFailed, PaymentRefunded } from '@troupe/schemas';
import { ApprovalExpiry, Charge, type Payment, Refund, RefundRetry } from '../src/payment.ts';
import { asked, charge, chargeId, given, heard, items, type Message, orderId, paymentId } from './story.ts';

const due = {
  orderId,
  paymentId,
  customerId: 'ada',
  items,
  amount: 2_100,
  currency: 'USD',
  orchestrated: true,
} as const;
const created = { ...heard.ordered(), data: { ...heard.ordered().data, orchestrated: true } };
const undo = asked.refund('OUT_OF_STOCK');

/** A payment in each status that an orchestrator can find it in. */
const inEveryStatus = (charging: Message, undone: Message) =>
  [
    ['CHARGING', given(charging)],
    ['COMPLETED', given(charging, heard.charged)],
    ['FAILED', given(charging, heard.declined)],
    ['REFUNDING', given(charging, heard.charged, undone)],
    ['REFUND_FAILED', given(charging, heard.charged, undone, heard.refundRefused)],
    ['REFUNDED', given(charging, heard.charged, undone, heard.refunded)],
    ['RESOLVED', given(charging, heard.charged, undone, heard.refundRefused, heard.resolved)],
  ] as const;
const orchestrated = inEveryStatus(asked.charge, undo);
const choreographed = inEveryStatus(heard.ordered(), heard.outOfStock);

describe('an order that has an orchestrator', () => {
  it('is not charged when its creation is heard of', () => {
    expect(OrderCreated(created.data)).toEqual(created);
    for (const payment of [given(), ...orchestrated.map(([, payment]) => payment)])
      payment.when(created).thenIgnored(/orchestrator/);
  });

  it('is charged when the orchestrator asks, and its events say that it has one', () => {
    given()
      .when(asked.charge)
      .then({ state: { ...due, status: 'CHARGING' }, starts: [Charge(charge)] })
      .when(heard.charged)
      .then({ state: { ...due, status: 'COMPLETED', chargeId }, emits: [PaymentCompleted(due)] });
  });

  it.each(orchestrated)(
    'is not charged again when it is %s, however often the orchestrator asks',
    (status, payment) => {
      payment
        .when(asked.charge)
        .thenIgnored()
        .has({ state: like({ status }) });
    },
  );

  it.each(orchestrated)('that is %s is left alone by what is heard of its failure', (_, payment) => {
    for (const fact of [heard.outOfStock, heard.released('SHIPMENT_REFUSED'), heard.cancelled])
      payment.when(fact).thenIgnored(/orchestrator/);
  });

  it.each(['OUT_OF_STOCK', 'SHIPMENT_REFUSED', 'ORDER_CANCELLED'] as const)(
    'has its money back when the orchestrator asks because of %s',
    (reason) => {
      given(asked.charge, heard.charged)
        .when(asked.refund(reason))
        .then({ state: like({ status: 'REFUNDING', undoReason: reason, orchestrated: true }), starts: [Refund] })
        .when(heard.refunded)
        .then({ emits: [withData(PaymentRefunded, { reason })] });
    },
  );

  it('has its money back at once when it was taken after the orchestrator wanted it back', () => {
    given(asked.charge, undo)
      .when(heard.charged)
      .then({ state: like({ status: 'REFUNDING', orchestrated: true }), starts: [Refund] });
  });

  it('is decided on by people as any other', () => {
    const styled = (status: 'CHARGING' | 'FAILED' | 'REFUNDING' | 'RESOLVED') =>
      like<Payment>({ status, orchestrated: true });
    const awaiting = given(asked.expensive).has({ state: like({ status: 'AWAITING_APPROVAL', orchestrated: true }) });
    awaiting.when(heard.approved).then({ state: styled('CHARGING'), starts: [Charge], cancels: [ApprovalExpiry] });
    awaiting.when(heard.rejected).then({ state: styled('FAILED'), emits: [PaymentFailed], cancels: [ApprovalExpiry] });
    awaiting
      .when(heard.nobodyDecided)
      .then({ state: styled('FAILED'), emits: [PaymentFailed], cancels: [ApprovalExpiry] });
    const refused = given(asked.charge, heard.charged, undo, heard.refundRefused);
    refused.when(heard.retryDue).then({ state: styled('REFUNDING'), starts: [Refund] });
    refused.when(heard.resolved).then({ state: styled('RESOLVED'), emits: [PaymentRefunded], cancels: [RefundRetry] });
  });
});

describe('an order that came to nothing before it was charged', () => {
  it.each([
    ['the orchestrator', undo],
    ['the order service', heard.cancelled],
  ])('is not charged later, when %s said so first', (_, undone) => {
    const tombstone = given(undone).has({ state: { status: 'VOID', orderId } });
    for (const late of [asked.charge, undo])
      tombstone
        .when(late)
        .thenIgnored()
        .has({ state: { status: 'VOID', orderId } });
  });
});

describe('an order that has no orchestrator', () => {
  it.each(choreographed)('that is %s does nothing that an orchestrator asks for', (_, payment) => {
    for (const command of [asked.charge, undo])
      payment
        .when(command)
        .thenRejected('ORDER_NOT_ORCHESTRATED', { status: 409, message: expect.stringContaining(orderId) });
  });
});
