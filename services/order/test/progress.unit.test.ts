import { describe, expect, it } from '@jest/globals';
import { type Effect, type StepAnswer, turningBack, waking } from '@troupe/chassis';
import { OrderCancelled } from '@troupe/schemas';
import { fulfilment, orderSagas } from '../src/domain/fulfilment.ts';
import type { Order } from '../src/domain/order.ts';
import {
  announce,
  awaitsApproval,
  complete,
  end,
  moneyReturned,
  notUndone,
  paid,
  reasonOf,
  refundRefused,
  releaseReasonOf,
  reservationFailed,
  shipmentRefused,
} from '../src/domain/progress.ts';
import { OrderDeadline } from '../src/domain/rules.ts';
import { orderReactions } from '../src/reactions.ts';
import { asked } from './orchestrated-story.ts';
import { given, heard, type Message, orderAfter, orderId } from './story.ts';

const now = new Date('2026-11-21T10:00:00.000Z');
const order = (...story: readonly Message[]): Order => orderAfter(asked.placed, ...story) as Order;
const added = (to: Order, by: { readonly state: Order }) =>
  by.state.pending.slice(to.pending.length).map(({ event }) => event);
const namesOf = (effects: readonly Effect[]) => effects.map(({ type }) => type);

describe('What a step came to is told to the order', () => {
  it('announced: to everybody, with what was ordered, and with a deadline of its own', () => {
    const items = [{ sku: 'SKU-001', quantity: 2, unitPrice: 1_050 }];
    const context = { orderId, customerId: 'ada', items, amount: 2_100, currency: 'USD', paymentToken: 'tok_ok' };
    expect(announce(order(), { context }).effects).toEqual([
      { type: 'OrderCreated', data: { ...context, orchestrated: true } },
      expect.objectContaining({ type: 'OrderDeadline', key: orderId, data: { orderId }, delayMs: 60_000 }),
    ]);
  });

  it('paid: which payment, and how much; only after an approval does its deadline begin anew', () => {
    const charged = paid(order(), { paymentId: 'p-1', amount: 7 }, now);
    expect(added(order(), charged)).toEqual([{ type: 'PaymentReceived', data: { paymentId: 'p-1', amount: 7 } }]);
    expect(charged.effects).toEqual([]);
    const approved = paid(order(asked.awaitsApproval), { paymentId: 'p-1', amount: 7 }, now);
    expect(approved.effects).toEqual([
      expect.objectContaining({ type: 'OrderDeadline', data: { orderId }, delayMs: 60_000 }),
    ]);
  });

  it.each<[string, Order, Partial<Extract<StepAnswer, { kind: 'waiting' }>>]>([
    ['is only busy', order(), { code: 'UNDER_WAY' }],
    ['names no moment', order(), { until: null }],
    ['has said so before', order(asked.awaitsApproval), {}],
  ])('waiting: nothing, when payment %s', (_, before, answer) => {
    const until = '2026-11-21T12:00:00.000Z';
    const waiting = { kind: 'waiting', code: 'APPROVAL', detail: 'A person decides.', until, ...answer } as const;
    expect(awaitsApproval(before, waiting, now)).toEqual({ kind: 'decided', state: before, effects: [] });
  });

  it('refused: why, in the words of the participant', () => {
    const detail = 'Of SKU-001 there is 1 left.';
    const failed = reservationFailed(order(), { kind: 'refused', code: 'OUT_OF_STOCK', detail }, now);
    expect(added(order(), failed)).toEqual([{ type: 'ReservationFailed', data: { reason: 'OUT_OF_STOCK', detail } }]);
    const refused = shipmentRefused(order(), { kind: 'refused', code: 'SHIPMENT_REFUSED', detail }, now);
    expect(added(order(), refused)).toEqual([
      { type: 'ShipmentRefused', data: { reason: 'SHIPMENT_REFUSED', detail } },
    ]);
  });

  it.each<[string, Extract<StepAnswer, { kind: 'refused' | 'unanswered' }>]>([
    ['nobody answered', { kind: 'unanswered', detail: 'Nobody.' }],
    ['it was refused for a reason of another kind', { kind: 'refused', code: 'ORDER_NOT_ORCHESTRATED', detail: 'No.' }],
  ])('refused: nothing, when %s', (_, answer) => {
    expect(reservationFailed(order(), answer, now).state).toEqual(order());
  });

  it('not undone: that a person has to see to it, of which step, and how often; nothing that is known already', () => {
    const refusal = { kind: 'refused', code: 'NO', detail: 'The account is closed.' } as const;
    const first = refundRefused(order(), refusal, now);
    const data = { attempts: 1, detail: refusal.detail, nextAttemptAt: null };
    expect(added(order(), first)).toEqual([{ type: 'RefundFailed', data }]);
    expect(first.state.state.standing).toMatchObject({ since: now, detail: refusal.detail });
    expect(namesOf(first.effects)).toEqual(['OrderDeadline']);
    expect(refundRefused(first.state, refusal, now)).toEqual({ kind: 'decided', state: first.state, effects: [] });
    const other = refundRefused(first.state, { ...refusal, detail: 'The bank is gone.' }, now);
    expect(added(first.state, other)).toMatchObject([{ data: { attempts: 2, detail: 'The bank is gone.' } }]);

    const stuck = notUndone('reserve stock')(order(), { kind: 'unanswered', detail: 'Nobody.' }, now);
    expect(added(order(), stuck)).toEqual([
      { type: 'CompensationFailed', data: { step: 'reserve stock', detail: 'Nobody.' } },
    ]);
    expect(stuck.state.state.standing).toMatchObject({ reason: 'COMPENSATION_FAILED', detail: 'Nobody.', since: now });
  });

  it('not undone: also when its words are those that the order was cancelled with', () => {
    const refusal = { kind: 'unanswered', detail: 'You cancelled the order.' } as const;
    const cancelled = order(heard.cancelled);
    expect(added(cancelled, notUndone('reserve stock')(cancelled, refusal, now))).toHaveLength(1);
  });

  it('given back: how much, and that a person did it, if one did; nothing when nothing had been taken', () => {
    const returned = (byHand: boolean) => moneyReturned(order(), { paymentId: 'p-1', amount: 7, byHand }, now);
    const data = { paymentId: 'p-1', amount: 7 };
    expect(added(order(), returned(false))).toEqual([{ type: 'MoneyReturned', data }]);
    expect(added(order(), returned(true))).toEqual([{ type: 'MoneyReturned', data: { ...data, byHand: true } }]);
    expect(moneyReturned(order(), { amount: 0, byHand: false }, now).state).toEqual(order());
  });

  it('complete: confirmed at that moment; an order that has ended meanwhile stays as it is', () => {
    const shipment = { shipmentId: 's-1', carrier: 'Sandbox Parcel', trackingNumber: 'T-1' };
    const context = { ...shipment, orderId, customerId: 'ada', items: [], amount: 2_100, currency: 'USD' };
    const done = complete(order(), { context, now });
    expect(done.state.pending.at(-1)).toMatchObject({ at: now, event: { type: 'OrderConfirmed', data: shipment } });
    const cancelled = order(heard.cancelled);
    expect(complete(cancelled, { context, now })).toEqual({ kind: 'decided', state: cancelled, effects: [] });
  });
});

