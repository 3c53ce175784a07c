import { describe, expect, it } from '@jest/globals';
import { OrderCancelled, OrderConfirmed, OrderCreated } from '@troupe/schemas';
import { isAtRest, isOver, record, replay } from '../src/domain/order.ts';
import { customerId, given, heard, orderId, when } from './story.ts';

const paidAndReserved = [heard.placed, heard.paid, heard.reserved];
const cancelledEvent = (reason: string, detail: string) =>
  OrderCancelled({
    orderId,
    customerId,
    items: [{ sku: 'SKU-001', quantity: 2 }],
    reason: reason as 'CUSTOMER',
    detail,
  });

describe('An order that goes well', () => {
  it('is told to everybody when it is placed, and has a deadline', () => {
    const { standing, effects } = when(undefined, heard.placed);
    expect(standing).toMatchObject({ status: 'PENDING' });
    expect(effects).toEqual([
      OrderCreated({
        orderId,
        customerId,
        items: [{ sku: 'SKU-001', quantity: 2, unitPrice: 1_050 }],
        amount: 2_100,
        currency: 'USD',
        paymentToken: 'tok_ok',
      }),
      expect.objectContaining({ type: 'OrderDeadline', key: orderId, delayMs: 60_000 }),
    ]);
  });

  it('does not keep the means of payment in its stream', () => {
    expect(JSON.stringify(when(undefined, heard.placed).recorded)).not.toContain('tok_ok');
  });

  it('records payment and reservation, which change nothing for its customer', () => {
    const paid = when(given(heard.placed), heard.paid);
    expect(paid.recorded).toEqual([expect.objectContaining({ type: 'PaymentReceived' })]);
    expect(paid.order?.standingChanged).toBe(false);
    const reserved = when(paid.order, heard.reserved);
    expect(reserved.recorded).toEqual([{ type: 'StockReserved', data: {} }]);
    expect(reserved.says).toEqual([]);
  });

  it('is confirmed when its shipment is scheduled, and its deadline is taken back', () => {
    const { standing, effects, recorded } = when(given(...paidAndReserved), heard.shipped);
    expect(standing?.status).toBe('CONFIRMED');
    expect(recorded).toEqual([
      { type: 'OrderConfirmed', data: expect.objectContaining({ carrier: 'Sandbox Parcel', trackingNumber: 'T-1' }) },
    ]);
    expect(effects).toEqual([
      OrderConfirmed({
        orderId,
        customerId,
        items: [{ sku: 'SKU-001', quantity: 2 }],
        amount: 2_100,
        currency: 'USD',
      }),
      { kind: 'cancellation', type: 'OrderDeadline', key: orderId },
    ]);
  });

  it('is confirmed also when the shipment is heard of before the payment', () => {
    const confirmed = when(given(heard.placed), heard.shipped);
    expect(confirmed.standing?.status).toBe('CONFIRMED');
    expect(when(confirmed.order, heard.paid).decision.kind).toBe('ignored');
  });
});

