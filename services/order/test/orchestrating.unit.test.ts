import { describe, expect, it } from '@jest/globals';
import { OrderCancelled } from '@troupe/schemas';
import { OrderDeadline } from '../src/domain/rules.ts';
import { sagaBeginning } from '../src/orchestrated/orchestrating.ts';
import { orderReactions } from '../src/reactions.ts';
import { approvalUntil, asked } from './orchestrated-story.ts';
import { given, heard, orderId, type Said, when } from './story.ts';

const paid = [asked.placed, asked.charged];
const reserved = [...paid, asked.reserved];
const confirmed = [...reserved, asked.scheduled];
const streamOf = (...messages: readonly Said[]) => given(...messages)?.pending.map(({ event }) => event.type);
const sagaOf = (...messages: readonly Said[]) => given(...messages)?.saga;

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
    const { effects, says, standing } = when(undefined, asked.placed);
    expect(standing?.status).toBe('PENDING');
    expect(effects[0]).toMatchObject({ type: 'OrderCreated', data: { orderId, orchestrated: true } });
    expect(says).toEqual(['OrderCreated', 'start OrderDeadline', 'start ChargePayment', 'start SagaClock']);
  });

  it('asks payment, inventory and shipping one after the other, and confirms', () => {
    expect(when(given(asked.placed), asked.charged).says).toContain('start ReserveStock');
    expect(when(given(...paid), asked.reserved).says).toContain('start ScheduleShipment');
    const { says, standing } = when(given(...reserved), asked.scheduled);
    expect(says).toEqual(['OrderConfirmed', 'cancel OrderDeadline', 'cancel SagaClock']);
    expect(standing?.status).toBe('CONFIRMED');
    expect(sagaOf(...confirmed)?.status).toBe('COMPLETED');
  });

  it('has the same stream as one without', () => {
    expect(streamOf(...confirmed)).toEqual(streamOf(heard.placed, heard.paid, heard.reserved, heard.shipped));
  });

  it('keeps the means of payment until it is charged, and no longer', () => {
    expect(sagaOf(asked.placed)?.context).toMatchObject({ paymentToken: 'tok_ok' });
    expect(JSON.stringify(sagaOf(...paid))).not.toContain('tok_ok');
    expect(JSON.stringify(sagaOf(asked.placed, asked.declined))).not.toContain('tok_ok');
    expect(JSON.stringify(given(asked.placed)?.pending)).not.toContain('tok_ok');
  });

  it('is run by one style only: what the others say of it starts nothing', () => {
    for (const fact of [
      heard.paid,
      heard.reserved,
      heard.shipped,
      heard.outOfStock,
      heard.declined,
      heard.refunded('OUT_OF_STOCK'),
    ]) {
      expect(when(given(asked.placed), fact).decision).toMatchObject({ kind: 'ignored' });
    }
  });

  it('that has none is not touched by the answers to an orchestrator', () => {
    expect(when(given(heard.placed), asked.charged).decision).toMatchObject({ kind: 'ignored' });
    expect(when(given(heard.placed), asked.clock).decision).toMatchObject({ kind: 'ignored' });
    expect(when(given(heard.placed), asked.retry).decision).toMatchObject({ kind: 'rejected' });
  });
});

