import { describe, expect, it } from '@jest/globals';
import { type Effect, SagaClock } from '@troupe/chassis';
import { like, withData } from '@troupe/chassis/testing';
import { OrderCancelled, OrderConfirmed, OrderCreated } from '@troupe/schemas';
import type { Standing } from '../src/domain/order.ts';
import { OrderDeadline } from '../src/domain/rules.ts';
import { sagaBeginning } from '../src/orchestrated/orchestrating.ts';
import {
  ChargePayment,
  RefundPayment,
  ReleaseStock,
  ReserveStock,
  ScheduleShipment,
} from '../src/orchestrated/participants.ts';
import { orderReactions } from '../src/reactions.ts';
import { approvalUntil, asked } from './orchestrated-story.ts';
import { given, heard, type Message, orderAfter, orderId } from './story.ts';

const paid = [asked.placed, asked.charged];
const reserved = [...paid, asked.reserved];
const confirmed = [...reserved, asked.scheduled];
const streamOf = (...messages: readonly Message[]) => orderAfter(...messages)?.pending.map(({ event }) => event.type);
const sagaOf = (...messages: readonly Message[]) => orderAfter(...messages)?.saga;

/** All that payment is told with the request for a refund. */
const refundAsked = ({ effects }: { readonly effects: readonly Effect[] }) =>
  effects.flatMap((effect) => ('data' in effect && effect.type === 'RefundPayment' ? [effect.data] : []))[0];

const cancelledBecause = (reason: string) => like<Standing>({ status: 'CANCELLED', reason: reason as 'CUSTOMER' });
const needsAttention = like<Standing>({ status: 'NEEDS_ATTENTION' });

describe('The table of order', () => {
  // Found by the simulation: in a later round any compensation may be the last one.
  it.each(['RefundPayment', 'ReleaseStock', 'CancelShipment'])('may end an order by the answer to %s', (call) => {
    expect(orderReactions.find(call)?.emits).toContain(OrderCancelled);
  });

  it('lists all that the beginning of a saga may say in the row that begins it', () => {
    const row = orderReactions.find('PlaceOrchestrated');
    expect(row?.emits).toEqual(sagaBeginning.emits);
    expect(row?.starts).toEqual([...sagaBeginning.starts, OrderDeadline]);
  });
});

describe('An order with an orchestrator that goes well', () => {
  it('is told to everybody, marked as one that they are asked for, and its payment is asked for', () => {
    given()
      .when(asked.placed)
      .then({
        standing: like({ status: 'PENDING' }),
        emits: [withData(OrderCreated, { orderId, orchestrated: true })],
        starts: [OrderDeadline, ChargePayment, SagaClock],
      });
  });

  it('asks payment, inventory and shipping one after the other, and confirms', () => {
    given(asked.placed)
      .when(asked.charged)
      .then({ starts: [ReserveStock, SagaClock] })
      .when(asked.reserved)
      .then({ starts: [ScheduleShipment, SagaClock] })
      .when(asked.scheduled)
      .then({
        standing: like({ status: 'CONFIRMED' }),
        saga: like({ status: 'COMPLETED' }),
        emits: [OrderConfirmed],
        cancels: [OrderDeadline, SagaClock],
      });
  });

  it('has the same stream as one without', () => {
    expect(streamOf(...confirmed)).toEqual(streamOf(heard.placed, heard.paid, heard.reserved, heard.shipped));
  });

  it('keeps the means of payment until it is charged, and no longer', () => {
    expect(sagaOf(asked.placed)?.context).toMatchObject({ paymentToken: 'tok_ok' });
    expect(JSON.stringify(sagaOf(...paid))).not.toContain('tok_ok');
    expect(JSON.stringify(sagaOf(asked.placed, asked.declined))).not.toContain('tok_ok');
    expect(JSON.stringify(orderAfter(asked.placed)?.pending)).not.toContain('tok_ok');
  });

  it('is run by one style only: what the others say of it starts nothing', () => {
    for (const fact of [heard.paid, heard.reserved, heard.shipped, heard.outOfStock, heard.declined])
      given(asked.placed).when(fact).thenIgnored();
    given(asked.placed).when(heard.refunded('OUT_OF_STOCK')).thenIgnored();
  });

  it('that has none is not touched by the answers to an orchestrator', () => {
    given(heard.placed).when(asked.charged).thenIgnored();
    given(heard.placed).when(asked.clock).thenIgnored();
    given(heard.placed).when(asked.retry).thenRejected('SAGA_NOT_FOUND');
  });
});

