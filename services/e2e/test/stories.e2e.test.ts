import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Accepted,
  ended,
  eventually,
  get,
  moved,
  type OrderView,
  operator,
  payment,
  place as placeChoreographed,
  placeOrchestrated,
  post,
  stockOf,
  urlOf,
} from './system.ts';

const conserved = async (sku: string): Promise<boolean> => {
  const { initial, restocked, available, reserved, shipped } = await stockOf(sku);
  return initial + restocked === available + reserved + shipped && Math.min(available, reserved, shipped) >= 0;
};

/** The same stories, and the same pages for whoever looks at an order. */
const styles = [
  { style: 'choreographed', place: placeChoreographed },
  { style: 'orchestrated', place: placeOrchestrated },
];

describe.each(styles)('an order, $style,', ({ place }) => {
  // Its time passes beside the other stories.
  let forgotten: Accepted;
  beforeAll(async () => {
    forgotten = await place('SKU-098');
  });

  it('is confirmed when it is paid, reserved and on its way; the customer gets one e-mail', async () => {
    const { orderId } = await place('SKU-001');
    expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED', reason: null });
    expect(await payment(orderId)).toMatchObject({ status: 'COMPLETED' });
    const shipment = await get('shipping', `/shipments/${orderId}`);
    expect(shipment.body).toMatchObject({ status: 'SCHEDULED', carrier: 'Sandbox Parcel' });
    const mails = () => get<{ items: { subject: string }[] }>('mailbox', `/messages?orderId=${orderId}`);
    const { body } = await eventually(mails, (seen) => seen.body.items.length > 0);
    expect(body.items).toHaveLength(1);
    await eventually(
      () => stockOf('SKU-001'),
      ({ shipped }) => shipped > 0,
    );
    expect(await conserved('SKU-001')).toBe(true);
  });

  it('is cancelled when the card is declined, and no money moves', async () => {
    const { orderId } = await place('SKU-002', 'tok_declined');
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_DECLINED' });
    expect(await moved(orderId)).toEqual([]);
  });

  it('is refunded and cancelled when a product is out of stock', async () => {
    const { orderId } = await place('SKU-099');
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK' });
    expect(await payment(orderId)).toMatchObject({ status: 'REFUNDED' });
    expect(await moved(orderId)).toEqual(['charge', 'refund']);
  });

  it('is released, refunded and cancelled when the carrier refuses it', async () => {
    const { orderId } = await place('SKU-100');
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'SHIPMENT_REFUSED' });
    expect(await payment(orderId)).toMatchObject({ status: 'REFUNDED' });
    expect(await stockOf('SKU-100')).toMatchObject({ reserved: 0, shipped: 0 });
    expect(await conserved('SKU-100')).toBe(true);
  });

  it('waits for an approval above the limit, and is confirmed when a person approves', async () => {
    const { orderId } = await place('SKU-098');
    await eventually(
      () => get<OrderView>('order', `/orders/${orderId}`),
      ({ body }) => body.status === 'AWAITING_APPROVAL',
    );
    expect((await post('payment', `/payments/${orderId}/approval`, { decision: 'approve' }, operator)).status).toBe(
      200,
    );
    expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect((await post('payment', `/payments/${orderId}/approval`, { decision: 'reject' }, operator)).status).toBe(409);
  });

  it('is cancelled when a person rejects it', async () => {
    const { orderId } = await place('SKU-098');
    await eventually(
      () => get<OrderView>('order', `/orders/${orderId}`),
      ({ body }) => body.status === 'AWAITING_APPROVAL',
    );
    await post(
      'payment',
      `/payments/${orderId}/approval`,
      { decision: 'reject', reason: 'unknown customer' },
      operator,
    );
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'APPROVAL_REJECTED' });
  });

  it('is cancelled when nobody decides in time', async () => {
    const { orderId } = forgotten;
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'APPROVAL_TIMEOUT' });
    expect(await payment(orderId)).toMatchObject({ status: 'FAILED' });
  });

  it('can be cancelled in the middle: the charge that is under way is given back', async () => {
    const { orderId } = await place('SKU-003', 'tok_slow_6000');
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'CHARGING',
    );
    const cancelled = await post<OrderView>('order', `/orders/${orderId}/cancel`, {});
    expect(cancelled.body).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'REFUNDED',
    );
    expect(await moved(orderId)).toEqual(['charge', 'refund']);
    expect(await stockOf('SKU-003')).toMatchObject({ reserved: 0, shipped: 0 });
  });

  it('cannot be cancelled once it is confirmed', async () => {
    const { orderId } = await place('SKU-004');
    await ended(orderId);
    const refused = await post<{ code: string }>('order', `/orders/${orderId}/cancel`, {});
    expect(refused.status).toBe(409);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });

  it('needs attention while its refund is refused, and is cancelled when the money is back', async () => {
    const { orderId } = await place('SKU-099', 'tok_refund_fails_4');
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'REFUND_FAILED',
    );
    const status = async () => (await get<OrderView>('order', `/orders/${orderId}`)).body;
    await eventually(status, (order) => order.status === 'NEEDS_ATTENTION' && order.reason === 'REFUND_FAILED');
    await eventually(
      async () => {
        await post('payment', `/payments/${orderId}/refund/retry`, {}, operator);
        return payment(orderId);
      },
      (seen) => seen.status === 'REFUNDED',
    );
    await eventually(status, (order) => order.status === 'CANCELLED' && order.reason === 'OUT_OF_STOCK');
    expect(await moved(orderId)).toEqual(['charge', 'refund']);
  });

  it('gets the answer of the provider in the end when the provider fails at first, and is charged once', async () => {
    const { orderId } = await place('SKU-006', 'tok_flaky_3');
    expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect(await moved(orderId)).toEqual(['charge']);
  });
});