describe('An order above the approval limit', () => {
  const approvalEnds = Date.UTC(2026, 10, 21, 12);
  const approvalAllows = approvalEnds - Date.UTC(2026, 10, 21, 9, 30);

  it('awaits the approval, whose time-out counts, and only behind that its deadline', () => {
    const awaiting = when(given(heard.placed), heard.approvalRequired);
    expect(awaiting.standing?.status).toBe('AWAITING_APPROVAL');
    expect(awaiting.effects).toEqual([
      expect.objectContaining({ type: 'OrderDeadline', delayMs: approvalAllows + 60_000 }),
    ]);
  });

  it('has its whole deadline also when it hears of the approval behind the time-out of that', () => {
    const heardAt = new Date(approvalEnds + 5_000);
    const awaiting = when(given(heard.placed), heard.approvalRequired, heardAt);
    expect(awaiting.effects).toEqual([expect.objectContaining({ type: 'OrderDeadline', delayMs: 60_000 })]);
    const end = new Date(approvalEnds + 65_000);
    expect(when(awaiting.order, heard.deadline, end).standing).toMatchObject({
      status: 'CANCELLED',
      reason: 'TIMEOUT',
    });
  });

  it('is cancelled when payment never says another word, approved or not', () => {
    const awaiting = given(heard.placed, heard.approvalRequired);
    const ended = when(awaiting, heard.deadline, new Date(approvalEnds + 60_000));
    expect(ended.standing).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(ended.says).toEqual(['OrderCancelled', 'cancel OrderDeadline']);
  });

  it('is not ended by a clock that goes off too early: it is set again', () => {
    const awaiting = given(heard.placed, heard.approvalRequired);
    const early = when(awaiting, heard.deadline, new Date(approvalEnds + 59_999));
    expect(early.standing?.status).toBe('AWAITING_APPROVAL');
    expect(early.recorded).toEqual([]);
    expect(early.effects).toEqual([expect.objectContaining({ type: 'OrderDeadline', delayMs: 1 })]);
  });

  it('is pending again when it is paid, with a new deadline', () => {
    const paid = when(given(heard.placed, heard.approvalRequired), heard.paid);
    expect(paid.standing?.status).toBe('PENDING');
    expect(paid.effects).toEqual([expect.objectContaining({ type: 'OrderDeadline', delayMs: 60_000 })]);
  });

  it('does not go back to waiting when the request for approval comes again', () => {
    const paid = given(heard.placed, heard.approvalRequired, heard.paid);
    expect(when(paid, heard.approvalRequired).decision.kind).toBe('ignored');
  });

  it.each([
    ['rejected', heard.rejected, 'APPROVAL_REJECTED'],
    ['not decided in time', heard.approvalTimedOut, 'APPROVAL_TIMEOUT'],
  ])('is cancelled when the payment is %s', (_, message, reason) => {
    const { standing } = when(given(heard.placed, heard.approvalRequired), message);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason });
  });
});

describe('An order that cannot be fulfilled', () => {
  it('is cancelled when the card is declined', () => {
    const { standing, effects } = when(given(heard.placed), heard.declined);
    expect(standing).toMatchObject({
      status: 'CANCELLED',
      reason: 'PAYMENT_DECLINED',
      detail: 'The card was declined.',
    });
    expect(effects).toContainEqual(cancelledEvent('PAYMENT_DECLINED', 'The card was declined.'));
  });

  it('ends when the provider did not take the charge at all, for a reason of its own', () => {
    const { standing, effects } = when(given(heard.placed), heard.chargeRefused);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_REFUSED', detail: 'It was not taken.' });
    expect(effects).toContainEqual(cancelledEvent('PAYMENT_REFUSED', 'It was not taken.'));
  });

  it.each([
    ['out of stock', heard.outOfStock, heard.refunded('OUT_OF_STOCK'), 'OUT_OF_STOCK', 'Of SKU-001 there is 1 left.'],
    [
      'refused by the carrier',
      heard.carrierRefused,
      heard.refunded('SHIPMENT_REFUSED'),
      'SHIPMENT_REFUSED',
      'Too heavy.',
    ],
  ])('ends only when the money is back: %s', (_, failure, refund, reason, detail) => {
    const failed = when(given(heard.placed, heard.paid), failure);
    expect(failed.standing?.status).toBe('PENDING');
    const ended = when(failed.order, refund);
    expect(ended.standing).toMatchObject({ status: 'CANCELLED', reason, detail });
    expect(ended.recorded.map(({ type }) => type)).toEqual(['MoneyReturned', 'OrderCancelled']);
    expect(ended.effects).toContainEqual(cancelledEvent(reason, detail));
  });

  it('ends with the reason of the refund when that is heard of before the failure', () => {
    const ended = when(given(heard.placed, heard.paid), heard.refunded('OUT_OF_STOCK'));
    expect(ended.standing).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });
    expect(when(ended.order, heard.outOfStock).decision.kind).toBe('ignored');
  });

  it('is cancelled at its deadline', () => {
    const { standing, says } = when(given(heard.placed, heard.paid), heard.deadline);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(says).toContain('OrderCancelled');
  });

  it('says at its deadline why it is late, if that is known', () => {
    const { standing } = when(given(heard.placed, heard.paid, heard.outOfStock), heard.deadline);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });
  });
});

