import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { firstIdAt, type Log, uuidv7 } from '@troupe/chassis';
import { type ClonedDatabase, cloneWithClient, query } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/order-database';
import { type Order, type OrderEvent, record } from '../src/domain/order.ts';
import { stuckLookout, stuckOrders } from '../src/read/stuck.ts';
import { orderRepository } from '../src/repository.ts';

const rules = { stepAllowedMs: 30_000 };
const now = new Date();
const ago = (ms: number): Date => new Date(now.getTime() - ms);

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('order', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const paid: OrderEvent = { type: 'PaymentReceived', data: { paymentId: uuidv7(), amount: 2_100 } };
const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'CUSTOMER', detail: 'You cancelled it.' } };
const returned: OrderEvent = { type: 'MoneyReturned', data: { paymentId: uuidv7(), amount: 2_100 } };
const refused: OrderEvent = { type: 'RefundFailed', data: { attempts: 6, detail: 'Closed.', nextAttemptAt: null } };

function placed(at: Date, ...events: readonly OrderEvent[]): Order {
  const items = [{ sku: 'SKU-001', quantity: 2, unitPrice: 1_050 }];
  // Its id is as old as the order.
  const orderId = firstIdAt(at).slice(0, 24) + uuidv7().slice(24);
  const data = { orderId, customerId: 'ada', items, total: 2_100, currency: 'USD', deadlineMs: 3_600_000 };
  const [first, ...others] = [{ type: 'OrderPlaced', data } as const, ...events];
  return record(undefined, at, first, ...others);
}
/** As it is loaded again. */
const stored = ({ state, version }: Order): Order => ({ state, version, pending: [], standingChanged: false });

async function save(...orders: readonly Order[]): Promise<void> {
  const byId = new Map(orders.map((order) => [order.state.orderId, order]));
  await clone.database.$transaction((tx) => orderRepository.save(tx, byId));
}
const stuck = (behind?: string, limit = 100) => stuckOrders(clone.database, rules, { behind, limit, now });
const ids = (orders: readonly Order[]) => orders.map(({ state }) => state.orderId);

describe('stuck orders', () => {
  const late = [placed(ago(300_000)), placed(ago(200_000), paid), placed(ago(100_000), paid, refused)];
  const owed = placed(ago(90_000), paid, cancelled);

  it('are those that are open and late, oldest first, of all customers; nothing else', async () => {
    await save(
      ...late,
      owed,
      placed(ago(80_000), cancelled),
      placed(ago(5_000)),
      placed(ago(400_000), cancelled, paid, returned),
    );
    const { items, next } = await stuck();
    expect(items.map(({ orderId }) => orderId)).toEqual(ids([...late, owed]));
    expect(items.map(({ owes }) => owes)).toEqual(['payment', 'inventory', 'payment', 'payment']);
    expect(items[2]).toMatchObject({ status: 'NEEDS_ATTENTION', cause: 'REFUND_FAILED: Closed.' });
    expect(next).toBeUndefined();
  });

  it('come page by page, each once', async () => {
    const seen: string[] = [];
    let behind: string | undefined;
    do {
      const page = await stuck(behind, 3);
      seen.push(...page.items.map(({ orderId }) => orderId));
      behind = page.next;
    } while (behind !== undefined);
    expect(seen).toEqual(ids([...late, owed]));
  });

  it('are not stuck any more when the money is back, also when the customer sees nothing new', async () => {
    await save(record(stored(owed), now, returned));
    expect((await stuck()).items.map(({ orderId }) => orderId)).toEqual(ids(late));
    const [orderId] = ids([owed]);
    expect(await query(clone.url, `SELECT open FROM orders WHERE order_id = '${orderId}'`)).toEqual([{ open: false }]);
  });

  it('are found also when money turns out to be taken after the order was cancelled', async () => {
    const doomed = placed(ago(95_000), cancelled);
    await save(doomed);
    expect((await stuck()).items).toHaveLength(late.length);
    const known = record(stored(doomed), ago(85_000), paid);
    await save(known);
    const { items } = await stuck();
    expect(items.at(-1)).toMatchObject({ orderId: ids([doomed])[0], owes: 'payment', status: 'CANCELLED' });
    await save(record(stored(known), now, returned));
  });

  it('are told of once for each place, not at each look', async () => {
    const told: unknown[] = [];
    const log = { warn: (about: unknown) => told.push(about) } as unknown as Log;
    const stuckMonitor = stuckLookout(clone.database, { ...rules, everyMs: 10_000 }, log);
    await stuckMonitor.look();
    await stuckMonitor.look();
    expect(told).toHaveLength(3);
    expect(told[1]).toMatchObject({ order_id: ids(late)[1], at: 'inventory', last_event: 'PaymentReceived' });
    const moved = placed(ago(70_000));
    await save(moved);
    await stuckMonitor.look();
    expect(told).toHaveLength(4);
    expect(told[3]).toMatchObject({ order_id: moved.state.orderId, at: 'payment' });
  });

  it('are found by an index that holds open orders only, however many have ended', async () => {
    await query(
      clone.url,
      `INSERT INTO orders SELECT gen_random_uuid(), 'bulk', 'CONFIRMED', NULL, NULL, 1, 'USD', '[]', now(), now(), false
       FROM generate_series(1, 20000)`,
    );
    await query(clone.url, 'ANALYZE orders');
    const plan = await query<{ 'QUERY PLAN': string }>(
      clone.url,
      `EXPLAIN SELECT order_id FROM orders WHERE open AND order_id > '${ids(late)[0]}' AND order_id < '${uuidv7()}'
       ORDER BY order_id LIMIT 500`,
    );
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('orders_open_idx');
  });
});
