import { describe, expect, it } from '@jest/globals';
import { after, cancel } from '@troupe/chassis';
import { like } from '@troupe/chassis/testing';
import { OrderCancelled, type OrderCancelledData, OrderConfirmed, OrderCreated } from '@troupe/schemas';
import { isAtRest, isOver, record, replay, type Standing } from '../src/domain/order.ts';
import { OrderDeadline } from '../src/domain/rules.ts';
import { customerId, given, heard, type Message, orderAfter, orderId } from './story.ts';

const items = [{ sku: 'SKU-001', quantity: 2 }];
const placed = given(heard.placed);
const paid = given(heard.placed, heard.paid);
const paidAndReserved = [heard.placed, heard.paid, heard.reserved];
const cancelledEvent = (reason: OrderCancelledData['reason'], detail: string) =>
  OrderCancelled({ orderId, customerId, items, reason, detail });
const cancelledNow = { emits: [OrderCancelled], cancels: [OrderDeadline] };

describe('An order that goes well', () => {
  it('is told to everybody when it is placed, and has a deadline', () => {
    const priced = { orderId, customerId, items: [{ sku: 'SKU-001', quantity: 2, unitPrice: 1_050 }] };
    given()
      .when(heard.placed)
      .then({
        standing: like({ status: 'PENDING' }),
        emits: [OrderCreated({ ...priced, amount: 2_100, currency: 'USD', paymentToken: 'tok_ok' })],
        starts: [after(60_000, OrderDeadline({ orderId }))],
      });
  });

  it('does not keep the means of payment in its stream', () => {
    expect(JSON.stringify(placed.facts.recorded)).not.toContain('tok_ok');
  });

  it('records payment and reservation, which change nothing for its customer', () => {
    placed
      .when(heard.paid)
      .then({ recorded: like([{ type: 'PaymentReceived' }]), standingChanged: false })
      .when(heard.reserved)
      .then({ recorded: [{ type: 'StockReserved', data: {} }] });
  });

  it('is confirmed when its shipment is scheduled, and its deadline is taken back', () => {
    given(...paidAndReserved)
      .when(heard.shipped)
      .then({
        standing: like({ status: 'CONFIRMED' }),
        recorded: like([{ type: 'OrderConfirmed', data: { carrier: 'Sandbox Parcel', trackingNumber: 'T-1' } }]),
        emits: [OrderConfirmed({ orderId, customerId, items, amount: 2_100, currency: 'USD' })],
        cancels: [cancel(OrderDeadline, orderId)],
      });
  });

  it('is confirmed also when the shipment is heard of before the payment', () => {
    placed
      .when(heard.shipped)
      .then({ standing: like({ status: 'CONFIRMED' }), emits: [OrderConfirmed], cancels: [OrderDeadline] })
      .when(heard.paid)
      .thenIgnored();
  });
});

describe('An order above the approval limit', () => {
  const approvalEnds = Date.UTC(2026, 10, 21, 12);
  const approvalAllows = approvalEnds - Date.UTC(2026, 10, 21, 9, 30);
  const awaiting = given(heard.placed, heard.approvalRequired);
  const deadline = (delayMs: number) => [after(delayMs, OrderDeadline({ orderId }))];
  const timedOut = like<Standing>({ status: 'CANCELLED', reason: 'TIMEOUT' });

  it('awaits the approval, whose time-out counts, and only behind that its deadline', () => {
    placed
      .when(heard.approvalRequired)
      .then({ standing: like({ status: 'AWAITING_APPROVAL' }), starts: deadline(approvalAllows + 60_000) });
  });

  it('has its whole deadline also when it hears of the approval behind the time-out of that', () => {
    placed
      .when(heard.approvalRequired, { now: new Date(approvalEnds + 5_000) })
      .then({ starts: deadline(60_000) })
      .when(heard.deadline, { now: new Date(approvalEnds + 65_000) })
      .then({ ...cancelledNow, standing: timedOut });
  });

  it('is cancelled when payment never says another word, approved or not', () => {
    awaiting
      .when(heard.deadline, { now: new Date(approvalEnds + 60_000) })
      .then({ ...cancelledNow, standing: timedOut });
  });

  it('is not ended by a clock that goes off too early: it is set again', () => {
    awaiting
      .when(heard.deadline, { now: new Date(approvalEnds + 59_999) })
      .then({ standing: like({ status: 'AWAITING_APPROVAL' }), recorded: [], starts: deadline(1) });
  });

  it('is pending again when it is paid, with a new deadline', () => {
    awaiting.when(heard.paid).then({ standing: like({ status: 'PENDING' }), starts: deadline(60_000) });
  });

  it('does not go back to waiting when the request for approval comes again', () => {
    awaiting.after(heard.paid).when(heard.approvalRequired).thenIgnored();
  });

  it.each([
    ['rejected', heard.rejected, 'APPROVAL_REJECTED'],
    ['not decided in time', heard.approvalTimedOut, 'APPROVAL_TIMEOUT'],
  ] as const)('is cancelled when the payment is %s', (_, message, reason) => {
    awaiting.when(message).then({ ...cancelledNow, standing: like({ status: 'CANCELLED', reason }) });
  });
});