describe('A customer who cancels', () => {
  it.each([
    ['before anything happened', [heard.placed]],
    ['while the approval is awaited', [heard.placed, heard.approvalRequired]],
    ['after it was paid', [heard.placed, heard.paid]],
    ['after the stock was reserved', paidAndReserved],
    ['while the money is on its way back', [heard.placed, heard.paid, heard.outOfStock]],
  ])('ends the order at once: %s', (_, story) => {
    const { standing, says } = when(given(...story), heard.cancelled);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(says).toEqual(['OrderCancelled', 'cancel OrderDeadline']);
  });

  it('is told that a confirmed order can no longer be cancelled', () => {
    const { decision } = when(given(...paidAndReserved, heard.shipped), heard.cancelled);
    expect(decision).toMatchObject({ kind: 'rejected', error: { status: 409, code: 'ORDER_CONFIRMED' } });
  });

  it('may cancel twice', () => {
    const { decision } = when(given(heard.placed, heard.cancelled), heard.cancelled);
    expect(decision.kind).toBe('ignored');
  });

  it.each([
    ['somebody else', given(heard.placed), heard.cancelledByStranger],
    ['nobody', undefined, heard.cancelled],
  ])('learns nothing of an order that belongs to %s', (_, order, message) => {
    const { decision } = when(order, message);
    expect(decision).toMatchObject({ kind: 'rejected', error: { status: 404, code: 'ORDER_NOT_FOUND' } });
  });

  it('is not sent the order all the same when the shipment was scheduled meanwhile', () => {
    const { decision } = when(given(...paidAndReserved, heard.cancelled), heard.shipped);
    expect(decision).toEqual({ kind: 'ignored', reason: 'it came too late: the order is CANCELLED' });
  });
});

describe('Money that is owed', () => {
  it('keeps the stream of a cancelled order open until it is back', () => {
    const owed = given(heard.placed, heard.cancelled, heard.paid);
    expect(owed && isOver(owed.state)).toBe(false);
    const back = when(owed, heard.refunded('ORDER_CANCELLED'));
    expect(back.standing).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(back.says).toEqual([]);
    expect(back.order && isOver(back.order.state)).toBe(true);
  });

  it('needs attention when the refund is refused, before the order has ended', () => {
    const refused = when(given(heard.placed, heard.paid, heard.outOfStock), heard.refundRefused(1));
    expect(refused.standing).toMatchObject({
      status: 'NEEDS_ATTENTION',
      reason: 'REFUND_FAILED',
      detail: 'Refused 1 times.',
    });
    expect(refused.says).toEqual(['cancel OrderDeadline']);
    const back = when(refused.order, heard.refunded('OUT_OF_STOCK'));
    expect(back.standing).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });
    expect(back.says).toContain('OrderCancelled');
  });

  it('needs attention also after the order was cancelled, which keeps its first reason and is told once', () => {
    const cancelled = given(heard.placed, heard.paid, heard.cancelled, heard.refundRefused(1));
    const again = when(cancelled, heard.refundRefused(2));
    expect(again.standing).toMatchObject({ status: 'NEEDS_ATTENTION', detail: 'Refused 2 times.' });
    const back = when(again.order, heard.refunded('ORDER_CANCELLED'));
    expect(back.standing).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(back.says).toEqual([]);
  });

  it('is back also when a person settled it by hand, and the stream says so', () => {
    const owed = given(heard.placed, heard.paid, heard.outOfStock, heard.refundRefused(6));
    const { says, recorded, standing } = when(owed, heard.settledByHand);
    expect(says).toEqual(['OrderCancelled', 'cancel OrderDeadline']);
    expect(recorded[0]).toMatchObject({ type: 'MoneyReturned', data: { byHand: true } });
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });
  });

  it('is not owed again when an old refusal comes once more', () => {
    const back = given(
      heard.placed,
      heard.paid,
      heard.cancelled,
      heard.refundRefused(1),
      heard.refunded('ORDER_CANCELLED'),
    );
    expect(when(back, heard.refundRefused(1)).decision.kind).toBe('ignored');
    expect(back?.state.standing.status).toBe('CANCELLED');
  });

  it('cannot be cancelled away while it is owed', () => {
    const owed = given(heard.placed, heard.paid, heard.outOfStock, heard.refundRefused(1));
    expect(when(owed, heard.cancelled).decision.kind).toBe('ignored');
    expect(when(owed, heard.deadline).decision.kind).toBe('ignored');
  });
});

