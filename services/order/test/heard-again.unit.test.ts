import { describe, expect, it } from '@jest/globals';
import { after } from '@troupe/chassis';
import { like } from '@troupe/chassis/testing';
import {
  OrderCancelled,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  type PaymentRefundedData,
  PaymentRefundFailed,
} from '@troupe/schemas';
import { OrderDeadline } from '../src/domain/rules.ts';
import { asked } from './orchestrated-story.ts';
import { given, heard, type Message, orderId } from './story.ts';

const confirmed = [heard.placed, heard.paid, heard.reserved, heard.shipped];
const cancelled = [heard.placed, heard.cancelled];
const paymentId = '019a1b2c-0000-7f50-8a6b-000000000001';

describe('What an order has heard already, or too late, changes nothing, and the log can say why', () => {
  it.each<[string, readonly Message[], Message, string]>([
    ['that it is placed', [heard.placed], heard.placed, 'the order was placed before'],
    ['that an orchestrator is to run it', [asked.placed], asked.placed, 'the order was placed before'],
    ['that it is cancelled', cancelled, heard.cancelled, 'the order is cancelled already'],
    ['that it is paid', [heard.placed, heard.paid], heard.paid, 'the order is known to be paid'],
    [
      'that it is paid, when it is confirmed',
      [heard.placed, heard.shipped],
      heard.paid,
      'the order is known to be paid',
    ],
    ['that a cancelled one is paid', [...cancelled, heard.paid], heard.paid, 'the order is known to be paid'],
    ['that its payment failed', confirmed, heard.declined, 'it came too late: the order is CONFIRMED'],
    [
      'that its payment failed, twice',
      [heard.placed, heard.declined],
      heard.declined,
      'it came too late: the order is CANCELLED',
    ],
    ['that its stock is reserved', [heard.placed, heard.reserved], heard.reserved, 'the stock is known to be reserved'],
    ['that its stock is reserved, too late', cancelled, heard.reserved, 'it came too late: the order is CANCELLED'],
    [
      'that it is out of stock',
      [heard.placed, heard.outOfStock],
      heard.outOfStock,
      'the order is known to have failed',
    ],
    [
      'that the carrier refuses it',
      [heard.placed, heard.outOfStock],
      heard.carrierRefused,
      'the order is known to have failed',
    ],
    ['that an approval is wanted', cancelled, heard.approvalRequired, 'the approval is not awaited, or no longer'],
    [
      'that an approval is wanted, when it is paid',
      [heard.placed, heard.paid],
      heard.approvalRequired,
      'the approval is not awaited, or no longer',
    ],
    [
      'that an approval is wanted, twice',
      [heard.placed, heard.approvalRequired],
      heard.approvalRequired,
      'the approval is not awaited, or no longer',
    ],
    [
      'that its money is back',
      [heard.placed, heard.refunded('OUT_OF_STOCK')],
      heard.refunded('OUT_OF_STOCK'),
      'the money is known to be back',
    ],
    [
      'that its money is back, when it is confirmed',
      confirmed,
      heard.refunded('OUT_OF_STOCK'),
      'it came too late: the order is CONFIRMED',
    ],
    [
      'that its refund failed, when it is confirmed',
      confirmed,
      heard.refundRefused(1),
      'it came too late: the order is CONFIRMED',
    ],
    [
      'that its refund failed, when it is back',
      [heard.placed, heard.refunded('OUT_OF_STOCK')],
      heard.refundRefused(1),
      'a later word on the refund is known',
    ],
    [
      'that its refund failed as often as is known',
      [heard.placed, heard.refundRefused(2)],
      heard.refundRefused(2),
      'a later word on the refund is known',
    ],
    [
      'that its refund failed less often than is known',
      [heard.placed, heard.refundRefused(2)],
      heard.refundRefused(1),
      'a later word on the refund is known',
    ],
    ['that its time is over', confirmed, heard.deadline, 'it came too late: the order is CONFIRMED'],
  ])('%s', (_, story, message, reason) => {
    given(...story)
      .when(message)
      .thenIgnored(reason);
  });
});

describe('A fact about an order that was never placed here', () => {
  const facts: readonly Message[] = [
    heard.approvalRequired,
    heard.paid,
    heard.declined,
    heard.reserved,
    heard.outOfStock,
    heard.shipped,
    heard.carrierRefused,
    heard.refunded('OUT_OF_STOCK'),
    heard.refundRefused(1),
    heard.deadline,
  ];
  it.each(facts.map((fact): [string, Message] => [fact.type, fact]))(
    'is a dead letter that names it: %s',
    (type, fact) => {
      given()
        .when(fact)
        .thenFails('ORDER_UNKNOWN', new RegExp(`^${type}.* never placed here`));
    },
  );
});

