import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import type { Front } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { paymentService } from '@troupe/payment';
import { InventoryReserved, OrderCancelled, OrderConfirmed, OrderCreated, PaymentCompleted } from '@troupe/schemas';
import { shippingService } from '@troupe/shipping';
import { OrderAt, type Part } from './orchestrated/part.ts';
import { type Rig, rigOf } from './rig.ts';

const [customerId, currency, amount, paymentToken] = ['ada', 'USD', 2_100, 'tok_ok'];
const items = [{ sku: 'SKU-001', quantity: 2 }];
const soldOut = [{ sku: 'SKU-099', quantity: 1 }];
const cancelled = (orderId: string) =>
  OrderCancelled({ orderId, customerId, items, reason: 'CUSTOMER', detail: 'You cancelled the order.' });
const confirmed = (orderId: string) => OrderConfirmed({ orderId, customerId, items, amount, currency });

const acceptance = { kind: 'booked', carrier: 'Sandbox Parcel', trackingNumber: 'TRK-1' };
const refused = { kind: 'refused', detail: 'Not today.' };

/** How an order gets into a status, and what it is after an orchestrator has asked for the undoing. */
interface Place {
  readonly status: string;
  readonly undone: string;
  readonly how: (order: OrderAt) => Promise<unknown>;
}

interface Cast {
  readonly open: () => Promise<Rig>;
  readonly part: Part;
  readonly accepts: number;
  readonly places: readonly Place[];
  readonly misuse: readonly (readonly [what: string, change: object, status: number])[];
}

const charged = (order: OrderAt) => order.answered('Charge', { kind: 'charged', chargeId: `ch_${order.orderId}` });
const paid = (order: OrderAt) => order.done().then(() => charged(order));
const refunding = (order: OrderAt) => paid(order).then(() => order.undone());
const refundFailed = (order: OrderAt) => refunding(order).then(() => order.answered('Refund', refused));
const booked = (order: OrderAt) =>
  order.done().then(() => order.answered('Book', { ...acceptance, bookingId: `bk_${order.orderId}` }));
const cancelling = (order: OrderAt) => booked(order).then(() => order.undone());
const cancelFailed = (order: OrderAt) => cancelling(order).then(() => order.answered('CancelBooking', refused));
const settled = (order: OrderAt, path: string) =>
  order.post(path, { reason: 'By hand.' }, { operator: 'grace' }).then(({ status }) => expect(status).toBe(200));

const payment: Cast = {
  open: () => rigOf(paymentService, 'payment'),
  accepts: 202,
  part: {
    does: { path: '/payments', body: (orderId) => ({ orderId, customerId, items, amount, currency, paymentToken }) },
    undoes: { path: (orderId) => `/payments/${orderId}/refunds`, body: { reason: 'ORDER_CANCELLED' } },
    shown: (orderId) => `/payments/${orderId}`,
    hears: {
      done: (orderId) => {
        const priced = items.map((item) => ({ ...item, unitPrice: amount / 2 }));
        return OrderCreated({ orderId, customerId, items: priced, amount, currency, paymentToken });
      },
      undone: cancelled,
    },
  },
  places: [
    { status: 'AWAITING_APPROVAL', undone: 'FAILED', how: (order) => order.done({ amount: 149_900 }) },
    { status: 'CHARGING', undone: 'CHARGING', how: (order) => order.done() },
    { status: 'COMPLETED', undone: 'REFUNDING', how: paid },
    {
      status: 'FAILED',
      undone: 'FAILED',
      how: (order) => order.done().then(() => order.answered('Charge', { kind: 'declined', detail: 'No.' })),
    },
    { status: 'REFUNDING', undone: 'REFUNDING', how: refunding },
    { status: 'REFUND_FAILED', undone: 'REFUND_FAILED', how: refundFailed },
    {
      status: 'REFUNDED',
      undone: 'REFUNDED',
      how: (order) => refunding(order).then(() => order.answered('Refund', { kind: 'refunded', refundId: 're_1' })),
    },
    {
      status: 'RESOLVED',
      undone: 'RESOLVED',
      how: (order) => refundFailed(order).then(() => settled(order, `/payments/${order.orderId}/refund/resolve`)),
    },
  ],
  misuse: [
    ['nothing to pay', { amount: 0 }, 422],
    ['a fraction of a cent', { amount: 0.5 }, 422],
    ['a currency that is none', { currency: 'dollars' }, 422],
    ['no items', { items: [] }, 422],
    ['an order that is none', { orderId: 'mine' }, 422],
    ['a style of its own', { orchestrated: false }, 400],
    ['no means of payment', { paymentToken: undefined }, 400],
  ],
};