describe('The stream of an order', () => {
  it('is all that its state is made of', () => {
    const order = given(...paidAndReserved, heard.shipped);
    const stored = JSON.parse(JSON.stringify(order?.pending)) as { version: number; at: string; event: never }[];
    const replayed = replay(stored.map((recorded) => ({ ...recorded, at: new Date(recorded.at) })));
    expect(replayed).toEqual({ state: order?.state, version: 4, pending: [], standingChanged: false });
  });

  it('counts its versions from 1 without gaps', () => {
    const order = given(heard.placed, heard.paid, heard.outOfStock, heard.refunded('OUT_OF_STOCK'));
    expect(order?.pending.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses an event that this version of the service does not know', () => {
    const order = given(heard.placed);
    const unknown = { version: 2, at: new Date(), event: { type: 'OrderGiftWrapped', data: {} } as never };
    const replaying = () => replay([...(order?.pending ?? []), unknown]);
    expect(replaying).toThrow(/OrderGiftWrapped.*update it/);
    expect(replaying).toThrow(expect.objectContaining({ code: 'ORDER_EVENT_UNKNOWN' }));
  });

  it('is broken without its beginning, and says what to restore', () => {
    const [, ...others] = given(heard.placed, heard.paid)?.pending ?? [];
    const replaying = () => replay(others);
    expect(replaying).toThrow(expect.objectContaining({ code: 'ORDER_STREAM_BROKEN' }));
    expect(replaying).toThrow(/starts with PaymentReceived: restore OrderPlaced/);
  });

  it('takes several events at once, in their order', () => {
    const at = new Date('2026-11-21T10:00:00.000Z');
    const order = given(heard.placed);
    const paid = { type: 'PaymentReceived', data: { paymentId: 'p', amount: 1 } } as const;
    const both = record(order, at, paid, { type: 'StockReserved', data: {} });
    expect(both.state).toMatchObject({ money: 'TAKEN', stockReserved: true });
    expect(both.version).toBe(3);
    expect(both.pending.slice(1).map(({ version, event }) => [version, event.type])).toEqual([
      [2, 'PaymentReceived'],
      [3, 'StockReserved'],
    ]);
  });

  it('is not begun by a fact about an order that was never placed', () => {
    expect(() => when(undefined, heard.paid)).toThrow(/never placed here/);
  });

  it('comes to a decision on whatever is heard, in every state', () => {
    const messages = Object.values(heard).map((message) => (typeof message === 'function' ? undefined : message));
    const facts = [
      ...messages.flatMap((message) => message ?? []),
      heard.refunded('OUT_OF_STOCK'),
      heard.refundRefused(1),
    ];
    for (const first of facts) {
      for (const second of facts) {
        const order = given(heard.placed, first, second);
        for (const third of facts) expect(when(order, third).decision.kind).toMatch(/^(decided|ignored|rejected)$/);
      }
    }
  });
});

describe('What its customer sees of an order is written anew', () => {
  it('when it is placed, and whenever that changes', () => {
    expect(when(undefined, heard.placed).order?.standingChanged).toBe(true);
    expect(when(given(heard.placed), heard.cancelled).order?.standingChanged).toBe(true);
    expect(when(given(heard.placed), heard.approvalRequired).order?.standingChanged).toBe(true);
  });

  it('also when only whether it is over changes', () => {
    const owed = when(given(heard.placed, heard.cancelled), heard.paid);
    expect(owed.order?.standingChanged).toBe(true);
    expect(when(owed.order, heard.refunded('ORDER_CANCELLED')).order?.standingChanged).toBe(true);
  });

  it('also when the change and something else share a batch', () => {
    const cancelled = given(heard.placed, heard.cancelled);
    const before = cancelled && { ...cancelled, pending: [], standingChanged: true };
    const at = new Date('2026-11-21T10:00:00.000Z');
    expect(record(before, at, { type: 'StockReserved', data: {} }).standingChanged).toBe(true);
  });
});

describe('Whoever waits for an order', () => {
  it.each([
    ['CONFIRMED', true],
    ['CANCELLED', true],
    ['NEEDS_ATTENTION', true],
    ['PENDING', false],
    ['AWAITING_APPROVAL', false],
  ] as const)('has nothing more to wait for when it is %s: %p', (status, rests) => {
    expect(isAtRest(status)).toBe(rests);
  });
});
