import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Retryable, uuidv7 } from '@troupe/chassis';
import { type ClonedDatabase, cloneWithClient, databaseFailure, query, statementsOf } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/order-database';
import { orderApi } from '../src/api.ts';
import { type Order, record } from '../src/domain/order.ts';
import { sagaApi } from '../src/orchestrated/saga-api.ts';
import { orderReactions } from '../src/reactions.ts';
import { orderQueries } from '../src/read/queries.ts';
import { viewOfRow, viewOfState } from '../src/read/views.ts';
import { orderRepository } from '../src/repository.ts';
import { heard } from './story.ts';

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('order', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const byId = (orders: readonly Order[]) => new Map(orders.map((order) => [order.state.orderId, order]));
const save = (...orders: readonly Order[]) =>
  clone.database.$transaction((tx) => orderRepository.save(tx, byId(orders)));
const load = async (orderId: string): Promise<Order> => {
  const found = await clone.database.$transaction((tx) => orderRepository.load(tx, [orderId, uuidv7()]));
  expect([...found.keys()]).toEqual([orderId]);
  return found.get(orderId) as Order;
};

const morning = new Date('2026-11-21T09:30:00.123Z');
const noon = new Date('2026-11-21T12:00:00.456Z');

function placed(customerId: string, total = 2_100, at = morning): Order {
  const items = [{ sku: 'SKU-“Ω”', quantity: 2, unitPrice: 1_050 }];
  const data = { orderId: uuidv7(), customerId, items, total, currency: 'USD', deadlineMs: 60_000 };
  return record(undefined, at, { type: 'OrderPlaced', data });
}
const paid = (order: Order) =>
  record(order, noon, { type: 'PaymentReceived', data: { paymentId: uuidv7(), amount: 1 } });
const cancelled = (order: Order) =>
  record(order, noon, { type: 'OrderCancelled', data: { reason: 'CUSTOMER', detail: 'You cancelled the order.' } });
const stored = (order: Order): Order => ({ ...order, pending: [], standingChanged: false });

describe('an order that is saved', () => {
  it('is loaded again as it was', async () => {
    const order = cancelled(paid(placed('ada')));
    await save(order);
    expect(await load(order.state.orderId)).toEqual(stored(order));
  });

  it('grows by what has happened since it was loaded', async () => {
    const { state } = placed('ada');
    await save(record(undefined, morning, { type: 'OrderPlaced', data: placementOf(state) }));
    const grown = paid(await load(state.orderId));
    await save(grown);
    const ended = cancelled(await load(state.orderId));
    await save(ended);
    expect(await load(state.orderId)).toEqual(stored(ended));
    expect(ended.version).toBe(3);
  });

  it('is shown by its projection as by its stream, also above 2^31 cents', async () => {
    const order = cancelled(placed('ada', 14_990_000_000));
    await save(order);
    const row = await orderQueries(clone.database).find(order.state.orderId);
    expect(row && viewOfRow(row)).toEqual(viewOfState(order.state));
  });

  it('is to be read again, and left as it is, when another writer has appended to it meanwhile', async () => {
    const order = placed('ada');
    await save(order);
    const [one, two] = await Promise.all([load(order.state.orderId), load(order.state.orderId)]);
    const both = await Promise.allSettled([save(paid(one)), save(cancelled(two))]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const overtaken = both.find((saved) => saved.status === 'rejected');
    const failure = databaseFailure(overtaken?.reason);
    expect(failure).toBeInstanceOf(Retryable);
    expect(failure).toMatchObject({ code: 'SQLSTATE_40001' });
    expect((await load(order.state.orderId)).version).toBe(2);
  });

  it('does not touch its projection when its customer sees nothing new', async () => {
    const order = placed('ada');
    await save(order);
    const quiet = byId([paid(stored(order))]);
    expect(await statementsOf(clone.database, (tx) => orderRepository.save(tx, quiet))).toBe(1);
  });

  it('costs as many statements as a thousand of them', async () => {
    const count = async (size: number) => {
      const orders = byId(Array.from({ length: size }, () => placed('thousand')));
      const saving = await statementsOf(clone.database, (tx) => orderRepository.save(tx, orders));
      const loading = await statementsOf(clone.database, (tx) => orderRepository.load(tx, [...orders.keys()]));
      return { saving, loading };
    };
    expect(await count(1_000)).toEqual(await count(1));
  });
});

const placementOf = ({ orderId, customerId, items, total, currency, deadlineMs }: Order['state']) => {
  return { orderId, customerId, items, total, currency, deadlineMs };
};

describe('the routes that show orders', () => {
  async function ask(path: string, input: { params?: object; query?: object; customerId: string }) {
    const changes = { next: async () => {} };
    const routes = orderApi({
      database: clone.database,
      config: { stepAllowedMs: 30_000, orderDeadlineMs: 60_000 },
      changes,
    });
    const route = routes.find((candidate) => candidate.path === path && candidate.method === 'get');
    if (route?.kind !== 'query') throw new Error(`there is no query ${path}`);
    const params = route.params?.parse(input.params) ?? {};
    const asked = { ...input, params, query: route.query?.parse(input.query ?? {}) ?? {} };
    const { body } = await route.handle({ ...asked, signal: new AbortController().signal } as never);
    expect(route.response.parse(body)).toEqual(body);
    return body as { items: { orderId: string; sku: string; unitPrice: number }[]; nextCursor: string | null };
  }

  it('list a customer’s own orders page by page, newest first', async () => {
    const mine = Array.from({ length: 5 }, () => placed('grace'));
    await save(...mine, placed('somebody else'));
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const query = cursor === undefined ? { limit: '2' } : { limit: '2', cursor };
      const page = await ask('/orders', { query, customerId: 'grace' });
      seen.push(...page.items.map(({ orderId }) => orderId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(mine.map(({ state }) => state.orderId).reverse());
  });

  it('list only the orders of a status, if one is asked for', async () => {
    const ended = cancelled(placed('hedy'));
    await save(placed('hedy'), ended);
    const { items } = await ask('/orders', { query: { status: 'CANCELLED' }, customerId: 'hedy' });
    expect(items.map(({ orderId }) => orderId)).toEqual([ended.state.orderId]);
  });

  it('tell what had happened by a moment, and how the order stood then', async () => {
    const order = cancelled(paid(placed('ada')));
    const { orderId } = order.state;
    await save(order);
    const history = (at?: string) =>
      ask('/orders/:orderId/history', {
        params: { orderId },
        query: at === undefined ? {} : { at },
        customerId: 'ada',
      });
    expect(await history()).toMatchObject({
      events: [{ version: 1 }, { version: 2 }, { version: 3 }],
      order: { status: 'CANCELLED' },
    });
    expect(await history('2026-11-21T11:00:00+01:00')).toMatchObject({
      events: [{ type: 'OrderPlaced' }],
      order: { status: 'PENDING' },
    });
    expect(await history('2026-11-20T00:00:00Z')).toEqual({ orderId, events: [], order: null });
  });

  it('show nothing of another customer’s order', async () => {
    const order = placed('ada');
    await save(order);
    const { orderId } = order.state;
    for (const path of ['/orders/:orderId', '/orders/:orderId/history']) {
      const asked = ask(path, { params: { orderId: orderId.toUpperCase() }, customerId: 'mallory' });
      await expect(asked).rejects.toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    }
  });

  it('show a hundred products, one of them above the approval limit', async () => {
    const { items, nextCursor } = await ask('/products', { query: { limit: '100' }, customerId: 'ada' });
    expect(items).toHaveLength(100);
    expect(nextCursor).toBeNull();
    const { 'SKU-098': dear, ...others } = Object.fromEntries(items.map(({ sku, unitPrice }) => [sku, unitPrice]));
    expect(dear).toBe(149_900);
    expect(Object.values(others).filter((price) => price < 500 || price > 9_599)).toEqual([]);
  });
});

describe('the database', () => {
  it('finds a customer’s newest orders without sorting them, however many there are', async () => {
    await query(
      clone.url,
      `INSERT INTO orders SELECT gen_random_uuid(), 'customer ' || n % 10, 'PENDING', NULL, NULL, 1, 'USD', '[]', now(), now(), true
       FROM generate_series(1, 5000) AS n`,
    );
    await query(clone.url, 'ANALYZE orders');
    const plan = await query(
      clone.url,
      "EXPLAIN SELECT * FROM orders WHERE customer_id = 'customer 1' ORDER BY order_id DESC LIMIT 20",
    );
    expect(JSON.stringify(plan)).toContain('orders_customer_id_order_id_idx');
    expect(JSON.stringify(plan)).not.toContain('Sort');
  });
});

describe('an order with an orchestrator', () => {
  const orchestrated = (): Order => {
    const decision = orderReactions
      .find('PlaceOrchestrated')
      ?.react({ ...heard.placed.data, orderId: uuidv7(), paymentToken: 'tok_"\u0000' }, undefined, {
        now: morning,
        id: uuidv7(),
      });
    if (decision?.kind !== 'decided' || decision.state === undefined) throw new Error('it was not placed');
    return decision.state;
  };
  const answer = (order: Order, type: string, outcome: object): Order => {
    const data = { request: {}, outcome: { ...outcome, attempts: 2 } };
    const decision = orderReactions.find(type)?.react(data, order, { now: noon, id: uuidv7() });
    if (decision?.kind !== 'decided' || decision.state === undefined) throw new Error(`${type} was not handled`);
    return decision.state;
  };
  const loggedAs = ({ saga }: Order) => JSON.parse(JSON.stringify(saga));

  it('is loaded with the log of its saga, step by step', async () => {
    const order = orchestrated();
    await save(order);
    const asked = await load(order.state.orderId);
    expect(loggedAs(asked)).toEqual(loggedAs(order));
    const paid = answer(asked, 'ChargePayment', { kind: 'done', learned: { paymentId: uuidv7(), amount: 2_100 } });
    await save(paid);
    const failed = answer(await load(order.state.orderId), 'ReserveStock', {
      kind: 'refused',
      code: 'OUT_OF_STOCK',
      detail: 'Of SKU-001 there is 1 left.',
    });
    await save(failed);
    const stored = await load(order.state.orderId);
    expect(loggedAs(stored)).toEqual(loggedAs(failed));
    expect(stored.saga?.steps[1]).toMatchObject({ status: 'DONE', attempts: 2, compensation: { status: 'RUNNING' } });
  });

  it('is shown to operators without what only the participants may know', async () => {
    const order = orchestrated();
    await save(order);
    const [list, one] = sagaApi(clone.database);
    const input = { params: { sagaId: order.state.orderId }, query: { limit: 1 } } as never;
    const shown = JSON.stringify(
      await Promise.all([list, one].map((route) => (route?.kind === 'query' ? route.handle(input) : undefined))),
    );
    expect(shown).toContain(order.state.orderId);
    expect(shown).not.toContain('tok_');
  });
});
