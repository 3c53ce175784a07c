import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { heardOf, type Message, restocked, stocked, type Warehouse } from './story.ts';

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
  const { stock: stocks, reservations } = warehouse.facts;
  /** Units of a product in reservations of a status. */
  const unitsIn = (sku: string, wanted: 'RESERVED' | 'SHIPPED') =>
    reservations
      .flatMap((reservation) => (reservation.status === wanted ? reservation.items : []))
      .reduce((sum, item) => (item.sku === sku ? sum + item.quantity : sum), 0);
  const wrong = Object.values(stocks).filter(
    (stock) =>
      Math.min(stock.available, stock.reserved, stock.shipped) < 0 ||
      stock.initial + stock.restocked !== stock.available + stock.reserved + stock.shipped ||
      stock.reserved !== unitsIn(stock.sku, 'RESERVED') ||
      stock.shipped !== unitsIn(stock.sku, 'SHIPPED'),
  );
  expect(wrong).toEqual([]);
}

describe('whatever is heard, in whatever order and however often', () => {
  const anything = fc.record({
    type: fc.constantFrom('paid', 'refused', 'cancelled', 'confirmed', 'restocked', 'reserve', 'release'),
    orchestrated: fc.boolean(),
    order: fc.nat(orderIds.length - 1),
    quantity: fc.integer({ min: 1, max: 5 }),
  });

  it('no unit is made or lost, and no count falls below zero', () => {
    const ordered = fc.tuple(...orderIds.map(() => items));
    fc.assert(
      fc.property(units, ordered, fc.array(anything, { maxLength: 60 }), (initial, lines, messages) => {
        let warehouse = stocked(initial);
        for (const { type, order, quantity, orchestrated } of messages) {
          const heard = heardOf(orderIds[order] as string, lines[order] ?? [], orchestrated);
          const message = {
            ...heard,
            release: heard.release('ORDER_CANCELLED'),
            restocked: restocked(skus[order % skus.length] as string, quantity),
          }[type];
          warehouse = warehouse.when(message).next;
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
function play(initial: Warehouse, stories: readonly Story[], schedule: readonly number[]) {
  let warehouse = initial;
  const outcomes = new Map<string, string[]>();
  const topics: Topic[] = [];
  const delivered: Message[] = [];
  const start = stories.map(({ items, cancels, carrierRefuses, orchestrated }, at) => {
    const orderId = orderIds[at] as string;
    const [payment, order, shipping]: [Topic, Topic, Topic] = [[], [], []];
    const heard = heardOf(orderId, items, orchestrated);
    const orReleased = (fact: Message, reason: 'ORDER_CANCELLED' | 'SHIPMENT_REFUSED'): readonly Message[] =>
      orchestrated ? [fact, heard.release(reason)] : [fact];
    const cancelled = orReleased(heard.cancelled, 'ORDER_CANCELLED');
    payment.push(heard.paid);
    if (orchestrated) payment.push(heard.reserve);
    if (cancels) order.push(...cancelled);
    topics.push(payment, order, shipping);
    outcomes.set(orderId, []);
    /** What others say when the units are set aside: the order service never says both confirmed and cancelled. */
    const reserved = () => {
      if (carrierRefuses) shipping.push(...orReleased(heard.refused, 'SHIPMENT_REFUSED'));
      else if (!cancels) order.push(heard.confirmed);
    };
    const released = () => {
      if (!cancels) order.push(...cancelled);
    };
    return { reserved, released };
  });
  const deliver = (message: Message) => {
    const heard = warehouse.when(message);
    warehouse = heard.next;
    const answers = heard.decision.kind === 'rejected' ? [heard.decision.error.code] : heard.effectNames;
    const { orderId } = message.data as { readonly orderId: string };
    outcomes.get(orderId)?.push(...answers);
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
  return { outcomes, reservations: warehouse.facts.reservations };
}

describe('any interleaving of the topics, with redeliveries', () => {
  const stories = fc.array(story, { minLength: 1, maxLength: orderIds.length });
  const schedule = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });

  it('ends with the units of confirmed orders shipped and of all others back', () => {
    fc.assert(
      fc.property(units, stories, schedule, (initial, orders, draws) => {
        const { outcomes, reservations } = play(stocked(initial), orders, draws);
        expect(reservations.filter(({ status }) => status === 'RESERVED')).toEqual([]);
        for (const { orderId, status } of reservations) {
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
      for (const { status } of play(stocked(initial), orders, draws).reservations) seen.add(status);
    }
    expect([...seen].sort()).toEqual(['FAILED', 'RELEASED', 'SHIPPED', 'VOID']);
  });
});

describe('more orders than units', () => {
  it('reserves exactly as many as there are', () => {
    const scenario = fc.record({ stock: fc.nat(50), buyers: fc.integer({ min: 1, max: 120 }) });
    fc.assert(
      fc.property(scenario, ({ stock, buyers }) => {
        let warehouse = stocked({ 'SKU-050': stock });
        const answers = Array.from({ length: buyers }, (_, buyer) => {
          const heard = warehouse.when(heardOf(`order-${buyer}`, [{ sku: 'SKU-050', quantity: 1 }]).paid);
          warehouse = heard.next;
          return heard.effectNames[0];
        });
        const reserved = answers.filter((answer) => answer === 'InventoryReserved').length;
        expect(reserved).toBe(Math.min(stock, buyers));
        expect(answers.filter((answer) => answer === 'InventoryFailed')).toHaveLength(buyers - reserved);
        expect(warehouse.facts.stock['SKU-050']).toMatchObject({ available: stock - reserved, reserved });
      }),
    );
  });
});