describe('An order with an orchestrator that fails', () => {
  it.each([
    ['declined', [asked.placed], asked.declined, [], 'PAYMENT_DECLINED'],
    ['not charged at all', [asked.placed], asked.chargeRefused, [], 'PAYMENT_REFUSED'],
    ['out of stock', paid, asked.outOfStock, [asked.refunded], 'OUT_OF_STOCK'],
    ['refused by the carrier', reserved, asked.carrierRefused, [asked.released, asked.refunded], 'SHIPMENT_REFUSED'],
  ])('because it is %s is undone in reverse and ends with that reason', (_, before, refusal, undone, reason) => {
    const story = [...before, refusal, ...undone];
    expect(given(...story)?.state.standing).toMatchObject({ status: 'CANCELLED', reason });
    expect(sagaOf(...story)?.status).toBe('FAILED');
    expect(when(given(...story.slice(0, -1)), story.at(-1) as Said).says).toContain('OrderCancelled');
  });

  it('has the same stream as one without', () => {
    const orchestrated = streamOf(...reserved, asked.carrierRefused, asked.released, asked.refunded);
    const choreographed = [
      heard.placed,
      heard.paid,
      heard.reserved,
      heard.carrierRefused,
      heard.refunded('SHIPMENT_REFUSED'),
    ];
    expect(orchestrated).toEqual(streamOf(...choreographed));
  });

  it('asks for the release and the refund with the reason', () => {
    const refusal = when(given(...reserved), asked.carrierRefused);
    expect(refusal.effects).toContainEqual(
      expect.objectContaining({ type: 'ReleaseStock', data: expect.objectContaining({ reason: 'SHIPMENT_REFUSED' }) }),
    );
    const next = when(given(...reserved, asked.carrierRefused), asked.released);
    expect(next.effects).toContainEqual(
      expect.objectContaining({ type: 'RefundPayment', data: { orderId, reason: 'SHIPMENT_REFUSED', round: 0 } }),
    );
  });

  it('has its charge taken back when nobody knows whether it was made', () => {
    expect(when(given(asked.placed), asked.notCharged).says).toContain('start RefundPayment');
    const { standing } = when(given(asked.placed, asked.notCharged), asked.nothingToRefund);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(streamOf(asked.placed, asked.notCharged, asked.nothingToRefund)).toEqual(['OrderPlaced', 'OrderCancelled']);
  });
});

describe('A customer who cancels an order with an orchestrator', () => {
  it('sees it cancelled at once; what was done is undone, and what is under way as well', () => {
    const { says, standing } = when(given(...paid), heard.cancelled);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(says).toEqual([
      ...['OrderCancelled', 'cancel OrderDeadline'],
      ...['cancel ReserveStock', 'start ReleaseStock', 'start SagaClock'],
    ]);
    const story = [...paid, heard.cancelled, asked.released, asked.refunded];
    expect(streamOf(...story)).toEqual(['OrderPlaced', 'PaymentReceived', 'OrderCancelled', 'MoneyReturned']);
    expect(sagaOf(...story)).toMatchObject({ status: 'FAILED', cause: { code: 'CUSTOMER' } });
  });

  it('also while it is being undone for another reason, which stays its own', () => {
    const story = [...paid, asked.outOfStock, heard.cancelled, asked.refunded];
    expect(given(...story)?.state.standing).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(sagaOf(...story)).toMatchObject({ status: 'FAILED', cause: { code: 'OUT_OF_STOCK' } });
  });

  it('sees it need attention while something could not be undone, and cancelled again after that', () => {
    const story = [...paid, heard.cancelled, asked.notReleased, asked.refunded];
    expect(given(...story)?.state.standing).toMatchObject({ status: 'NEEDS_ATTENTION' });
    const { standing, says } = when(given(...story, asked.clock), asked.released);
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(says).not.toContain('OrderCancelled');
  });

  it('can no longer when it is confirmed, and nobody else can', () => {
    expect(when(given(...confirmed), heard.cancelled).decision).toMatchObject({ kind: 'rejected' });
    expect(when(given(...paid), heard.cancelledByStranger).decision).toMatchObject({ kind: 'rejected' });
  });

  it('changes nothing by a second word', () => {
    expect(when(given(...paid, heard.cancelled), heard.cancelled).decision).toMatchObject({ kind: 'ignored' });
  });

  it('is not crossed by the answer to what was under way', () => {
    expect(when(given(...paid, heard.cancelled), asked.reserved).decision).toMatchObject({ kind: 'ignored' });
  });
});