const inventory: Cast = {
  open: () => rigOf(inventoryService, 'inventory'),
  accepts: 200,
  part: {
    does: { path: '/reservations', body: (orderId) => ({ orderId, items }) },
    undoes: { path: (orderId) => `/reservations/${orderId}/release`, body: { items, reason: 'ORDER_CANCELLED' } },
    shown: (orderId) => `/reservations/${orderId}`,
    hears: {
      done: (orderId) => PaymentCompleted({ orderId, paymentId: uuidv7(), customerId, items, amount, currency }),
      undone: cancelled,
    },
  },
  places: [
    { status: 'RESERVED', undone: 'RELEASED', how: (order) => order.done() },
    { status: 'FAILED', undone: 'FAILED', how: (order) => order.done({ items: soldOut }) },
    { status: 'RELEASED', undone: 'RELEASED', how: (order) => order.done().then(() => order.undone()) },
    {
      status: 'SHIPPED',
      undone: 'SHIPPED',
      how: (order) => order.done().then(() => order.hear(confirmed(order.orderId))),
    },
  ],
  misuse: [
    ['no items', { items: [] }, 422],
    ['half a piece', { items: [{ sku: 'SKU-001', quantity: 0.5 }] }, 422],
    ['a price', { items: [{ sku: 'SKU-001', quantity: 1, unitPrice: 1 }] }, 400],
    ['no order', { orderId: undefined }, 400],
  ],
};

const shipping: Cast = {
  open: () => rigOf(shippingService, 'shipping'),
  accepts: 202,
  part: {
    does: { path: '/shipments', body: (orderId) => ({ orderId, items }) },
    undoes: { path: (orderId) => `/shipments/${orderId}/cancel`, body: {} },
    shown: (orderId) => `/shipments/${orderId}`,
    hears: { done: (orderId) => InventoryReserved({ orderId, items }), undone: cancelled },
  },
  places: [
    { status: 'BOOKING', undone: 'BOOKING', how: (order) => order.done() },
    { status: 'SCHEDULED', undone: 'CANCELLING', how: booked },
    {
      status: 'FAILED',
      undone: 'FAILED',
      how: (order) => order.done().then(() => order.answered('Book', refused)),
    },
    { status: 'CANCELLING', undone: 'CANCELLING', how: cancelling },
    { status: 'CANCEL_FAILED', undone: 'CANCEL_FAILED', how: cancelFailed },
    {
      status: 'CANCELLED',
      undone: 'CANCELLED',
      how: (order) => cancelling(order).then(() => order.answered('CancelBooking', { kind: 'cancelled' })),
    },
    {
      status: 'RESOLVED',
      undone: 'RESOLVED',
      how: (order) =>
        cancelFailed(order).then(() => settled(order, `/shipments/${order.orderId}/cancellation/resolve`)),
    },
  ],
  misuse: [
    ['no items', { items: [] }, 422],
    ['a parcel of nothing', { items: [{ sku: 'SKU-001', quantity: 0 }] }, 422],
    ['an address', { address: 'Baker Street' }, 400],
  ],
};

describe.each(Object.entries({ payment, inventory, shipping }))('%s, asked over HTTP', (_, cast) => {
  let rig: Rig;
  let front: Front;
  beforeAll(async () => {
    rig = await cast.open();
    front = await rig.serve();
  });
  afterAll(async () => {
    await front.close();
    await rig.close();
  });
  const orderOf = (style: 'orchestrated' | 'choreographed') =>
    new OrderAt(uuidv7(), { rig, front, part: cast.part, style });

  it('does a step once for its idempotency key, and gives the same answer again', async () => {
    const order = orderOf('orchestrated');
    const first = await order.askDo('step-1');
    const after = await order.consequences();
    expect(first).toMatchObject({ status: cast.accepts, body: { orderId: order.orderId } });
    for (const { status, headers, body } of [await order.askDo('step-1'), await order.askDo('step-1')]) {
      expect({ status, body }).toEqual({ status: first.status, body: first.body });
      expect(headers.get('idempotency-replayed')).toBe('true');
      expect(headers.get('location')).toBe(first.headers.get('location'));
    }
    expect(await order.consequences()).toEqual(after);
    const other = { ...cast.part.does.body(order.orderId), items: soldOut };
    expect(await order.askDo('step-1', other)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });

    const undone = await order.askUndo('undo-1');
    await order.askUndo('undo-2');
    const { status, body, headers } = await order.askUndo('undo-1');
    expect({ status, body }).toEqual({ status: undone.status, body: undone.body });
    expect(headers.get('idempotency-replayed')).toBe('true');
  });

  it.each(cast.places.map((place) => [place.status, place] as const))(
    'that is %s answers what it is, and after the undoing what came of it; a second time nothing happens',
    async (status, { how, undone }) => {
      const order = orderOf('orchestrated');
      await how(order);
      const before = await order.consequences();
      expect(await order.look()).toMatchObject({ status: 200, body: { status } });
      expect(await order.askDo()).toMatchObject({ status: cast.accepts, body: { status } });
      expect(await order.consequences()).toEqual(before);

      expect(await order.askUndo()).toMatchObject({ status: cast.accepts, body: { status: undone } });
      const after = await order.consequences();
      expect(await order.askUndo()).toMatchObject({ status: cast.accepts, body: { status: undone } });
      expect(await order.look()).toMatchObject({ body: { status: undone } });
      expect(await order.consequences()).toEqual(after);
    },
  );

  it.each(cast.places.map((place) => [place.status, place] as const))(
    'says and asks the outside the same as in the dance, until it is %s',
    async (status, { how }) => {
      const [orchestrated, choreographed] = [orderOf('orchestrated'), orderOf('choreographed')];
      await how(orchestrated);
      await how(choreographed);
      expect(await choreographed.look()).toMatchObject({ body: { status } });
      expect(await orchestrated.consequences()).toEqual(await choreographed.consequences());
    },
  );

  it.each(cast.places.map((place) => [place.status, place] as const))(
    'refuses what is asked of an order that has no orchestrator and is %s',
    async (status, { how }) => {
      const order = orderOf('choreographed');
      await how(order);
      const before = await order.consequences();
      for (const answer of [await order.askDo('do'), await order.askUndo('undo')]) {
        expect(answer).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_ORCHESTRATED', status: 409 } });
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(answer.body.detail).toContain(order.orderId);
      }
      expect(await order.look()).toMatchObject({ body: { status } });
      expect(await order.consequences()).toEqual(before);
    },
  );

  it.each([
    ['asked to undo', (order: OrderAt) => order.askUndo()],
    ['told that the order was cancelled', (order: OrderAt) => order.hear(cancelled(order.orderId))],
  ])('does nothing for an order for which it was %s first', async (_told, undo) => {
    const order = orderOf('orchestrated');
    await undo(order);
    for (const late of [await order.askDo(), await order.askUndo(), await order.askDo()]) {
      expect(late).toMatchObject({ status: cast.accepts, body: { orderId: order.orderId, status: 'VOID' } });
    }
    expect(await order.look()).toMatchObject({ body: { status: 'VOID' } });
    expect(await order.consequences()).toEqual({ said: [], pending: [] });
  });

  it.each(cast.misuse)('refuses %s, and says what is wrong', async (_what, change, status) => {
    const order = orderOf('orchestrated');
    const answer = await order.askDo(undefined, { ...cast.part.does.body(order.orderId), ...change });
    expect(answer).toMatchObject({ status, body: { errors: [expect.anything()], traceId: expect.any(String) } });
    expect(await order.look()).toMatchObject({ status: 404 });
  });
});

