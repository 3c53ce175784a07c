import { describe, expect, it } from '@jest/globals';
import { fromStack, query } from '@troupe/chassis/testing';
import {
  eventually,
  get,
  type HttpAnswer,
  moved,
  type OrderView,
  operator,
  payment,
  place,
  placeAll,
  post,
} from './system.ts';

interface Shipment {
  readonly status: string;
  readonly cancelAttempts?: number;
}
interface Refusal {
  readonly code: string;
}
interface StuckOrder {
  readonly orderId: string;
  readonly owes: string;
  readonly cause?: string;
}
const orderOf = async (orderId: string) => (await get<OrderView>('order', `/orders/${orderId}`)).body;
const shipment = async (orderId: string) => (await get<Shipment>('shipping', `/shipments/${orderId}`)).body;
const stuck = async (orderId: string) => {
  const { body } = await get<{ items: StuckOrder[] }>('order', '/orders/stuck?limit=100');
  return body.items.find((order) => order.orderId === orderId);
};
/** What the audit trail of a service has of an order. */
const acts = (service: string, orderId: string) => {
  const url = new URL(fromStack('TEST_POSTGRES_ADMIN_URL'));
  url.pathname = `/troupe_${service}`;
  return query(
    url.href,
    `SELECT operator, act, reason, now() - at < interval '1 minute' AS dated FROM chassis.operator_act
     WHERE target = '${orderId}' ORDER BY id`,
  );
};
/** Again while an attempt is under way: a person is told to wait for its answer. */
const settled = (act: () => Promise<HttpAnswer<unknown>>) => eventually(act, ({ status }) => status !== 409);

describe('a refund that the provider refuses', () => {
  it('is tried again by itself, needs attention with its cause, and is settled by hand: audited, the order cancelled', async () => {
    const { orderId } = await place('SKU-099', 'tok_refund_fails_99');
    await eventually(
      () => payment(orderId),
      ({ status, refundAttempts = 0 }) => status === 'REFUND_FAILED' && refundAttempts >= 2,
    );
    await eventually(
      () => orderOf(orderId),
      ({ status, reason }) => status === 'NEEDS_ATTENTION' && reason === 'REFUND_FAILED',
    );
    const cause = expect.stringContaining('REFUND_FAILED');
    expect(await eventually(() => stuck(orderId), Boolean)).toMatchObject({ owes: 'payment', cause });

    const path = `/payments/${orderId}/refund/resolve`;
    const reason = 'Bank transfer 4711.';
    const nobody = await post<Refusal>('payment', path, { reason });
    expect([nobody.status, nobody.body.code]).toEqual([400, 'INVALID_OPERATOR']);
    expect((await post('payment', path, {}, operator)).status).toBe(400);
    const keyed = { ...operator, 'idempotency-key': orderId };
    const resolved = await settled(() => post('payment', path, { reason }, keyed));
    expect(resolved).toMatchObject({ status: 200, body: { status: 'RESOLVED', detail: reason } });

    await eventually(
      () => orderOf(orderId),
      ({ status, reason: why }) => status === 'CANCELLED' && why === 'OUT_OF_STOCK',
    );
    const replayed = await post('payment', path, { reason }, keyed);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    const again = await post<Refusal>('payment', path, { reason }, operator);
    expect([again.status, again.body.code]).toEqual([409, 'REFUND_NOT_FAILED']);
    expect(await acts('payment', orderId)).toEqual([{ operator: 'grace', act: 'refund.resolve', reason, dated: true }]);
    expect(await moved(orderId)).toEqual(['charge']);
    expect(await stuck(orderId)).toBeUndefined();
  });

  it('cannot be settled where there is none', async () => {
    const unknown = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
    const answer = await post<Refusal>('payment', `/payments/${unknown}/refund/resolve`, { reason: 'x' }, operator);
    expect([answer.status, answer.body.code]).toEqual([404, 'PAYMENT_NOT_FOUND']);
  });
});

describe('a shipment that the carrier does not take back', () => {
  it('is tried again by itself, visible meanwhile, and settled by hand: audited, the money long back', async () => {
    const { orderId } = await placeAll([
      // The carrier takes a second for each of them: so long the order can be cancelled.
      { sku: 'SKU-096', quantity: 6 },
      { sku: 'SKU-097', quantity: 12 },
    ]);
    await eventually(
      () => shipment(orderId),
      ({ status }) => status === 'BOOKING',
    );
    await post('order', `/orders/${orderId}/cancel`, {});
    await eventually(
      () => shipment(orderId),
      ({ status, cancelAttempts = 0 }) => status === 'CANCEL_FAILED' && cancelAttempts >= 2,
    );
    expect(await orderOf(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'REFUNDED',
    );

    const retried = await settled(() =>
      post('shipping', `/shipments/${orderId}/cancellation/retry`, {}, { 'x-operator': 'ada' }),
    );
    expect(retried).toMatchObject({ status: 202, body: { status: 'CANCELLING' } });
    const reason = 'The customer sends it back.';
    const resolved = await settled(() =>
      post('shipping', `/shipments/${orderId}/cancellation/resolve`, { reason }, operator),
    );
    expect(resolved).toMatchObject({ status: 200, body: { status: 'RESOLVED', detail: reason } });
    expect(await acts('shipping', orderId)).toEqual([
      { operator: 'ada', act: 'cancellation.retry', reason: null, dated: true },
      { operator: 'grace', act: 'cancellation.resolve', reason, dated: true },
    ]);
    const bookings = await get<{ items: { status: string }[] }>('carrier', `/v1/bookings?reference=${orderId}`);
    expect(bookings.body.items.map(({ status }) => status)).toEqual(['booked']);
  });
});
