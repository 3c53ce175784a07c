import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Retryable, uuidv7 } from '@troupe/chassis';
import { connections, databaseFailure, query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { OrderCancelled, PaymentCompleted } from '@troupe/schemas';
import pg from 'pg';
import { incoming, insist, many, type Rig, rigOf } from './rig.ts';

// What meets in the database at the same moment. Each rig has two connections, as two processes would.

const ids = { customerId: 'demo', amount: 1_000, currency: 'USD' };
const item = (sku: string) => ({ sku, quantity: 1 });
const paid = (orderId: string, skus: readonly string[]) =>
  incoming(PaymentCompleted({ ...ids, orderId, paymentId: uuidv7(), items: skus.map(item) }));
const cancelled = (orderId: string, skus: readonly string[]) =>
  incoming(
    OrderCancelled({ ...ids, orderId, items: skus.map(item), reason: 'CUSTOMER', detail: 'The customer cancelled.' }),
  );

let rig: Rig;
let failures: unknown[];
beforeEach(() => {
  failures = [];
});
afterEach(() => rig.close());

const insisted = (batch: Parameters<Rig['work']>[0]) => insist(rig, batch, (failure) => failures.push(failure));
const codes = () => [...new Set(failures.map((failure) => databaseFailure(failure).code))];
const stockOf = async (sku: string) => {
  const [row] = await query<{ available: number; reserved: number }>(
    rig.url,
    `SELECT available::int, reserved::int FROM stock WHERE sku = '${sku}'`,
  );
  return row;
};
const count = async (table: string, where: string): Promise<number> => {
  const [row] = await query<{ count: number }>(rig.url, `SELECT count(*)::int FROM ${table} WHERE ${where}`);
  return row?.count ?? 0;
};

describe('batches that meet', () => {
  beforeEach(async () => {
    rig = await rigOf(inventoryService, 'inventory');
  });

  it('lose neither of two facts about one order that come by two topics, and of which neither finds a row', async () => {
    for (let round = 0; round < 10; round += 1) {
      const orders = many(20, uuidv7);
      await Promise.all([
        rig.work(orders.map((orderId) => paid(orderId, ['SKU-001']))),
        rig.work(orders.map((orderId) => cancelled(orderId, ['SKU-001']))),
      ]);
    }
    // Whichever came first: the order was cancelled, so nothing stays set aside.
    expect(await count('reservation', `status IN ('RELEASED', 'VOID')`)).toBe(200);
    expect(await stockOf('SKU-001')).toEqual({ available: 1_000_000, reserved: 0 });
  });

  it('give the last unit to exactly one of a hundred buyers', async () => {
    await query(rig.url, `UPDATE stock SET restocked = 1, available = 1 WHERE sku = 'SKU-099'`);
    await Promise.all(many(10, () => rig.work(many(10, () => paid(uuidv7(), ['SKU-099'])))));
    expect(await stockOf('SKU-099')).toEqual({ available: 0, reserved: 1 });
    expect(await count('chassis.outbox', `type LIKE '%InventoryReserved'`)).toBe(1);
    expect(await count('chassis.outbox', `type LIKE '%InventoryFailed'`)).toBe(99);
  });

  it('with the same products in opposite order never wait for each other in a circle', async () => {
    const skus = many(20, () => '').map((_, at) => `SKU-${String(at + 1).padStart(3, '0')}`);
    const opposite = [...skus].reverse();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([skus, opposite].map((order) => insisted(many(5, () => paid(uuidv7(), order)))));
    }
    expect(codes()).toEqual([]);
    expect(await count('stock', 'reserved = 200')).toBe(20);
  });
});

describe('a batch that the database gives up for the sake of another', () => {
  it('because of a deadlock (40P01) is given again, and has its effect once', async () => {
    rig = await rigOf(inventoryService, 'inventory');
    const rival = new pg.Client({ connectionString: rig.url });
    await rival.connect();
    await rival.query(`BEGIN; SELECT 1 FROM stock WHERE sku = 'SKU-001' FOR UPDATE`);
    const work = insisted(many(3, () => paid(uuidv7(), ['SKU-001'])));
    while ((await waiting()) === 0) await sleep(5);
    // The batch has waited for longer, so it is the one that finds the circle.
    await rival.query(`SELECT pg_advisory_xact_lock(hashtextextended('stock/SKU-001', 0))`);
    await rival.query('ROLLBACK');
    await rival.end();
    await work;
    expect(codes()).toEqual(['SQLSTATE_40P01']);
    expect(failures.map((failure) => databaseFailure(failure) instanceof Retryable)).toEqual([true]);
    expect((await stockOf('SKU-001'))?.reserved).toBe(3);
  });

  it('because its snapshot is too old (40001) is given again, and has its effect once', async () => {
    rig = await rigOf(inventoryService, 'inventory', async (url) => {
      const name = new URL(url).pathname.slice(1);
      await query(url, `ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
      return connections(url);
    });
    await Promise.all(many(30, () => insisted(many(3, () => paid(uuidv7(), ['SKU-001'])))));
    expect(codes()).toEqual(['SQLSTATE_40001']);
    expect(failures.every((failure) => databaseFailure(failure) instanceof Retryable)).toBe(true);
    expect((await stockOf('SKU-001'))?.reserved).toBe(90);
    expect(await count('chassis.outbox', 'true')).toBe(90);
  });
});

const waiting = () => count('pg_stat_activity', `wait_event_type = 'Lock' AND datname = current_database()`);
