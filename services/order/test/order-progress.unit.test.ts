import { describe, expect, it } from '@jest/globals';
import { type OrderEvent, type Recorded, record } from '../src/domain/order.ts';
import { standsAt } from '../src/read/order-progress.ts';
import { asked } from './orchestrated-story.ts';
import { heard, type Message, orderAfter, orderId } from './story.ts';

const STEP_MS = 30_000;
const placedAt = new Date('2026-11-21T09:30:00.000Z');
const later = (ms: number): Date => new Date(placedAt.getTime() + ms);

/** The stream of an order that has heard these, all at the moment of its placement. */
const streamOf = (...messages: readonly Message[]): readonly Recorded[] => orderAfter(...messages)?.pending ?? [];
/** Where such an order stands some time later. */
const place = (ms: number, ...messages: readonly Message[]) => standsAt(streamOf(...messages), later(ms), STEP_MS);

const MONEY_BACK = { owes: 'payment', expected: ['PaymentRefunded', 'PaymentRefundFailed'] };

describe('An order that is on its way stands at', () => {
  it.each([
    ['payment, when it was placed', [heard.placed], 'payment', 'PaymentCompleted', 'OrderPlaced'],
    ['inventory, when it is paid', [heard.placed, heard.paid], 'inventory', 'InventoryReserved', 'PaymentReceived'],
    [
      'shipping, when its stock is reserved',
      [heard.placed, heard.paid, heard.reserved],
      'shipping',
      'ShipmentScheduled',
      'StockReserved',
    ],
    [
      'shipping, also when the payment is heard of late',
      [heard.placed, heard.reserved],
      'shipping',
      'ShipmentScheduled',
      'StockReserved',
    ],
    [
      'payment, when something is out of stock',
      [heard.placed, heard.paid, heard.outOfStock],
      'payment',
      'PaymentRefunded',
      'ReservationFailed',
    ],
    [
      'payment, when the carrier refused',
      [heard.placed, heard.paid, heard.reserved, heard.carrierRefused],
      'payment',
      'PaymentRefunded',
      'ShipmentRefused',
    ],
  ])('%s', (_, messages, owes, first, lastEvent) => {
    const found = place(1_000, ...messages);
    expect(found).toMatchObject({ orderId, owes, lastEvent, since: placedAt, allowedMs: STEP_MS, overdue: false });
    expect(found?.expected[0]).toBe(first);
  });

  it('one place for as long as a step may take, and is overdue from then on', () => {
    expect(place(STEP_MS - 1, heard.placed)).toMatchObject({ overdue: false });
    expect(place(STEP_MS, heard.placed)).toMatchObject({ overdue: true });
  });

  it('itself, when its deadline has passed and it has not ended', () => {
    expect(place(60_000, heard.placed)).toMatchObject({ owes: 'payment' });
    expect(place(90_000, heard.placed)).toMatchObject({
      owes: 'order',
      expected: ['OrderCancelled'],
      since: later(60_000),
      overdue: true,
    });
  });

  it('the approval for as long as a person has to decide, and its deadline counts anew from the charge', () => {
    const awaiting = [heard.placed, heard.approvalRequired] as const;
    const expiresMs = Date.UTC(2026, 10, 21, 12) - placedAt.getTime();
    expect(place(expiresMs, ...awaiting)).toMatchObject({
      status: 'AWAITING_APPROVAL',
      owes: 'payment',
      overdue: false,
    });
    expect(place(expiresMs + STEP_MS, ...awaiting)).toMatchObject({ overdue: true });

    const paid: OrderEvent = { type: 'PaymentReceived', data: { paymentId: orderId, amount: 2_100 } };
    const approved = record(orderAfter(...awaiting), later(600_000), paid).pending;
    expect(standsAt(approved, later(600_000 + 60_000), STEP_MS)).toMatchObject({ owes: 'inventory' });
    expect(standsAt(approved, later(600_000 + 90_000), STEP_MS)).toMatchObject({ owes: 'order' });
  });
});

