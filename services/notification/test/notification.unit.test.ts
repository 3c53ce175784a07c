import { describe, expect, it } from '@jest/globals';
import { told } from '../../chassis/src/testing/told.ts';
import type { Notification, NotificationState, SendOutcome } from '../src/notification.ts';
import { notificationReactions } from '../src/reactions.ts';
import { notifications } from '../src/repository.ts';

const orderId = '0198c000-0000-7000-8000-00000000abcd';
const notificationId = '0198c000-0000-7000-8000-00000000ffff';
const context = { now: new Date(0), id: notificationId };
const about = { orderId, customerId: 'demo', items: [{ sku: 'SKU-001', quantity: 2 }] };
const facts = {
  OrderConfirmed: { ...about, amount: 149900, currency: 'USD' },
  OrderCancelled: { ...about, reason: 'OUT_OF_STOCK', detail: 'SKU-099 is sold out.' },
  PaymentApprovalRequired: {
    ...about,
    amount: 149900,
    currency: 'USD',
    limit: 100000,
    expiresAt: Date.UTC(2026, 10, 21, 9, 30),
  },
};

function hear(type: string, data: unknown, known: NotificationState) {
  return told(notificationReactions, { type, data }, { state: known, context });
}

const pending: Notification = {
  id: notificationId,
  orderId,
  template: 'ORDER_CONFIRMED',
  recipient: 'demo@customers.troupe.example',
  subject: 'Your order is on its way',
  status: 'PENDING',
};
const answered = (outcome: SendOutcome) => ({ request: {}, outcome });

describe('a customer', () => {
  it.each([
    ['OrderConfirmed', 'ORDER_CONFIRMED'],
    ['OrderCancelled', 'ORDER_CANCELLED'],
    ['PaymentApprovalRequired', 'APPROVAL_REQUIRED'],
  ] as const)('is told of %s', (type, template) => {
    const decision = hear(type, facts[type], undefined);
    expect(decision).toMatchObject({
      kind: 'decided',
      state: { id: notificationId, orderId, template, status: 'PENDING', recipient: 'demo@customers.troupe.example' },
      effects: [
        { kind: 'task', type: 'Send', key: `${orderId}/${template}`, data: { notificationId, orderId, template } },
      ],
    });
  });

  it.each(Object.entries(facts))('is told of %s once, whatever became of the message', (type, data) => {
    const failed: Notification = { ...pending, status: 'FAILED', detail: '550 no such user' };
    for (const known of [pending, { ...pending, status: 'SENT' } as const, failed]) {
      expect(hear(type, data, known)).toEqual({ kind: 'ignored', reason: 'the customer was told already' });
    }
  });
});

describe('the mail server', () => {
  it('takes a message: it is sent', () => {
    const decision = hear('Send', answered({ kind: 'accepted', reply: '250 queued' }), pending);
    expect(decision).toMatchObject({ state: { status: 'SENT' }, effects: [{ type: 'NotificationSent' }] });
  });

  it('refuses a message for good: that is kept and told, with its words', () => {
    const decision = hear('Send', answered({ kind: 'refused', reply: '550 no such user' }), pending);
    expect(decision).toMatchObject({
      state: { status: 'FAILED', detail: '550 no such user' },
      effects: [{ type: 'NotificationFailed', data: { orderId, notificationId, detail: '550 no such user' } }],
    });
  });

  it('answers twice: the second answer changes nothing', () => {
    for (const known of [{ ...pending, status: 'SENT' } as const, undefined]) {
      const decision = hear('Send', answered({ kind: 'refused', reply: '550 no such user' }), known);
      expect(decision).toMatchObject({ kind: 'ignored' });
    }
  });
});

describe('the rows of a message', () => {
  it('are the same for the fact that starts it and for the answer that ends it', () => {
    const fact = { type: 'OrderConfirmed', key: orderId, data: facts.OrderConfirmed };
    const answer = { type: 'Send', key: `${orderId}/ORDER_CONFIRMED`, data: {} };
    expect(notifications.keysOf(fact)).toEqual([`${orderId}/ORDER_CONFIRMED`]);
    expect(notifications.keysOf(answer)).toEqual(notifications.keysOf(fact));
    expect([...notifications.rowsOf(pending)]).toEqual([[`${orderId}/ORDER_CONFIRMED`, pending]]);
  });
});
