import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Message, said, Warehouse } from './warehouse.ts';

const skus = ['SKU-001', 'SKU-002', 'SKU-003'];
const orderIds = Array.from({ length: 6 }, (_, n) => `0198c000-0000-7000-8000-00000000000${n}`);

const items = fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 1,
  maxLength: 4,
});
const units = fc
  .tuple(...skus.map(() => fc.integer({ min: 0, max: 12 })))
  .map((counts) => Object.fromEntries(skus.map((sku, at) => [sku, counts[at] as number])));

function expectConserved(warehouse: Warehouse): void {
  const wrong = warehouse.stocks.filter(
    (stock) =>
      Math.min(stock.available, stock.reserved, stock.shipped) < 0 ||
      stock.initial + stock.restocked !== stock.available + stock.reserved + stock.shipped ||
      stock.reserved !== warehouse.units(stock.sku, 'RESERVED') ||
      stock.shipped !== warehouse.units(stock.sku, 'SHIPPED'),
  );
  expect(wrong).toEqual([]);
}

describe('whatever is heard, in whatever order and however often', () => {
  const anything = fc.record({
    type: fc.constantFrom(
      ...['PaymentCompleted', 'ShipmentFailed', 'OrderCancelled', 'OrderConfirmed', 'Restock'],
      ...['ReserveItems', 'ReleaseItems'],
    ),
    orchestrated: fc.boolean(),
    order: fc.nat(orderIds.length - 1),
    quantity: fc.integer({ min: 1, max: 5 }),
  });

  it('no unit is made or lost, and no count falls below zero', () => {
    const ordered = fc.tuple(...orderIds.map(() => items));
    fc.assert(
      fc.property(units, ordered, fc.array(anything, { maxLength: 60 }), (initial, lines, messages) => {
        const warehouse = new Warehouse(initial);
        for (const { type, order, quantity, orchestrated } of messages) {
          const data = {
            orderId: orderIds[order] as string,
            items: lines[order],
            orchestrated,
            reason: 'ORDER_CANCELLED',
          };
          const restock = { sku: skus[order % skus.length] as string, quantity };
          warehouse.hear({ type, data: type === 'Restock' ? restock : data });
          expectConserved(warehouse);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** How the rest of the choreography goes on with one order, and how its customer behaves. */
interface Story {
  readonly items: { sku: string; quantity: number }[];
  /** The customer cancels; when that is heard here is up to the schedule. */
  readonly cancels: boolean;
  readonly carrierRefuses: boolean;
  /** An orchestrator asks for what is done otherwise on what is heard; that is heard all the same. */
  readonly orchestrated: boolean;
}
const story = fc.record({ items, cancels: fc.boolean(), carrierRefuses: fc.boolean(), orchestrated: fc.boolean() });
type Topic = Message[];

/**
 * Plays the stories of several orders against inventory. Each order's messages come on three topics, each in its order;
 * `schedule` draws which topic of which order is read next, and each message may be delivered again later.
 */
function play(warehouse: Warehouse, stories: readonly Story[], schedule: readonly number[]) {
  const outcomes = new Map<string, string[]>();
  const topics: Topic[] = [];
  const delivered: Message[] = [];
  const start = stories.map(({ items, cancels, carrierRefuses, orchestrated }, at) => {
    const orderId = orderIds[at] as string;
    const [payment, order, shipping]: [Topic, Topic, Topic] = [[], [], []];
    const undone = (type: string, reason: string): readonly Message[] => [
      { type, data: { orderId, items } },
      ...(orchestrated ? [{ type: 'ReleaseItems', data: { orderId, items, reason } }] : []),
    ];
    payment.push({ type: 'PaymentCompleted', data: { orderId, items, orchestrated: orchestrated } });
    if (orchestrated) payment.push({ type: 'ReserveItems', data: { orderId, items } });
    if (cancels) order.push(...undone('OrderCancelled', 'ORDER_CANCELLED'));
    topics.push(payment, order, shipping);
    outcomes.set(orderId, []);
    /** What others say when the units are set aside: the order service never says both confirmed and cancelled. */
    const reserved = () => {
      if (carrierRefuses) shipping.push(...undone('ShipmentFailed', 'SHIPMENT_REFUSED'));
      else if (!cancels) order.push({ type: 'OrderConfirmed', data: { orderId, items } });
    };
    const released = () => {
      if (!cancels) order.push(...undone('OrderCancelled', 'ORDER_CANCELLED'));
    };
    return { reserved, released };
  });
  const deliver = (message: Message) => {
    const answers = said(warehouse.hear(message));
    const orderId = message.data.orderId as string;
    outcomes.get(orderId)?.push(...answers.filter((answer) => !answer.startsWith('ignored')));
    const others = start[orderIds.indexOf(orderId)];
    if (answers.includes('InventoryReserved')) others?.reserved();
    if (answers.includes('InventoryReleased') || answers.includes('InventoryFailed')) others?.released();
    expectConserved(warehouse);
  };
  for (let at = 0; topics.some((topic) => topic.length > 0); at += 1) {
    if (at > 1000) throw new Error('the topics do not run dry: what was answered once is answered again');
    const drawn = schedule[at % schedule.length] as number;
    const open = topics.filter((topic) => topic.length > 0);
    const next = open[(drawn + at) % open.length]?.shift() as Message;
    deliver(next);
    delivered.push(next);
    if (drawn % 3 === 0) deliver(delivered[drawn % delivered.length] as Message);
  }
  for (const message of delivered) deliver(message);
  return outcomes;
}

describe('any interleaving of the topics, with redeliveries', () => {
  const stories = fc.array(story, { minLength: 1, maxLength: orderIds.length });
  const schedule = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });

  it('ends with the units of confirmed orders shipped and of all others back', () => {
    fc.assert(
      fc.property(units, stories, schedule, (initial, orders, draws) => {
        const warehouse = new Warehouse(initial);
        const outcomes = play(warehouse, orders, draws);
        expect(warehouse.reservations.filter(({ status }) => status === 'RESERVED')).toEqual([]);
        for (const { orderId, status } of warehouse.reservations) {
          const { cancels, carrierRefuses } = orders[orderIds.indexOf(orderId)] as Story;
          const happy = !cancels && !carrierRefuses;
          expect(happy ? ['SHIPPED', 'FAILED'] : ['RELEASED', 'FAILED', 'VOID']).toContain(status);
          const heard = outcomes.get(orderId) ?? [];
          if (status === 'SHIPPED') expect(heard).toEqual(['InventoryReserved']);
          if (status === 'RELEASED') expect(heard).toEqual(['InventoryReserved', 'InventoryReleased']);
          if (status === 'FAILED') expect(heard).toEqual(['InventoryFailed']);
          if (status === 'VOID') expect(heard).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reaches cancelled-before-paid, released, shipped and out-of-stock in fact', () => {
    const seen = new Set<string>();
    const sample = fc.sample(fc.tuple(units, stories, schedule), { numRuns: 300, seed: 7 });
    for (const [initial, orders, draws] of sample) {
      const warehouse = new Warehouse(initial);
      play(warehouse, orders, draws);
      for (const { status } of warehouse.reservations) seen.add(status);
    }
    expect([...seen].sort()).toEqual(['FAILED', 'RELEASED', 'SHIPPED', 'VOID']);
  });
});

describe('more orders than units', () => {
  it('reserves exactly as many as there are', () => {
    const scenario = fc.record({ stock: fc.nat(50), buyers: fc.integer({ min: 1, max: 120 }) });
    fc.assert(
      fc.property(scenario, ({ stock, buyers }) => {
        const warehouse = new Warehouse({ 'SKU-050': stock });
        const answers = Array.from({ length: buyers }, (_, buyer) => {
          const data = { orderId: `order-${buyer}`, items: [{ sku: 'SKU-050', quantity: 1 }] };
          return said(warehouse.hear({ type: 'PaymentCompleted', data }))[0];
        });
        const reserved = answers.filter((answer) => answer === 'InventoryReserved').length;
        expect(reserved).toBe(Math.min(stock, buyers));
        expect(answers.filter((answer) => answer === 'InventoryFailed')).toHaveLength(buyers - reserved);
        expect(warehouse.stock('SKU-050')).toMatchObject({ available: stock - reserved, reserved });
      }),
    );
  });
});
