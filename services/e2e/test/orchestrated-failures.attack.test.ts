import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Command, type Mishap, type Participant, Participants } from './orchestrated/participants.ts';
import { effects, isConserved, orchestrate, orderOf, sagaEnd, sagaOf, someone, undone } from './orchestrated/sagas.ts';
import { openTheatre, type Theatre } from './outages/theatre.ts';
import { eventually, moved, operator, payment, post } from './system.ts';

let participants: Participants;
let theatre: Theatre;

beforeAll(async () => {
  participants = await Participants.listen();
  const [PAYMENT_URL, INVENTORY_URL, SHIPPING_URL] = names.map((name) => participants.url(name)) as [
    string,
    string,
    string,
  ];
  theatre = await openTheatre({ PAYMENT_URL, INVENTORY_URL, SHIPPING_URL, ORDER_DEADLINE_MS: '120000' });
  for (const name of names) participants.aim(name, theatre.stack.addresses.serviceUrl(name));
}, 240_000);

afterAll(async () => {
  await theatre?.close();
  await participants?.close();
});

const names: readonly Participant[] = ['payment', 'inventory', 'shipping'];
const steps = ['charge payment', 'reserve stock', 'schedule shipment'];
const commands: readonly Command[] = ['ChargePayment', 'ReserveStock', 'ScheduleShipment'];

/** Runs an order whose command has a mishap, to the end of its saga. */
async function withMishap(command: Command, mishap: Mishap, times?: number) {
  const customer = someone();
  participants.wish(customer, command, mishap, times);
  const orderId = await orchestrate(customer, 'SKU-011');
  const saga = await sagaEnd(orderId);
  return { saga, order: await orderOf(customer, orderId), effects: await effects(orderId) };
}

interface Case {
  readonly step: string;
  readonly at: number;
  readonly command: Command;
  /** What was done before it. */
  readonly before: readonly string[];
}
const cases: readonly Case[] = commands.map((command, at) => {
  return { step: steps[at] as string, at, command, before: ['create order', ...steps.slice(0, at)] };
});

describe('a step that is refused', () => {
  const orders = [
    ['SKU-001', 'tok_declined'],
    ['SKU-099', 'tok_ok'],
    ['SKU-100', 'tok_ok'],
  ] as const;

  it.each(cases)(
    '"$step": what was done before it is undone in reverse, and it is not',
    async ({ step, at, before }) => {
      const [sku, token] = orders[at] as (typeof orders)[number];
      const orderId = await orchestrate(someone(), sku, token);
      const saga = await sagaEnd(orderId);
      expect(saga).toMatchObject({ status: 'FAILED', cause: { step } });
      expect(undone(saga)).toEqual(before.toReversed());
      expect((await effects(orderId)).money).toEqual(at === 0 ? [] : ['charge', 'refund']);
      expect(await isConserved(sku)).toBe(true);
    },
  );
});

describe('a step without an answer that had happened', () => {
  let runs: readonly ReturnType<typeof withMishap>[];
  beforeAll(() => {
    runs = commands.map((command) => withMishap(command, 'cut'));
  });

  it.each(cases)('"$step": it is undone, and what was done before it', async ({ step, at, before }) => {
    const { saga, order, effects: seen } = await (runs[at] as ReturnType<typeof withMishap>);
    expect(order).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(saga).toMatchObject({ status: 'FAILED', cause: { code: 'UNANSWERED', step } });
    expect(undone(saga)).toEqual([...before, step].toReversed());
    expect(seen.money).toEqual(['charge', 'refund']);
    expect(seen.reservation).not.toBe('RESERVED');
    expect(seen.shipment).not.toBe('SCHEDULED');
  });
});

describe('a step without an answer that had not happened', () => {
  let runs: readonly ReturnType<typeof withMishap>[];
  beforeAll(() => {
    runs = commands.map((command) => withMishap(command, 'lost'));
  });

  it.each(cases)('"$step": it is undone all the same, which does no harm', async ({ step, at, before }) => {
    const { saga, order, effects: seen } = await (runs[at] as ReturnType<typeof withMishap>);
    expect(order).toMatchObject({ status: 'CANCELLED', reason: 'TIMEOUT' });
    expect(undone(saga)).toEqual([...before, step].toReversed());
    expect(saga.steps[at + 1]).toMatchObject({ status: 'UNKNOWN', compensation: { status: 'DONE' } });
    expect(seen.money).toEqual(at === 0 ? [] : ['charge', 'refund']);
    expect(await isConserved('SKU-011')).toBe(true);
  });
});