describe('An order whose saga is undone ends', () => {
  it.each([
    ...[
      'CUSTOMER',
      'PAYMENT_DECLINED',
      'APPROVAL_REJECTED',
      'APPROVAL_TIMEOUT',
      'OUT_OF_STOCK',
      'SHIPMENT_REFUSED',
      'TIMEOUT',
    ].map((code) => [code, code, 'So it is.']),
    ['UNANSWERED', 'TIMEOUT', 'A part of the system did not answer in time.'],
    ['OPERATOR', 'UNKNOWN', 'So it is.'],
  ])('because of %s for %s', (code, reason, detail) => {
    const ended = end(order(), { cause: { code, detail: 'So it is.' }, now });
    expect(added(order(), ended)).toEqual([{ type: 'OrderCancelled', data: { reason, detail } }]);
  });

  it('for no reason that is known, when none is', () => {
    const data = { reason: 'UNKNOWN', detail: 'The order was cancelled.' };
    expect(added(order(), end(order(), { cause: undefined, now }))).toEqual([{ type: 'OrderCancelled', data }]);
  });

  it('once', () => {
    const cancelled = order(heard.cancelled);
    expect(end(cancelled, { cause: undefined, now })).toEqual({ kind: 'decided', state: cancelled, effects: [] });
  });
});