describe('An order that cannot be fulfilled', () => {
  it.each([
    ['the card is declined', heard.declined, 'PAYMENT_DECLINED', 'The card was declined.'],
    ['the provider did not take the charge at all', heard.chargeRefused, 'PAYMENT_REFUSED', 'It was not taken.'],
  ] as const)('ends when %s, with that reason', (_, failure, reason, detail) => {
    placed.when(failure).then({
      standing: like({ status: 'CANCELLED', reason, detail }),
      emits: [cancelledEvent(reason, detail)],
      cancels: [OrderDeadline],
    });
  });

  it.each([
    ['OUT_OF_STOCK', heard.outOfStock, 'Of SKU-001 there is 1 left.'],
    ['SHIPMENT_REFUSED', heard.carrierRefused, 'Too heavy.'],
  ] as const)('ends only when the money is back: %s', (reason, failure, detail) => {
    paid
      .when(failure)
      .then({ standing: like({ status: 'PENDING' }) })
      .when(heard.refunded(reason))
      .then({
        standing: like({ status: 'CANCELLED', reason, detail }),
        recorded: like([{ type: 'MoneyReturned' }, { type: 'OrderCancelled' }]),
        emits: [cancelledEvent(reason, detail)],
        cancels: [OrderDeadline],
      });
  });

  it('ends with the reason of the refund when that is heard of before the failure', () => {
    paid
      .when(heard.refunded('OUT_OF_STOCK'))
      .then({ ...cancelledNow, standing: like({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' }) })
      .when(heard.outOfStock)
      .thenIgnored();
  });

  it('is cancelled at its deadline', () => {
    paid.when(heard.deadline).then({ ...cancelledNow, standing: like({ status: 'CANCELLED', reason: 'TIMEOUT' }) });
  });

  it('says at its deadline why it is late, if that is known', () => {
    paid
      .after(heard.outOfStock)
      .when(heard.deadline)
      .then({ ...cancelledNow, standing: like({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' }) });
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
    given(...story)
      .when(heard.cancelled)
      .then({ ...cancelledNow, standing: like({ status: 'CANCELLED', reason: 'CUSTOMER' }) });
  });

  it('is told that a confirmed order can no longer be cancelled', () => {
    given(...paidAndReserved, heard.shipped)
      .when(heard.cancelled)
      .thenRejected('ORDER_CONFIRMED', { status: 409 });
  });

  it('may cancel twice', () => {
    placed.after(heard.cancelled).when(heard.cancelled).thenIgnored();
  });

  it.each([
    ['somebody else', placed, heard.cancelledByStranger],
    ['nobody', given(), heard.cancelled],
  ])('learns nothing of an order that belongs to %s', (_, order, message) => {
    order.when(message).thenRejected('ORDER_NOT_FOUND', { status: 404 });
  });

  it('is not sent the order all the same when the shipment was scheduled meanwhile', () => {
    given(...paidAndReserved, heard.cancelled)
      .when(heard.shipped)
      .thenIgnored('it came too late: the order is CANCELLED');
  });
});

describe('Money that is owed', () => {
  const outOfStock = like<Standing>({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });

  it('keeps the stream of a cancelled order open until it is back', () => {
    const owed = given(heard.placed, heard.cancelled, heard.paid);
    expect(owed.state && isOver(owed.state.state)).toBe(false);
    const back = owed
      .when(heard.refunded('ORDER_CANCELLED'))
      .then({ standing: like({ status: 'CANCELLED', reason: 'CUSTOMER' }) });
    expect(back.state && isOver(back.state.state)).toBe(true);
  });

  it('needs attention when the refund is refused, before the order has ended', () => {
    paid
      .after(heard.outOfStock)
      .when(heard.refundRefused(1))
      .then({
        standing: like({ status: 'NEEDS_ATTENTION', reason: 'REFUND_FAILED', detail: 'Refused 1 times.' }),
        cancels: [OrderDeadline],
      })
      .when(heard.refunded('OUT_OF_STOCK'))
      .then({ ...cancelledNow, standing: outOfStock });
  });

  it('needs attention also after the order was cancelled, which keeps its first reason and is told once', () => {
    given(heard.placed, heard.paid, heard.cancelled, heard.refundRefused(1))
      .when(heard.refundRefused(2))
      .then({ standing: like({ status: 'NEEDS_ATTENTION', detail: 'Refused 2 times.' }) })
      .when(heard.refunded('ORDER_CANCELLED'))
      .then({ standing: like({ status: 'CANCELLED', reason: 'CUSTOMER' }) });
  });

  it('is back also when a person settled it by hand, and the stream says so', () => {
    given(heard.placed, heard.paid, heard.outOfStock, heard.refundRefused(6))
      .when(heard.settledByHand)
      .then({
        ...cancelledNow,
        standing: outOfStock,
        recorded: like([{ type: 'MoneyReturned', data: { byHand: true } }, { type: 'OrderCancelled' }]),
      });
  });

  it('is not owed again when an old refusal comes once more', () => {
    given(heard.placed, heard.paid, heard.cancelled, heard.refundRefused(1), heard.refunded('ORDER_CANCELLED'))
      .when(heard.refundRefused(1))
      .thenIgnored()
      .has({ standing: like({ status: 'CANCELLED' }) });
  });

  it('cannot be cancelled away while it is owed', () => {
    const owed = given(heard.placed, heard.paid, heard.outOfStock, heard.refundRefused(1));
    owed.when(heard.cancelled).thenIgnored();
    owed.when(heard.deadline).thenIgnored();
  });
});

describe('The stream of an order', () => {
  it('is all that its state is made of', () => {
    const order = orderAfter(...paidAndReserved, heard.shipped);
    const stored = JSON.parse(JSON.stringify(order?.pending)) as { version: number; at: string; event: never }[];
    const replayed = replay(stored.map((recorded) => ({ ...recorded, at: new Date(recorded.at) })));
    expect(replayed).toEqual({ state: order?.state, version: 4, pending: [], standingChanged: false });
  });

  it('counts its versions from 1 without gaps', () => {
    const order = orderAfter(heard.placed, heard.paid, heard.outOfStock, heard.refunded('OUT_OF_STOCK'));
    expect(order?.pending.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses an event that this version of the service does not know', () => {
    const order = orderAfter(heard.placed);
    const unknown = { version: 2, at: new Date(), event: { type: 'OrderGiftWrapped', data: {} } as never };
    const replaying = () => replay([...(order?.pending ?? []), unknown]);
    expect(replaying).toThrow(/OrderGiftWrapped.*update it/);
    expect(replaying).toThrow(expect.objectContaining({ code: 'ORDER_EVENT_UNKNOWN' }));
  });

  it('is broken without its beginning, and says what to restore', () => {
    const [, ...others] = orderAfter(heard.placed, heard.paid)?.pending ?? [];
    const replaying = () => replay(others);
    expect(replaying).toThrow(expect.objectContaining({ code: 'ORDER_STREAM_BROKEN' }));
    expect(replaying).toThrow(/starts with PaymentReceived: restore OrderPlaced/);
  });

  it('takes several events at once, in their order', () => {
    const at = new Date('2026-11-21T10:00:00.000Z');
    const order = orderAfter(heard.placed);
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
    given()
      .when(heard.paid)
      .thenFails('ORDER_UNKNOWN', /never placed here/);
  });

  it('comes to a decision on whatever is heard, in every state', () => {
    const messages = Object.values(heard).flatMap((message) => (typeof message === 'function' ? [] : [message]));
    const facts: readonly Message[] = [...messages, heard.refunded('OUT_OF_STOCK'), heard.refundRefused(1)];
    for (const first of facts) {
      for (const second of facts) {
        const order = given(heard.placed).when(first).next.when(second).next;
        for (const third of facts) expect(order.when(third).decision.kind).toMatch(/^(decided|ignored|rejected)$/);
      }
    }
  });
});

describe('What its customer sees of an order is written anew', () => {
  it('when it is placed, and whenever that changes', () => {
    placed.has({ standingChanged: true });
    placed.when(heard.cancelled).then({ ...cancelledNow, standingChanged: true });
    placed.when(heard.approvalRequired).then({ starts: [OrderDeadline], standingChanged: true });
  });

  it('also when only whether it is over changes', () => {
    placed
      .after(heard.cancelled)
      .when(heard.paid)
      .then({ standingChanged: true })
      .when(heard.refunded('ORDER_CANCELLED'))
      .then({ standingChanged: true });
  });

  it('also when the change and something else share a batch', () => {
    const cancelled = orderAfter(heard.placed, heard.cancelled);
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