describe('An order that has ended', () => {
  it.each([
    ['confirmed', [heard.placed, heard.paid, heard.reserved, heard.shipped]],
    ['declined', [heard.placed, heard.declined]],
    ['cancelled before it was paid', [heard.placed, heard.cancelled]],
    ['given back', [heard.placed, heard.paid, heard.cancelled, heard.refunded('ORDER_CANCELLED')]],
    ['settled by hand', [heard.placed, heard.paid, heard.outOfStock, heard.refundRefused(1), heard.settledByHand]],
  ])('stands nowhere when it is %s', (_, messages) => {
    expect(place(3_600_000, ...messages)).toBeUndefined();
  });

  it('stands at payment while its money is not back', () => {
    expect(place(1_000, heard.placed, heard.paid, heard.cancelled)).toMatchObject({ ...MONEY_BACK, overdue: false });
    expect(place(STEP_MS, heard.placed, heard.cancelled, heard.paid)).toMatchObject({ ...MONEY_BACK, overdue: true });
  });

  it('is reported at once, with the cause, when it needs attention', () => {
    expect(place(0, heard.placed, heard.paid, heard.outOfStock, heard.refundRefused(1))).toMatchObject({
      ...MONEY_BACK,
      status: 'NEEDS_ATTENTION',
      cause: 'REFUND_FAILED: Refused 1 times.',
      allowedMs: 0,
      overdue: true,
    });
  });
});

describe('Whoever looks at an order on its way', () => {
  const awaiting = [heard.placed, heard.approvalRequired];
  it.each<[string, number, readonly Message[], readonly string[]]>([
    ['the payment', 1_000, [heard.placed], ['PaymentCompleted', 'PaymentFailed', 'PaymentApprovalRequired']],
    ['a decision on the payment', 1_000, awaiting, ['PaymentCompleted', 'PaymentFailed']],
    ['its stock', 1_000, [heard.placed, heard.paid], ['InventoryReserved', 'InventoryFailed']],
    ['its shipment', 1_000, [heard.placed, heard.reserved], ['ShipmentScheduled', 'ShipmentFailed']],
    ['its money', 1_000, [heard.placed, heard.outOfStock], ['PaymentRefunded', 'PaymentRefundFailed']],
    ['its end', 90_000, [heard.placed], ['OrderCancelled']],
  ])('sees each event that it may be waiting for: %s', (_, ms, story, expected) => {
    expect(place(ms, ...story)?.expected).toEqual(expected);
  });

  it('sees nothing when nothing was heard', () => {
    expect(standsAt([], placedAt, STEP_MS)).toBeUndefined();
  });

  it('sees no cause while it does not need attention', () => {
    expect(place(1_000, heard.placed)).not.toHaveProperty('cause');
    expect(place(1_000, heard.placed, heard.cancelled, heard.paid)).not.toHaveProperty('cause');
  });

  it('sees that order itself owes the end of one whose steps could not be undone', () => {
    const stuck = record(orderAfter(asked.placed, asked.charged), placedAt, {
      type: 'CompensationFailed',
      data: { step: 'reserve stock', detail: 'inventory gave no answer.' },
    });
    expect(standsAt(stuck.pending, placedAt, STEP_MS)).toMatchObject({
      owes: 'order',
      expected: ['OrderCancelled'],
      allowedMs: 0,
      overdue: true,
      cause: 'COMPENSATION_FAILED: inventory gave no answer.',
    });
  });

  it('has its deadline counted from its placement when it was paid without an approval', () => {
    const paid: OrderEvent = { type: 'PaymentReceived', data: { paymentId: orderId, amount: 2_100 } };
    const late = record(orderAfter(heard.placed), later(50_000), paid).pending;
    expect(standsAt(late, later(90_000), STEP_MS)).toMatchObject({ owes: 'order', since: later(60_000) });
  });

  it('has its deadline counted from its placement while nobody has paid after an approval', () => {
    const approved = record(orderAfter(...awaiting), later(1_000), {
      type: 'PaymentReceived',
      data: { paymentId: orderId, amount: 1 },
    });
    expect(standsAt(approved.pending, later(61_000 + STEP_MS), STEP_MS)).toMatchObject({ since: later(61_000) });
  });
});
