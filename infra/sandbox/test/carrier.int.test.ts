import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, folder, itemsOf, post, start } from './running.ts';

afterEach(cleanUp);

const parcel = { reference: 'order-1', items: [{ sku: 'SKU-001', quantity: 2 }] };

describe('the carrier', () => {
  it('books once for each key, also across kill -9', async () => {
    const dataDir = folder();
    const carrier = await start('carrier', dataDir);
    const first = await post(`${carrier.url}/v1/bookings`, parcel, 'book/order-1');
    expect(first).toMatchObject({
      status: 201,
      body: { id: expect.any(String), trackingNumber: expect.any(String), carrier: 'Sandbox Parcel' },
    });
    await carrier.stop('SIGKILL');
    const again = await start('carrier', dataDir);
    expect(await post(`${again.url}/v1/bookings`, parcel, 'book/order-1')).toEqual(first);
    expect((await post(`${again.url}/v1/bookings`, { ...parcel, reference: 'order-2' }, 'book/order-1')).status).toBe(
      422,
    );
    expect(await itemsOf(`${again.url}/v1/bookings?reference=order-1`)).toHaveLength(1);
  });

  it('refuses SKU-100', async () => {
    const { url } = await start('carrier', folder());
    const items = [...parcel.items, { sku: 'SKU-100', quantity: 1 }];
    expect(await post(`${url}/v1/bookings`, { ...parcel, items }, 'k')).toMatchObject({
      status: 422,
      body: { error: { code: 'refused', message: 'Sandbox Parcel does not carry SKU-100.' } },
    });
    expect((await itemsOf(`${url}/v1/bookings`)).map((booking) => booking.status)).toEqual(['refused']);
  });

  it('cancels a booking, as often as it is asked, and remembers it', async () => {
    const dataDir = folder();
    let carrier = await start('carrier', dataDir);
    const { body } = await post(`${carrier.url}/v1/bookings`, parcel, 'k');
    for (let n = 0; n < 2; n += 1) {
      expect(await post(`${carrier.url}/v1/bookings/${body.id}/cancel`, {})).toEqual({
        status: 200,
        body: { status: 'cancelled' },
      });
      await carrier.stop('SIGKILL');
      carrier = await start('carrier', dataDir);
    }
    expect((await itemsOf(`${carrier.url}/v1/bookings?reference=order-1`)).map((booking) => booking.status)).toEqual([
      'cancelled',
    ]);
    expect((await post(`${carrier.url}/v1/bookings/bk_none/cancel`, {})).status).toBe(404);
  });

  it('refuses to take SKU-097 back once for each piece of it, also across kill -9, and then takes it back', async () => {
    const dataDir = folder();
    const carrier = await start('carrier', dataDir);
    const items = [...parcel.items, { sku: 'SKU-097', quantity: 2 }];
    const { body } = await post(`${carrier.url}/v1/bookings`, { ...parcel, items }, 'k');
    const refused = { status: 422, body: { error: { code: 'cancel_refused' } } };
    expect(await post(`${carrier.url}/v1/bookings/${body.id}/cancel`, {})).toMatchObject(refused);
    await carrier.stop('SIGKILL');
    const again = await start('carrier', dataDir);
    expect(await post(`${again.url}/v1/bookings/${body.id}/cancel`, {})).toMatchObject(refused);
    expect((await itemsOf(`${again.url}/v1/bookings`)).map((booking) => booking.status)).toEqual(['booked']);
    expect((await post(`${again.url}/v1/bookings/${body.id}/cancel`, {})).status).toBe(200);
    expect((await itemsOf(`${again.url}/v1/bookings`)).map((booking) => booking.status)).toEqual(['cancelled']);
  });

  it('takes a second for each piece of SKU-096', async () => {
    const { url } = await start('carrier', folder());
    const began = performance.now();
    const items = [{ sku: 'SKU-096', quantity: 1 }];
    expect((await post(`${url}/v1/bookings`, { ...parcel, items }, 'k')).status).toBe(201);
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
  });

  it.each([
    ['no items', { ...parcel, items: [] }, '/items'],
    ['items that are no list', { ...parcel, items: 'SKU-001' }, '/items'],
    ['an item that is no object', { ...parcel, items: [null] }, '/items/0'],
    ['a quantity of 0', { ...parcel, items: [{ sku: 'SKU-001', quantity: 0 }] }, '/items/0/quantity'],
    ['a missing sku', { ...parcel, items: [parcel.items[0], { quantity: 1 }] }, '/items/1/sku'],
    ['a missing reference', { items: parcel.items }, '/reference'],
  ])('answers %s with 400 and the field', async (_, body, field) => {
    const { url } = await start('carrier', folder());
    expect(await post(`${url}/v1/bookings`, body, 'k')).toMatchObject({ status: 400, body: { error: { field } } });
  });
});

describe('a carrier that was made slow', () => {
  it('answers later until it is told otherwise, and books the same', async () => {
    const { url } = await start('carrier', folder());
    expect(await post(`${url}/v1/slowness`, { ms: 300 })).toEqual({ status: 200, body: { ms: 300 } });
    const before = performance.now();
    expect(await post(`${url}/v1/bookings`, parcel, 'slow')).toMatchObject({ status: 201 });
    expect(performance.now() - before).toBeGreaterThan(290);
    await post(`${url}/v1/slowness`, { ms: 0 });
    const again = performance.now();
    await post(`${url}/v1/bookings`, parcel, 'quick');
    expect(performance.now() - again).toBeLessThan(290);
    expect(await post(`${url}/v1/slowness`, { ms: -1 })).toMatchObject({ status: 400 });
  });
});