describe('The deadline of an order with an orchestrator', () => {
  it('turns its saga back', () => {
    expect(when(given(...paid), heard.deadline).says).toContain('start ReleaseStock');
    const story = [...paid, heard.deadline, asked.released, asked.refunded];
    expect(given(...story)?.state.standing).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
  });

  it('counts only behind the time-out of an approval while a person decides, and begins anew after that', () => {
    const awaiting = when(given(asked.placed), asked.awaitsApproval);
    expect(awaiting.standing?.status).toBe('AWAITING_APPROVAL');
    expect(awaiting.says).toEqual(['start OrderDeadline', 'start SagaClock']);
    expect(awaiting.recorded).toEqual([{ type: 'ApprovalAwaited', data: { expiresAt: approvalUntil } }]);
    const asksAgain = when(awaiting.order, heard.paid);
    expect(asksAgain.says).toEqual(['start ChargePayment', 'start SagaClock']);
    const approved = when(asksAgain.order, asked.charged);
    expect(approved.standing?.status).toBe('PENDING');
    expect(approved.says).toEqual(expect.arrayContaining(['start OrderDeadline', 'start ReserveStock']));
  });

  it('ends nothing while a person decides', () => {
    const early = when(given(asked.placed, asked.awaitsApproval), heard.deadline);
    expect(early.standing?.status).toBe('AWAITING_APPROVAL');
    expect(early.says).toEqual(['start OrderDeadline']);
  });

  it('ends what was approved and is never charged, and turns its saga back', () => {
    const approved = given(asked.placed, asked.awaitsApproval, asked.clock, asked.charging);
    const ended = when(approved, heard.deadline, new Date(Date.parse(approvalUntil) + 60_000));
    expect(ended.standing).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(ended.says).toEqual(
      expect.arrayContaining(['OrderCancelled', 'cancel ChargePayment', 'start RefundPayment']),
    );
  });

  it('is not touched by a payment that only takes a while', () => {
    const { says, standing, recorded } = when(given(asked.placed), asked.charging);
    expect(standing?.status).toBe('PENDING');
    expect(recorded).toEqual([]);
    expect(says).toEqual(['start SagaClock']);
  });
});

describe('A compensation that fails', () => {
  const stuck = [...reserved, asked.carrierRefused, asked.released, asked.refundRefused];

  it('makes the order need attention, and not end', () => {
    expect(given(...stuck)?.state.standing).toMatchObject({ status: 'NEEDS_ATTENTION', reason: 'REFUND_FAILED' });
    expect(sagaOf(...stuck)?.status).toBe('COMPENSATION_FAILED');
  });

  it('does not stop the others', () => {
    const { says, standing } = when(given(...reserved, asked.carrierRefused), asked.notReleased);
    expect(says).toContain('start RefundPayment');
    expect(standing).toMatchObject({ status: 'NEEDS_ATTENTION', reason: 'COMPENSATION_FAILED' });
  });

  it('is looked at again when the money is heard to be back, and the order then ends', () => {
    const heardBack = when(given(...stuck), heard.refunded('SHIPMENT_REFUSED'));
    expect(heardBack.effects).toContainEqual(
      expect.objectContaining({ type: 'RefundPayment', data: expect.objectContaining({ round: 1 }) }),
    );
    expect(when(heardBack.order, asked.refunded).standing).toMatchObject({
      status: 'CANCELLED',
      reason: 'SHIPMENT_REFUSED',
    });
  });

  it('is resolved by a person: payment is told, so that it does not pay as well, and the order then ends', () => {
    const resolved = when(given(...stuck), asked.resolve);
    expect(resolved.effects).toContainEqual(
      expect.objectContaining({
        type: 'RefundPayment',
        data: { orderId, reason: 'SHIPMENT_REFUSED', round: 1, settlement: 'bank transfer 4711' },
      }),
    );
    expect(resolved.standing?.status).toBe('NEEDS_ATTENTION');
    const { standing, recorded, says } = when(resolved.order, asked.settledByHand);
    expect(recorded.map(({ type }) => type)).toEqual(['MoneyReturned', 'OrderCancelled']);
    expect(recorded[0]).toMatchObject({ data: { amount: 2_100, byHand: true } });
    expect(standing).toMatchObject({ status: 'CANCELLED', reason: 'SHIPMENT_REFUSED' });
    expect(says).toContain('OrderCancelled');
  });

  it('that only nobody answered is settled by the word of a person', () => {
    const story = [...reserved, asked.carrierRefused, asked.notReleased, asked.refunded, asked.resolve];
    expect(given(...story)?.state.standing).toMatchObject({ status: 'CANCELLED', reason: 'SHIPMENT_REFUSED' });
  });

  it('is said once in the stream, however often it fails for the same cause', () => {
    const again = when(given(...stuck, asked.clock), asked.refundRefused);
    expect(again.recorded).toEqual([]);
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
    const story = [...paid, asked.compensate, asked.released, asked.refunded];
    expect(given(...story)?.state.standing).toMatchObject({ status: 'CANCELLED', detail: 'the customer called' });
  });
});