describe('An order with an orchestrator that fails', () => {
  it.each<[string, readonly Message[], string]>([
    ['declined', [asked.placed, asked.declined], 'PAYMENT_DECLINED'],
    ['not charged at all', [asked.placed, asked.chargeRefused], 'PAYMENT_REFUSED'],
    ['out of stock', [...paid, asked.outOfStock, asked.refunded], 'OUT_OF_STOCK'],
    ['refused by the carrier', [...reserved, asked.carrierRefused, asked.released, asked.refunded], 'SHIPMENT_REFUSED'],
  ])('because it is %s is undone in reverse and ends with that reason', (_, story, reason) => {
    given(...story.slice(0, -1))
      .when(story.at(-1) as Message)
      .then({
        standing: cancelledBecause(reason),
        saga: like({ status: 'FAILED' }),
        emits: [OrderCancelled],
        cancels: [OrderDeadline, SagaClock],
      });
  });

  it('has the same stream as one without', () => {
    const orchestrated = streamOf(...reserved, asked.carrierRefused, asked.released, asked.refunded);
    const before = [heard.placed, heard.paid, heard.reserved];
    expect(orchestrated).toEqual(streamOf(...before, heard.carrierRefused, heard.refunded('SHIPMENT_REFUSED')));
  });

  it('asks for the release and the refund with the reason', () => {
    const reason = 'SHIPMENT_REFUSED';
    const refund = given(...reserved)
      .when(asked.carrierRefused)
      .then({ starts: [withData(ReleaseStock, { reason }), SagaClock] })
      .when(asked.released);
    refund.then({ starts: [RefundPayment, SagaClock] });
    expect(refundAsked(refund)).toEqual({ orderId, reason, round: 0 });
  });

  it('has its charge taken back when nobody knows whether it was made', () => {
    given(asked.placed)
      .when(asked.notCharged)
      .then({ starts: [RefundPayment, SagaClock], cancels: [ChargePayment] })
      .when(asked.nothingToRefund)
      .then({ standing: cancelledBecause('TIMEOUT'), emits: [OrderCancelled], cancels: [OrderDeadline, SagaClock] });
    expect(streamOf(asked.placed, asked.notCharged, asked.nothingToRefund)).toEqual(['OrderPlaced', 'OrderCancelled']);
  });
});

describe('A customer who cancels an order with an orchestrator', () => {
  it('sees it cancelled at once; what was done is undone, and what is under way as well', () => {
    given(...paid)
      .when(heard.cancelled)
      .then({
        standing: cancelledBecause('CUSTOMER'),
        emits: [OrderCancelled],
        cancels: [OrderDeadline, ReserveStock],
        starts: [ReleaseStock, SagaClock],
      });
    const story = [...paid, heard.cancelled, asked.released, asked.refunded];
    expect(streamOf(...story)).toEqual(['OrderPlaced', 'PaymentReceived', 'OrderCancelled', 'MoneyReturned']);
    given(...story).has({ saga: like({ status: 'FAILED', cause: { code: 'CUSTOMER' } }) });
  });

  it('also while it is being undone for another reason, which stays its own', () => {
    given(...paid, asked.outOfStock, heard.cancelled, asked.refunded).has({
      standing: cancelledBecause('CUSTOMER'),
      saga: like({ status: 'FAILED', cause: { code: 'OUT_OF_STOCK' } }),
    });
  });

  it('sees it need attention while something could not be undone, and cancelled again after that', () => {
    given(...paid, heard.cancelled, asked.notReleased, asked.refunded)
      .has({ standing: needsAttention })
      .after(asked.clock)
      .when(asked.released)
      .then({ standing: cancelledBecause('CUSTOMER'), cancels: [SagaClock] });
  });

  it('can no longer when it is confirmed, and nobody else can', () => {
    given(...confirmed)
      .when(heard.cancelled)
      .thenRejected('ORDER_CONFIRMED');
    given(...paid)
      .when(heard.cancelledByStranger)
      .thenRejected('ORDER_NOT_FOUND');
  });

  it('changes nothing by a second word', () => {
    given(...paid, heard.cancelled)
      .when(heard.cancelled)
      .thenIgnored();
  });

  it('is not crossed by the answer to what was under way', () => {
    given(...paid, heard.cancelled)
      .when(asked.reserved)
      .thenIgnored();
  });
});