describe('a step that is asked more than once', () => {
  it.each(cases)(
    '"$step": answered with 500 twice and then well, it happens once, and the order is confirmed',
    async ({ at, command }) => {
      const { saga, order, effects: seen } = await withMishap(command, 'error', 2);
      expect(order.status).toBe('CONFIRMED');
      expect(saga.steps[at + 1]).toMatchObject({ status: 'DONE', attempts: 3 });
      expect(seen).toMatchObject({ money: ['charge'], shipment: 'SCHEDULED' });
    },
  );

  it.each(cases)('"$step": its answer is lost, it is asked again and happens once', async ({ command }) => {
    const { order, effects: seen } = await withMishap(command, 'cut', 1);
    expect(order.status).toBe('CONFIRMED');
    expect(seen).toMatchObject({ money: ['charge'], shipment: 'SCHEDULED' });
  });
});

describe('a step whose participant is away', () => {
  it.each(cases)(
    '"$step": its circuit opens, readiness tells why, and the orders are confirmed when it is back',
    async ({ at }) => {
      const name = names[at] as Participant;
      const back = participants.away(name);
      const customer = someone();
      const orders = await Promise.all(Array.from({ length: 12 }, () => orchestrate(customer, 'SKU-012')));
      const url = `${theatre.stack.addresses.serviceUrl('order')}/readyz`;
      const readiness = () => fetch(url).then((answer) => answer.text());
      await eventually(readiness, (told) => told.includes(`calls of ${name} in a row had no answer`));
      back();
      const ends = await Promise.all(orders.map(sagaEnd));
      expect(ends.map(({ status }) => status)).toEqual(orders.map(() => 'COMPLETED'));
      for (const orderId of orders) {
        expect(await effects(orderId)).toMatchObject({ money: ['charge'], shipment: 'SCHEDULED' });
      }
      await eventually(readiness, (told) => !told.includes('in a row had no answer'));
    },
  );
});

describe('a step that arrives only after it was undone', () => {
  it.each(cases)('"$step": it does nothing', async ({ at, command }) => {
    const customer = someone();
    participants.wish(customer, command, 'held');
    const orderId = await orchestrate(customer, 'SKU-013');
    await eventually(
      async () => participants.holding,
      (held) => held > 0,
    );
    await post('order', `/orders/${orderId}/cancel`, {}, { 'x-customer-id': customer });
    expect((await sagaEnd(orderId)).status).toBe('FAILED');
    await participants.letGo();
    const seen = await effects(orderId);
    expect(seen.money).toEqual(at === 0 ? [] : ['charge', 'refund']);
    expect(seen.reservation).not.toBe('RESERVED');
    expect(seen.shipment).not.toMatch(/BOOKING|SCHEDULED/);
    expect(await orderOf(customer, orderId)).toMatchObject({ status: 'CANCELLED', reason: 'CUSTOMER' });
    expect(await isConserved('SKU-013')).toBe(true);
  });
});

describe('a compensation that fails', () => {
  it('does not stop the others; the order needs attention, and ends when a person says that it is settled', async () => {
    const customer = someone();
    const orderId = await orchestrate(customer, 'SKU-100', 'tok_refund_fails_99');
    const stuck = await eventually(
      () => sagaOf(orderId),
      ({ status }) => status === 'COMPENSATION_FAILED',
    );
    expect(undone(stuck)).toEqual(['reserve stock', 'charge payment']);
    expect(await orderOf(customer, orderId)).toMatchObject({ status: 'NEEDS_ATTENTION', reason: 'REFUND_FAILED' });
    const path = `/sagas/${orderId}/resolve`;
    const reason = { reason: 'Bank transfer 4711.' };
    expect((await post('order', path, reason)).status).toBe(400);
    const resolve = () => post('order', path, reason, operator);
    // It is tried again by itself meanwhile: a person is told to wait for that.
    await eventually(resolve, ({ status }) => status === 202);
    expect(await sagaEnd(orderId)).toMatchObject({ status: 'FAILED' });
    expect(await orderOf(customer, orderId)).toMatchObject({ status: 'CANCELLED', reason: 'SHIPMENT_REFUSED' });
    // Payment knows as well, and does not give the money back a second time.
    expect(await payment(orderId)).toMatchObject({ status: 'RESOLVED' });
    expect(await moved(orderId)).toEqual(['charge']);
    expect((await resolve()).status).toBe(409);
  });
});
