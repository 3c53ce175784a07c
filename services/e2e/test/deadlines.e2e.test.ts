import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Accepted, ended, eventually, get, moved, payment, place, stockOf, urlOf } from './system.ts';

/** Longer than ORDER_DEADLINE_MS of the tests' stack: the outside answers after the order was ended and compensated. */
const LATE_S = 28;

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
  // Both at once: each takes as long as the outside is silent.
  let silentProvider: Accepted;
  let silentCarrier: Accepted;
  beforeAll(async () => {
    silentProvider = await place('SKU-005', `tok_slow_${LATE_S * 1_000}`);
    silentCarrier = await place('SKU-096', 'tok_ok', LATE_S);
  });

  it('is reported as stuck before, with the place where it stands', async () => {
    expect(await eventually(() => stuck(silentProvider.orderId), Boolean)).toMatchObject({
      ...{ status: 'PENDING', owes: 'payment', lastEvent: 'OrderPlaced', allowedMs: 3_000 },
      expected: ['PaymentCompleted', 'PaymentFailed', 'PaymentApprovalRequired'],
    });
    expect(await eventually(() => stuck(silentCarrier.orderId), Boolean)).toMatchObject({
      ...{ status: 'PENDING', owes: 'shipping', expected: ['ShipmentScheduled', 'ShipmentFailed'] },
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
  }, 60_000);

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
  }, 60_000);
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
