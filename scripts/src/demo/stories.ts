import type { Expectation } from './expectation.ts';
import type { Purchase, Shop } from './shop.ts';

/** What happens to an order between its placing and its end, beside what the services do by themselves. */
export interface Act {
  readonly shop: Shop;
  readonly orderId: string;
  /** Tells what is being done. */
  say(line: string): void;
  /** Asks again until the answer is not undefined; fails, naming `what`, when that takes too long. */
  until<Answer>(what: string, look: () => Promise<Answer | undefined>): Promise<Answer>;
}

/** One order, and how it must end. */
export interface Story {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly purchase: Purchase;
  readonly act?: (act: Act) => Promise<void>;
  readonly ends: Expectation;
}

const one = (sku: string, token = 'tok_ok'): Purchase => ({ sku, quantity: 1, token });
const confirmed: Expectation = {
  order: { status: 'CONFIRMED', reason: null },
  payment: ['COMPLETED'],
  stock: 'shipped',
  shipment: 'SCHEDULED',
  notified: ['ORDER_CONFIRMED'],
};

/** Of an order that came to nothing, nothing is left. */
function cancelled(reason: string, rest: Partial<Expectation>): Expectation {
  const order = { status: 'CANCELLED', reason };
  return { order, payment: ['REFUNDED'], stock: 'unchanged', shipment: 'none', notified: ['ORDER_CANCELLED'], ...rest };
}

/** The stories of single orders. SKU-098 is above the approval limit, SKU-099 out of stock, SKU-100 refused by the carrier. */
export const stories: readonly Story[] = [
  {
    name: 'confirmed',
    title: 'An order goes well',
    purchase: { sku: 'SKU-001', quantity: 2, token: 'tok_ok' },
    ends: confirmed,
  },
  {
    name: 'declined',
    title: 'The card is declined',
    purchase: one('SKU-002', 'tok_declined'),
    ends: cancelled('PAYMENT_DECLINED', { payment: ['FAILED'] }),
  },
  {
    name: 'out-of-stock',
    title: 'The product is out of stock: the money goes back',
    purchase: one('SKU-099'),
    ends: cancelled('OUT_OF_STOCK', {}),
  },
  {
    name: 'carrier-refuses',
    title: 'The carrier refuses: the stock is released and the money goes back',
    purchase: one('SKU-100'),
    ends: cancelled('SHIPMENT_REFUSED', { shipment: 'FAILED' }),
  },
  {
    name: 'approved',
    title: 'Above the limit, and a person approves',
    purchase: one('SKU-098'),
    act: (act) => decide(act, 'approve'),
    ends: { ...confirmed, notified: ['APPROVAL_REQUIRED', 'ORDER_CONFIRMED'] },
  },
  {
    name: 'rejected',
    title: 'Above the limit, and a person rejects',
    purchase: one('SKU-098'),
    act: (act) => decide(act, 'reject'),
    ends: cancelled('APPROVAL_REJECTED', { payment: ['FAILED'], notified: ['APPROVAL_REQUIRED', 'ORDER_CANCELLED'] }),
  },
  {
    name: 'cancelled',
    title: 'The customer cancels while the card is being charged: no money is kept',
    purchase: one('SKU-003', 'tok_slow'),
    act: cancelWhileCharging,
    ends: cancelled('CUSTOMER', { payment: ['FAILED', 'REFUNDED'] }),
  },
  {
    name: 'refund-fails',
    title: 'The refund fails at first, and is retried by a person',
    purchase: one('SKU-099', 'tok_refund_fails'),
    act: retryRefund,
    ends: cancelled('OUT_OF_STOCK', {}),
  },
];

async function decide({ shop, orderId, say, until }: Act, decision: 'approve' | 'reject'): Promise<void> {
  await until('the order awaits approval', async () => {
    const { status } = await shop.order(orderId);
    return status === 'AWAITING_APPROVAL' ? status : undefined;
  });
  await shop.decide(orderId, decision);
  say(`POST /payments/${orderId}/approval: ${decision}`);
}

async function cancelWhileCharging({ shop, orderId, say, until }: Act): Promise<void> {
  await until('the card is being charged', async () => {
    const payment = await shop.payment(orderId);
    return payment?.status === 'CHARGING' ? payment : undefined;
  });
  const { status } = await shop.cancel(orderId);
  say(`POST /orders/${orderId}/cancel: ${status}, and the charge is still under way`);
}

async function retryRefund({ shop, orderId, say, until }: Act): Promise<void> {
  await until('the order needs attention, because its refund was refused', async () => {
    const { status } = await shop.order(orderId, 1);
    return status === 'NEEDS_ATTENTION' ? status : undefined;
  });
  say('NEEDS_ATTENTION: the refund was refused');
  await until('the refund was given', async () => {
    const payment = await shop.payment(orderId);
    if (payment?.status === 'REFUNDED') return payment;
    if (payment?.status !== 'REFUND_FAILED') return undefined;
    if (await shop.retryRefund(orderId)) say(`POST /payments/${orderId}/refund/retry`);
    return undefined;
  });
}