describe('an orchestrator that waits', () => {
  it.each([
    ['for a payment', payment, (order: OrderAt) => charged(order), ['CHARGING', 'COMPLETED']],
    ['for a refund', payment, (order: OrderAt) => order.answered('Refund', refused), ['REFUNDING', 'REFUND_FAILED']],
    ['for a booking', shipping, (order: OrderAt) => order.answered('Book', refused), ['BOOKING', 'FAILED']],
  ] as const)('%s is answered as soon as the outside has', async (_, cast, outside, [from, to]) => {
    const rig = await cast.open();
    const front = await rig.serve();
    const order = new OrderAt(uuidv7(), { rig, front, part: cast.part, style: 'orchestrated' });
    await cast.places.find(({ status }) => status === from)?.how(order);
    expect((await order.look(0)).body).toMatchObject({ status: from });
    expect((await order.look(1)).body).toMatchObject({ status: from });
    let answered = false;
    const askedAt = performance.now();
    const waiting = order.look(30).finally(() => {
      answered = true;
    });
    await order.look(0);
    expect(answered).toBe(false);
    await outside(order);
    expect((await waiting).body).toMatchObject({ status: to });
    expect(performance.now() - askedAt).toBeLessThan(25_000);
    await front.close();
    await rig.close();
  });
});

describe('inventory, asked over HTTP', () => {
  it('says what is out of stock, and does not call it an error', async () => {
    const rig = await inventory.open();
    const front = await rig.serve();
    const order = new OrderAt(uuidv7(), { rig, front, part: inventory.part, style: 'orchestrated' });
    const failed = {
      orderId: order.orderId,
      status: 'FAILED',
      items: soldOut,
      reason: 'OUT_OF_STOCK',
      detail: 'Of SKU-099 there are 0 left, and 1 were ordered.',
    };
    expect(await order.askDo('step', { orderId: order.orderId, items: soldOut })).toMatchObject({
      status: 200,
      body: failed,
    });
    expect((await order.look()).body).toEqual(failed);
    expect((await order.askUndo()).body).toEqual(failed);
    await front.close();
    await rig.close();
  });

  it('releases nothing when not all is named that is reserved', async () => {
    const rig = await inventory.open();
    const front = await rig.serve();
    const order = new OrderAt(uuidv7(), { rig, front, part: inventory.part, style: 'orchestrated' });
    await order.askDo();
    const some = await order.askUndo(undefined, { items: soldOut, reason: 'ORDER_CANCELLED' });
    expect(some).toMatchObject({ status: 422, body: { code: 'ITEMS_INCOMPLETE', errors: [{ field: '/items' }] } });
    expect((await order.look()).body).toMatchObject({ status: 'RESERVED' });
    await front.close();
    await rig.close();
  });
});
