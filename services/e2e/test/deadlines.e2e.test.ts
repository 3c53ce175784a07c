import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHastyOrder } from './outages/hasty-order.ts';
import type { StartedInstance } from './outages/instance.ts';
import { type Accepted, ended, eventually, get, moved, payment, stockOf, urlOf } from './system.ts';

/** An order has that of the process that took it. */
const DEADLINE_S = 20;
/** So much later that the order was ended and compensated before, also on a busy machine. */
const LATE_S = 40;

interface StuckOrder {
  readonly orderId: string;
  readonly status: string;
  readonly owes: string;
  readonly expected: readonly string[];
  readonly allowedMs: number;
  readonly lastEvent: string;
}
const stuck = async (orderId: string) => {
  const { body } = await get<{ items: StuckOrder[] }>('order', '/orders/stuck?limit=100');
  return body.items.find((order) => order.orderId === orderId);
};
const shipment = async (orderId: string) => (await get<{ status: string }>('shipping', `/shipments/${orderId}`)).body;
const metric = async (at: string) => {
  const text = await (await fetch(`${urlOf('order')}/metrics`)).text();
  return Number(new RegExp(`^troupe_sagas_stuck{at="${at}"[^}]*} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
};

describe('an order past its deadline', () => {
  let hasty: StartedInstance;
  // Both at once: each takes as long as the outside is silent.
  let silentProvider: Accepted;
  let silentCarrier: Accepted;
  beforeAll(async () => {
    hasty = await startHastyOrder(DEADLINE_S * 1_000);
    silentProvider = await placeHastily('SKU-005', 1, `tok_slow_${LATE_S * 1_000}`);
    silentCarrier = await placeHastily('SKU-096', LATE_S);
  });
  afterAll(() => hasty?.end());

  async function placeHastily(sku: string, quantity: number, paymentToken = 'tok_ok'): Promise<Accepted> {
    const response = await fetch(`${hasty.url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items: [{ sku, quantity }], paymentToken }),
    });
    expect(response.status).toBe(202);
    return (await response.json()) as Accepted;
  }

  it('is reported as stuck before, with the place where it stands', async () => {
    expect(await eventually(() => stuck(silentProvider.orderId), Boolean)).toMatchObject({
      status: 'PENDING',
      owes: 'payment',
      lastEvent: 'OrderPlaced',
      allowedMs: 3_000,
      expected: ['PaymentCompleted', 'PaymentFailed', 'PaymentApprovalRequired'],
    });
    // On its way there it may be stuck elsewhere, where the machine is busy.
    const atCarrier = await eventually(
      () => stuck(silentCarrier.orderId),
      (order) => order?.owes === 'shipping',
    );
    expect(atCarrier).toMatchObject({
      status: 'PENDING',
      owes: 'shipping',
      expected: ['ShipmentScheduled', 'ShipmentFailed'],
    });
    for (const at of ['payment', 'shipping']) {
      await eventually(
        () => metric(at),
        (count) => count >= 1,
      );
    }
  });

  it('is ended while the provider is silent, and what is charged after that is given back', async () => {
    const { orderId } = silentProvider;
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(await payment(orderId)).toMatchObject({ status: 'CHARGING' });
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'REFUNDED',
    );
    expect(await moved(orderId)).toEqual(['charge', 'refund']);
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(await stuck(orderId)).toBeUndefined();
  });

  it('is ended while the carrier is silent: money and stock go back, and what is booked after that is taken back', async () => {
    const { orderId } = silentCarrier;
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'REFUNDED',
    );
    await eventually(
      () => stockOf('SKU-096'),
      ({ reserved }) => reserved === 0,
    );
    await eventually(
      () => shipment(orderId),
      ({ status }) => status === 'CANCELLED',
    );
    const { body } = await get<{ items: { status: string }[] }>('carrier', `/v1/bookings?reference=${orderId}`);
    expect(body.items.map(({ status }) => status)).toEqual(['cancelled']);
    expect(await moved(orderId)).toEqual(['charge', 'refund']);
  });
});

describe('every service', () => {
  it.each([
    ['order', ['ChargePayment', 'RefundPayment', 'ReserveStock', 'ReleaseStock', 'ScheduleShipment', 'CancelShipment']],
    ['payment', ['Charge', 'Refund']],
    ['inventory', []],
    ['shipping', ['Book', 'CancelBooking']],
    ['notification', ['Send']],
  ] as const)('tells what waits in it, and why: %s', async (service, calls) => {
    const { status, body } = await get<{ calls: { call: string }[] }>(service, '/waiting?limit=1');
    expect(status).toBe(200);
    expect(body).toMatchObject({ timers: [], deadLetters: expect.any(Array) });
    expect(body.calls.map(({ call }) => call)).toEqual(calls);
    expect((await get(service, '/waiting?limit=0')).status).toBe(400);
  });
});
