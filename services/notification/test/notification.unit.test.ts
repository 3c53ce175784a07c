import { describe, expect, it } from '@jest/globals';
import { answerTo, like, specification, withData } from '@troupe/chassis/testing';
import {
  NotificationFailed,
  NotificationSent,
  OrderCancelled,
  OrderConfirmed,
  PaymentApprovalRequired,
} from '@troupe/schemas';
import { type Notification, Send, type SendOutcome } from '../src/notification.ts';
import { notificationReactions } from '../src/reactions.ts';
import { notifications } from '../src/repository.ts';

const orderId = '0198c000-0000-7000-8000-00000000abcd';
const notificationId = '0198c000-0000-7000-8000-00000000ffff';
const customer = { orderId, customerId: 'demo' };
const order = { ...customer, items: [{ sku: 'SKU-001', quantity: 2 }] };
const confirmed = OrderConfirmed({ ...order, amount: 149900, currency: 'USD' });

const { given, givenState } = specification(notificationReactions, {
  context: { now: new Date(0), id: notificationId },
});

const facts = [
  { fact: confirmed, template: 'ORDER_CONFIRMED' },
  {
    fact: OrderCancelled({ ...order, reason: 'OUT_OF_STOCK', detail: 'SKU-099 is sold out.' }),
    template: 'ORDER_CANCELLED',
  },
  {
    fact: PaymentApprovalRequired({
      ...customer,
      amount: 149900,
      currency: 'USD',
      limit: 100000,
      expiresAt: Date.UTC(2026, 10, 21, 9, 30),
    }),
    template: 'APPROVAL_REQUIRED',
  },
] as const;

const recipient = 'demo@customers.troupe.example';
const pending: Notification = {
  id: notificationId,
  orderId,
  template: 'ORDER_CONFIRMED',
  recipient,
  subject: 'Your order is on its way (0000abcd)',
  status: 'PENDING',
};
const answer = (outcome: SendOutcome) =>
  answerTo(Send, { ...pending, notificationId, text: '', html: '' } as never, outcome);
const accepted = answer({ kind: 'accepted', reply: '250 queued' });
const refused = answer({ kind: 'refused', reply: '550 no such user' });

describe('a customer', () => {
  it.each(facts)('is told of $fact.type', ({ fact, template }) => {
    given()
      .when(fact)
      .then({
        state: like({ id: notificationId, orderId, template, status: 'PENDING', recipient }),
        starts: [withData(Send, { notificationId, orderId, template }, `${orderId}/${template}`)],
      });
  });

  it.each(facts)('is told of $fact.type once, whatever became of the message', ({ fact, template }) => {
    const known = { ...pending, template };
    for (const state of [known, { ...known, status: 'SENT' }, { ...known, status: 'FAILED', detail: '550' }] as const)
      givenState(state).when(fact).thenIgnored('the customer was told already');
  });
});

describe('the mail server', () => {
  it('takes a message: it is sent', () => {
    given(confirmed)
      .when(accepted)
      .then({ state: { ...pending, status: 'SENT' }, emits: [NotificationSent] });
  });

  it('refuses a message for good: that is kept and told, with its words', () => {
    given(confirmed)
      .when(refused)
      .then({
        state: { ...pending, status: 'FAILED', detail: '550 no such user' },
        emits: [withData(NotificationFailed, { orderId, notificationId, detail: '550 no such user' })],
      });
  });

  it('answers twice: the second answer changes nothing', () => {
    given(confirmed, accepted).when(refused).thenIgnored();
    given().when(refused).thenIgnored();
  });
});

describe('the rows of a message', () => {
  it('are the same for the fact that starts it and for the answer that ends it', () => {
    const fact = { ...confirmed, key: orderId };
    expect(notifications.keysOf(fact)).toEqual([`${orderId}/ORDER_CONFIRMED`]);
    expect(notifications.keysOf(accepted)).toEqual(notifications.keysOf(fact));
    expect([...notifications.rowsOf(pending)]).toEqual([[`${orderId}/ORDER_CONFIRMED`, pending]]);
  });
});
