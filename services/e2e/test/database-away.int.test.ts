import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Retryable, uuidv7 } from '@troupe/chassis';
import type { Incoming } from '@troupe/chassis/internal';
import { connections, type DatabaseProxy, databaseFailure, databaseProxy, query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { orderService } from '@troupe/order';
import { PaymentCompleted } from '@troupe/schemas';
import { incoming, insist, many, placed, type Rig, rigOf } from './rig.ts';

/** Longer than any statement here takes, also on a busy machine: a failure more would be one that the test did not cause. */
const SILENCE_MS = 4_000;

let proxy: DatabaseProxy;
let rig: Rig;
afterEach(async () => {
  await rig.close();
  await proxy.close();
});

async function throughProxy(url: string) {
  proxy = await databaseProxy(url);
  return connections(proxy.url, SILENCE_MS);
}

describe('a database that goes away in the middle of its work', () => {
  beforeEach(async () => {
    rig = await rigOf(inventoryService, 'inventory', throughProxy);
  });

  const item = { sku: 'SKU-001', quantity: 1 };
  const paid = () => {
    const ids = { orderId: uuidv7(), paymentId: uuidv7(), customerId: 'demo' };
    return incoming(PaymentCompleted({ ...ids, items: [item], amount: 1_000, currency: 'USD' }));
  };

  const effects = async () => {
    const [row] = await query<{ inbox: number; outbox: number; reserved: number }>(
      rig.url,
      `SELECT (SELECT count(*)::int FROM chassis.inbox) AS inbox, (SELECT count(*)::int FROM chassis.outbox) AS outbox,
              (SELECT reserved::int FROM stock WHERE sku = 'SKU-001') AS reserved`,
    );
    return row;
  };
  const onceEach = (count: number) => ({ inbox: count, outbox: count, reserved: count });

  const endBackends = async (): Promise<void> => {
    await query(
      rig.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
  };
  const ways: Readonly<Record<string, () => unknown>> = {
    'when its backends are ended': endBackends,
    'when its connections are reset': () => proxy.cutAll(),
  };

  it.each(Object.entries(ways))(
    'is waited for, at whatever moment, and every effect is there once: %s',
    async (_, strike) => {
      const failures: unknown[] = [];
      let given = 0;
      const workers = many(4, async () => {
        while (failures.length < 200) {
          given += 3;
          await insist(rig, many(3, paid), (failure) => failures.push(failure));
        }
      });
      // Long enough to connect again in between, and at any moment of a transaction.
      while (failures.length < 200) await sleep(Math.random() * 80).then(strike);
      await Promise.all(workers);
      expect(failures.filter((failure) => !(databaseFailure(failure) instanceof Retryable))).toEqual([]);
      expect(await effects()).toEqual(onceEach(given));
    },
  );

  it('is given up when it falls silent, and the connection with its open transaction is not used again', async () => {
    // The inbox: were this transaction ever committed without the rest of it, the batch would count as handled.
    proxy.silenceNext('WITH incoming AS');
    const failures: unknown[] = [];
    await insist(rig, many(20, paid), (failure) => {
      failures.push(failure);
      proxy.speakAgain();
    });
    expect(failures.map((failure) => databaseFailure(failure).name)).toEqual(['Retryable']);
    expect(await effects()).toEqual(onceEach(20));
  });

  it('behind a COMMIT whose answer is lost: the batch comes again, and has no second effect', async () => {
    const failures: unknown[] = [];
    proxy.loseNextAnswerToCommit();
    const { outcomes } = await insist(rig, many(20, paid), (failure) => failures.push(failure));
    expect(failures.map((failure) => databaseFailure(failure).name)).toEqual(['Retryable']);
    expect(outcomes.map(({ kind }) => kind)).toEqual(many(20, () => 'duplicate'));
    expect(await effects()).toEqual(onceEach(20));
  });
});

describe('a request whose COMMIT reached the database, and whose answer was lost', () => {
  beforeEach(async () => {
    rig = await rigOf(orderService, 'order', throughProxy);
  });

  const claim = () => ({ scope: 'demo POST /orders', key: uuidv7(), requestHash: Buffer.alloc(32) });
  const orders = async () =>
    (await query<{ id: string }>(rig.url, 'SELECT order_id::text AS id FROM orders')).map(({ id }) => id);
  const lost = async (batch: readonly Incoming[]) => {
    proxy.loseNextAnswerToCommit();
    await expect(rig.work(batch)).rejects.toThrow();
  };

  it('is answered as if nothing had happened, by the same process: its order is there once', async () => {
    const [orderId, keyed] = [uuidv7(), uuidv7()];
    const batch = [placed(orderId), { ...placed(keyed), claim: claim() }];
    await lost(batch);
    const { outcomes } = await rig.work(batch);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect((await orders()).sort()).toEqual([orderId, keyed].sort());
  });

  it('gets the first answer when the client sends it again with its key; without a key that is another order', async () => {
    const [first, again, other] = [uuidv7(), uuidv7(), uuidv7()];
    const sameKey = claim();
    const request = (orderId: string) => ({
      ...placed(orderId),
      claim: sameKey,
      answer: () => ({ status: 202, body: { orderId } }),
    });
    await lost([request(first)]);
    const { outcomes } = await rig.work([request(again)]);
    expect(outcomes).toMatchObject([
      { kind: 'answered', replayed: true, answer: { status: 202, body: { orderId: first } } },
    ]);
    expect(await orders()).toEqual([first]);
    await rig.work([placed(other)]);
    expect(await orders()).toHaveLength(2);
  });
});