describe('The deadline of an order with an orchestrator', () => {
  it('turns its saga back', () => {
    given(...paid)
      .when(heard.deadline)
      .then({
        standing: cancelledBecause('TIMEOUT'),
        emits: [OrderCancelled],
        cancels: [OrderDeadline, ReserveStock],
        starts: [ReleaseStock, SagaClock],
      });
    given(...paid, heard.deadline, asked.released, asked.refunded).has({ standing: cancelledBecause('TIMEOUT') });
  });

  it('counts only behind the time-out of an approval while a person decides, and begins anew after that', () => {
    given(asked.placed)
      .when(asked.awaitsApproval)
      .then({
        standing: like({ status: 'AWAITING_APPROVAL' }),
        recorded: [{ type: 'ApprovalAwaited', data: { expiresAt: approvalUntil } }],
        starts: [OrderDeadline, SagaClock],
      })
      .when(heard.paid)
      .then({ starts: [ChargePayment, SagaClock] })
      .when(asked.charged)
      .then({ standing: like({ status: 'PENDING' }), starts: [OrderDeadline, ReserveStock, SagaClock] });
  });

  it('ends nothing while a person decides', () => {
    given(asked.placed, asked.awaitsApproval)
      .when(heard.deadline)
      .then({ standing: like({ status: 'AWAITING_APPROVAL' }), starts: [OrderDeadline] });
  });

  it('ends what was approved and is never charged, and turns its saga back', () => {
    given(asked.placed, asked.awaitsApproval, asked.clock, asked.charging)
      .when(heard.deadline, { now: new Date(Date.parse(approvalUntil) + 60_000) })
      .then({
        standing: cancelledBecause('TIMEOUT'),
        emits: [OrderCancelled],
        cancels: [OrderDeadline, ChargePayment],
        starts: [RefundPayment, SagaClock],
      });
  });

  it('is not touched by a payment that only takes a while', () => {
    given(asked.placed)
      .when(asked.charging)
      .then({ standing: like({ status: 'PENDING' }), recorded: [], starts: [SagaClock] });
  });
});

describe('A compensation that fails', () => {
  const stuck = given(...reserved, asked.carrierRefused, asked.released, asked.refundRefused);

  it('makes the order need attention, and not end', () => {
    stuck.has({
      standing: like({ status: 'NEEDS_ATTENTION', reason: 'REFUND_FAILED' }),
      saga: like({ status: 'COMPENSATION_FAILED' }),
    });
  });

  it('does not stop the others', () => {
    given(...reserved, asked.carrierRefused)
      .when(asked.notReleased)
      .then({
        standing: like({ status: 'NEEDS_ATTENTION', reason: 'COMPENSATION_FAILED' }),
        starts: [RefundPayment, SagaClock],
        cancels: [OrderDeadline],
      });
  });

  it('is looked at again when the money is heard to be back, and the order then ends', () => {
    stuck
      .when(heard.refunded('SHIPMENT_REFUSED'))
      .then({ starts: [withData(RefundPayment, { round: 1 }), SagaClock] })
      .when(asked.refunded)
      .then({
        standing: cancelledBecause('SHIPMENT_REFUSED'),
        emits: [OrderCancelled],
        cancels: [OrderDeadline, SagaClock],
      });
  });

  it('is resolved by a person: payment is told, so that it does not pay as well, and the order then ends', () => {
    const settled = { orderId, reason: 'SHIPMENT_REFUSED', round: 1, settlement: 'bank transfer 4711' } as const;
    const resolved = stuck.when(asked.resolve);
    expect(refundAsked(resolved)).toEqual(settled);
    resolved
      .then({ standing: needsAttention, starts: [RefundPayment, SagaClock] })
      .when(asked.settledByHand)
      .then({
        standing: cancelledBecause('SHIPMENT_REFUSED'),
        recorded: like([{ type: 'MoneyReturned', data: { amount: 2_100, byHand: true } }, { type: 'OrderCancelled' }]),
        emits: [OrderCancelled],
        cancels: [OrderDeadline, SagaClock],
      });
  });

  it('that only nobody answered is settled by the word of a person', () => {
    given(...reserved, asked.carrierRefused, asked.notReleased, asked.refunded, asked.resolve).has({
      standing: cancelledBecause('SHIPMENT_REFUSED'),
    });
  });

  it('is said once in the stream, however often it fails for the same cause', () => {
    stuck
      .after(asked.clock)
      .when(asked.refundRefused)
      .then({ recorded: [], starts: [SagaClock] });
  });
});

describe('The rows of orders with an orchestrator', () => {
  it('list all that they start, as data', () => {
    const starts = (type: string) => orderReactions.find(type)?.starts.map(({ messageName }) => messageName);
    expect(starts('PlaceOrchestrated')).toEqual(['ChargePayment', 'SagaClock', 'OrderDeadline']);
    expect(starts('ChargePayment')).toEqual(['ReserveStock', 'SagaClock', 'RefundPayment', 'OrderDeadline']);
    expect(starts('ReleaseStock')).toEqual(['RefundPayment', 'SagaClock']);
  });
});

describe('An operator', () => {
  it('can have an order undone that is on its way', () => {
    given(...paid, asked.compensate, asked.released, asked.refunded).has({
      standing: like({ status: 'CANCELLED', detail: 'the customer called' }),
    });
  });
});