describe.each(styles)('200 orders, $style, for a product with 50 units', ({ place }) => {
  it('end as exactly 50 confirmed, and the others refunded', async () => {
    const before = await stockOf('SKU-050');
    if (before.available < 50) {
      await post('inventory', '/stock/SKU-050/restock', { quantity: 50 - before.available });
    }
    const orders = await Promise.all(Array.from({ length: 200 }, () => place('SKU-050')));
    const ends = await Promise.all(orders.map(({ orderId }) => ended(orderId)));
    const confirmed = ends.filter(({ status }) => status === 'CONFIRMED');
    expect(confirmed).toHaveLength(50);
    expect(ends.filter(({ reason }) => reason === 'OUT_OF_STOCK')).toHaveLength(150);
    const stock = await eventually(
      () => stockOf('SKU-050'),
      ({ reserved }) => reserved === 0,
    );
    expect(stock).toMatchObject({ available: 0, shipped: before.shipped + 50 });
    const payments = await Promise.all(ends.map(({ orderId }) => payment(orderId)));
    expect(payments.filter(({ status }) => status === 'COMPLETED')).toHaveLength(50);
    expect(payments.filter(({ status }) => status === 'REFUNDED')).toHaveLength(150);
  });
});

describe('the pages of an order', () => {
  const toldBy = (fact: string): string => {
    if (/^(Payment|Money)/.test(fact)) return 'payment';
    return /^(Stock|Reservation)/.test(fact) ? 'inventory' : 'shipping';
  };
  /** From placing to end. In between, what one service told stays in its order; services tell by topics of their own, in any. */
  const byService = <Fact>(facts: readonly Fact[], nameOf: (fact: Fact) => string): Fact[] => {
    const others = facts.slice(1, -1);
    const told = ['payment', 'inventory', 'shipping'].flatMap((service) =>
      others.filter((fact) => toldBy(nameOf(fact)) === service),
    );
    return [...facts.slice(0, 1), ...told, ...facts.slice(-1)];
  };

  const pages = async (orderId: string) => {
    const { body: history } = await get<{ events: { type: string; data: object }[] }>(
      'order',
      `/orders/${orderId}/history`,
    );
    const events = byService(history.events, ({ type }) => type);
    const stream = await fetch(`${urlOf('order')}/orders/${orderId}/events`).then((answer) => answer.text());
    const streamed = [...stream.matchAll(/^event: (\w+)$/gm)].map(([, event = '']) => event);
    return {
      order: Object.keys((await get<object>('order', `/orders/${orderId}`)).body),
      history: events.map(({ type }) => type),
      data: events.slice(1).map(({ data }) => Object.keys(data).sort()),
      stream: [...byService(streamed.slice(0, -1), (event) => event), ...streamed.slice(-1)],
    };
  };

  it.each([
    ['is confirmed', 'SKU-005', 'tok_ok'],
    ['is declined', 'SKU-005', 'tok_declined'],
    ['is out of stock', 'SKU-099', 'tok_ok'],
    ['is refused by the carrier', 'SKU-100', 'tok_ok'],
  ])('that %s do not tell how it was run', async (_, sku, token) => {
    const [choreographed, orchestrated] = await Promise.all([
      placeChoreographed(sku, token),
      placeOrchestrated(sku, token),
    ]);
    await Promise.all([choreographed, orchestrated].map(({ orderId }) => ended(orderId)));
    expect(await pages(orchestrated.orderId)).toEqual(await pages(choreographed.orderId));
  });
});