describe('The stream of an order tells', () => {
  const recordedBy = (message: Message, ...story: readonly Message[]) =>
    given(heard.placed, ...story).when(message).next.facts.recorded;

  it('which payment it was, and how much', () => {
    const paid = PaymentCompleted({ ...heard.paid.data, amount: 7 });
    expect(recordedBy(paid)).toEqual([{ type: 'PaymentReceived', data: { paymentId, amount: 7 } }]);
  });

  it('until when somebody has to approve, and above which limit', () => {
    const data = { limit: 2_000, expiresAt: '2026-11-21T12:00:00.000Z' };
    expect(recordedBy(heard.approvalRequired)).toEqual([{ type: 'ApprovalAwaited', data }]);
  });

  it('when a refund is tried again, or that a person must act', () => {
    const refused = (nextAttemptAt: number | null) =>
      PaymentRefundFailed({ ...heard.refundRefused(1).data, nextAttemptAt });
    const at = Date.UTC(2026, 10, 21, 12);
    expect(recordedBy(refused(at))).toMatchObject([
      { data: { attempts: 1, nextAttemptAt: '2026-11-21T12:00:00.000Z' } },
    ]);
    expect(recordedBy(refused(null))).toMatchObject([{ data: { attempts: 1, nextAttemptAt: null } }]);
  });

  it('that money is back by itself, unless a person has settled it', () => {
    expect(recordedBy(heard.refunded('OUT_OF_STOCK'))[0]).toEqual({
      type: 'MoneyReturned',
      data: { paymentId, amount: 2_100 },
    });
  });
});

describe('The deadline of an order', () => {
  it('begins anew for this order when it is paid after an approval, and is not touched by another payment', () => {
    given(heard.placed, heard.approvalRequired)
      .when(heard.paid)
      .then({ starts: [after(60_000, OrderDeadline({ orderId }))] });
    given(heard.placed).when(heard.paid).then({});
    given(...cancelled)
      .when(heard.paid)
      .then({});
  });

  it('is taken back once, by what ends or holds up the order', () => {
    given(heard.placed, heard.cancelled).when(heard.refundRefused(1)).then({});
    given(heard.placed)
      .when(heard.refundRefused(1))
      .then({ cancels: [OrderDeadline] });
  });
});

describe('An order whose money is back before its cause is heard of', () => {
  const refund = (reason: PaymentRefundedData['reason']) =>
    PaymentRefunded({ ...heard.refunded('OUT_OF_STOCK').data, reason });
  it.each([
    ['OUT_OF_STOCK', 'OUT_OF_STOCK', 'Not everything that was ordered is in stock.'],
    ['SHIPMENT_REFUSED', 'SHIPMENT_REFUSED', 'The carrier refused the shipment.'],
    ['ORDER_CANCELLED', 'UNKNOWN', 'The payment was given back.'],
    ['UNKNOWN', 'UNKNOWN', 'The payment was given back.'],
  ] as const)('because of %s ends for %s', (told, reason, detail) => {
    given(heard.placed, heard.paid)
      .when(refund(told))
      .then({
        standing: like({ status: 'CANCELLED', reason, detail }),
        emits: [OrderCancelled],
        cancels: [OrderDeadline],
      });
  });
});

describe('An order whose payment failed', () => {
  it.each([
    ['DECLINED', 'PAYMENT_DECLINED'],
    ['APPROVAL_REJECTED', 'APPROVAL_REJECTED'],
    ['APPROVAL_TIMEOUT', 'APPROVAL_TIMEOUT'],
    ['ORDER_CANCELLED', 'UNKNOWN'],
    ['UNKNOWN', 'UNKNOWN'],
  ] as const)('by %s ends for %s', (reason, ending) => {
    const failed = PaymentFailed({ orderId, reason, detail: 'No.' });
    given(heard.placed)
      .when(failed)
      .then({
        standing: like({ status: 'CANCELLED', reason: ending, detail: 'No.' }),
        emits: [OrderCancelled],
        cancels: [OrderDeadline],
      });
  });
});

describe('What is asked of order', () => {
  it.each([
    ['PlaceOrder', heard.placed],
    ['CancelOrder', heard.cancelled],
    ['PlaceOrchestrated', asked.placed],
    ['OrderDeadline', heard.deadline],
  ])('%s is about one order, and handled in turn with all that is heard of it', (type, message) => {
    expect(message).toMatchObject({ type, key: orderId });
  });
});