describe('Participants are told why they are to undo', () => {
  it.each([
    ['OUT_OF_STOCK', 'OUT_OF_STOCK', 'ORDER_CANCELLED'],
    ['SHIPMENT_REFUSED', 'SHIPMENT_REFUSED', 'SHIPMENT_REFUSED'],
    ['CUSTOMER', 'ORDER_CANCELLED', 'ORDER_CANCELLED'],
    [undefined, 'ORDER_CANCELLED', 'ORDER_CANCELLED'],
  ])('because of %s: payment hears %s, inventory %s', (code, refund, release) => {
    expect([reasonOf(code), releaseReasonOf(code)]).toEqual([refund, release]);
  });

  it('and shipping by which round, when it is not known whether anything was booked', () => {
    const turned = given(asked.placed, asked.charged, asked.reserved).when(heard.cancelled);
    const data = { orderId, round: 0, settlement: undefined };
    expect(turned.effects).toContainEqual(expect.objectContaining({ type: 'CancelShipment', data }));
  });
});

describe('The saga of an order', () => {
  it('has a name and a version, under which its log is found again', () => {
    expect([fulfilment.name, fulfilment.version]).toEqual(['fulfil-order', 1]);
  });

  it('gives every ask its bounds, and what undoes more of them than what does', () => {
    for (const { action, compensation } of fulfilment.steps) {
      if (!('limits' in action)) continue;
      expect(action.limits).toEqual({ timeoutMs: 5_000, attempts: 8, withinMs: 30_000 });
      if (compensation === undefined || !('limits' in compensation)) throw new Error('An ask is undone by an ask.');
      expect(compensation.limits).toEqual({ timeoutMs: 5_000, attempts: 12, withinMs: 60_000 });
    }
  });

  it('is stored with the order whenever it has changed', () => {
    expect(order().sagaChanged).toBe(true);
  });

  it('is the mark of an order that has an orchestrator, in its stream as well', () => {
    expect(order().pending[0]?.event).toMatchObject({ type: 'OrderPlaced', data: { orchestrated: true } });
    expect(orderAfter(heard.placed)?.pending[0]?.event.data).not.toHaveProperty('orchestrated');
  });
});

describe('The rows of order', () => {
  const names = (of: readonly { readonly messageName: string }[] = []) => of.map(({ messageName }) => messageName);

  it.each([
    ...['PaymentCompleted', 'InventoryFailed', 'ShipmentScheduled'].map((type) => [type, waking(orderSagas)] as const),
    ...['CancelOrder', 'OrderDeadline'].map((type) => [type, turningBack(orderSagas)] as const),
  ])('that both styles hear list what an orchestrator says then as well, each once: %s', (type, says) => {
    const row = orderReactions.find(type);
    for (const list of ['emits', 'starts'] as const) {
      expect(names(row?.[list])).toEqual(expect.arrayContaining(names(says[list])));
      expect(new Set(names(row?.[list])).size).toBe(names(row?.[list]).length);
    }
  });

  it('say what they do in each style, apart from each other', () => {
    const { byStyle } = orderReactions.find('PaymentApprovalRequired') ?? {};
    expect(names(byStyle?.choreographed?.starts)).toEqual(['OrderDeadline']);
    expect(names(byStyle?.orchestrated?.starts)).toContain('ChargePayment');
    expect([byStyle?.choreographed?.emits, byStyle?.orchestrated?.emits]).toEqual([[], []]);
    expect(byStyle?.choreographed).not.toHaveProperty('react');
  });

  it('that end an order leave its saga alone when it has turned back, or is not ended by them', () => {
    given(asked.placed, asked.charged, asked.outOfStock)
      .when(heard.cancelled)
      .then({ emits: [OrderCancelled], cancels: [OrderDeadline] });
    given(asked.placed).when(heard.cancelledByStranger).thenRejected('ORDER_NOT_FOUND');
  });
});
