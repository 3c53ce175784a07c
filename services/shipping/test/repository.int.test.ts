import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClonedDatabase, cloneWithClient } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/shipping-database';
import { shippingApi } from '../src/api.ts';
import { findShipment, shipmentRepository } from '../src/repository.ts';
import type { Shipment } from '../src/shipment.ts';

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('shipping', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const save = (...rows: readonly Shipment[]) =>
  clone.database.$transaction((tx) => shipmentRepository.save(tx, new Map(rows.map((row) => [row.orderId, row]))));
const load = (...keys: readonly string[]) => clone.database.$transaction((tx) => shipmentRepository.load(tx, keys));

const parcel = () => ({
  orderId: randomUUID(),
  shipmentId: randomUUID(),
  items: [
    { sku: 'SKU-001', quantity: 2 },
    { sku: 'SKU-“Ω”', quantity: 1 },
  ],
});
const acceptance = () => ({ bookingId: randomUUID(), carrier: 'Sandbox Parcel', trackingNumber: 'TRK-1' });

const moment = new Date('2026-11-21T09:30:00.123Z');

/** Every state that there is, with and without what it may have. */
const everyState = (): Shipment[] => [
  { ...parcel(), status: 'BOOKING' },
  { ...parcel(), status: 'BOOKING', orderCancelled: true },
  { ...parcel(), ...acceptance(), status: 'SCHEDULED' },
  { ...parcel(), ...acceptance(), status: 'CANCELLING', cancelAttempts: 0 },
  { ...parcel(), ...acceptance(), status: 'CANCEL_FAILED', cancelAttempts: 6, detail: 'Too late.' },
  {
    ...parcel(),
    ...acceptance(),
    status: 'CANCEL_FAILED',
    cancelAttempts: 1,
    detail: 'Too late.',
    nextAttemptAt: moment,
  },
  { ...parcel(), ...acceptance(), status: 'CANCELLED', cancelAttempts: 1 },
  { ...parcel(), ...acceptance(), status: 'RESOLVED', cancelAttempts: 6, detail: 'It comes back.' },
  { ...parcel(), status: 'FAILED', detail: '' },
  { status: 'VOID', orderId: randomUUID() },
  { ...parcel(), status: 'BOOKING', orchestrated: true },
  { ...parcel(), ...acceptance(), status: 'CANCELLED', cancelAttempts: 1, orchestrated: true },
];

describe('a shipment that is saved', () => {
  it('is loaded again as it was, whatever its state', async () => {
    const shipments = everyState();
    await save(...shipments);
    const loaded = await load(...shipments.map(({ orderId }) => orderId), randomUUID());
    expect(loaded).toEqual(new Map(shipments.map((shipment) => [shipment.orderId, shipment])));
  });

  it('takes the place of what its order had, and keeps the moment of its beginning', async () => {
    const first: Shipment = { ...parcel(), status: 'BOOKING', orderCancelled: true };
    await save(first);
    const before = await findShipment(clone.database, first.orderId);
    const { orderCancelled: _, ...known } = first;
    const second: Shipment = { ...known, ...acceptance(), status: 'CANCELLING', cancelAttempts: 0 };
    await save(second);
    expect((await load(first.orderId)).get(first.orderId)).toEqual(second);
    expect(await findShipment(clone.database, first.orderId)).toMatchObject({ createdAt: before?.createdAt });
  });

  it('is refused by the database itself when one booking was to carry two orders', async () => {
    const booked = acceptance();
    await save({ ...parcel(), ...booked, status: 'SCHEDULED' });
    await expect(save({ ...parcel(), ...booked, status: 'SCHEDULED' })).rejects.toMatchObject({ code: 'P2010' });
  });

  it('is refused by the database itself when an order was to be shipped again, however it is spelled', async () => {
    for (const first of everyState()) {
      await save(first);
      for (const orderId of [first.orderId, first.orderId.toUpperCase()]) {
        const again: Shipment = { ...parcel(), orderId, status: 'BOOKING' };
        await expect(save(again)).rejects.toThrow(`which is ${first.status}: it is shipped once`);
      }
      expect((await load(first.orderId)).get(first.orderId)).toEqual(first);
    }
  });

  it.each([
    ['an unknown status', { ...parcel(), status: 'LOST' }],
    ['scheduled by nobody', { ...parcel(), status: 'SCHEDULED' }],
    ['booked before the carrier has answered', { ...parcel(), ...acceptance(), status: 'BOOKING' }],
    ['taken back, and nobody counts how often it was tried', { ...parcel(), ...acceptance(), status: 'CANCELLING' }],
    ['settled by hand, and nobody says how', { ...parcel(), ...acceptance(), status: 'RESOLVED', cancelAttempts: 6 }],
    ['a tombstone with a parcel', { ...parcel(), status: 'VOID' }],
    ['a tombstone of an order whose style is known', { status: 'VOID', orderId: randomUUID(), orchestrated: true }],
    ['a refusal without a word', { ...parcel(), status: 'FAILED' }],
  ])('is refused by the database itself when it is %s', async (_, row) => {
    await expect(save(row as unknown as Shipment)).rejects.toMatchObject({ code: 'P2010' });
  });
});

describe('GET /shipments/:orderId', () => {
  const show = async (orderId: string) => {
    const routes = shippingApi({ database: clone.database, config: undefined, changes: { next: async () => {} } });
    const [route] = routes;
    if (route?.kind !== 'query') throw new Error('there is no such route');
    const answer = await route.handle({ params: { orderId }, query: { wait: 0 } } as never);
    return { shown: answer.body, checked: route.response.parse(answer.body) };
  };

  const hidden = { orderCancelled: undefined, orchestrated: undefined };

  it('shows every state as it is described, and nothing more', async () => {
    const shipments = everyState();
    await save(...shipments);
    for (const shipment of shipments) {
      const { shown, checked } = await show(shipment.orderId);
      const { orderCancelled: _, orchestrated: __, ...visible } = { ...hidden, ...shipment };
      const next = 'nextAttemptAt' in shipment ? { nextAttemptAt: moment.toISOString() } : {};
      expect(shown).toEqual({ ...visible, ...next, createdAt: expect.any(String), updatedAt: expect.any(String) });
      expect(checked).toEqual(shown);
    }
  });

  it('says so when there is none', async () => {
    await expect(show(randomUUID())).rejects.toMatchObject({ code: 'SHIPMENT_NOT_FOUND', status: 404 });
  });
});
