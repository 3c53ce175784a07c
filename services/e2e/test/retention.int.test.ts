import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Sql, uuidv7 } from '@troupe/chassis';
import type { IncomingEvent } from '@troupe/chassis/internal';
import { pruneStep, prunings, query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { notificationService } from '@troupe/notification';
import { orderService } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import {
  InventoryFailed,
  InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  PaymentApprovalRequired,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  ShipmentFailed,
  ShipmentScheduled,
} from '@troupe/schemas';
import { shippingService } from '@troupe/shipping';
import { answersOf, incoming, many, placed, type Rig, rigOf } from './rig.ts';

const customerId = 'demo';
const currency = 'USD';
const amount = 1_000;
const items = [{ sku: 'SKU-001', quantity: 1 }];

const created = (orderId: string, total = amount) =>
  OrderCreated({
    orderId,
    customerId,
    items: [{ sku: 'SKU-001', quantity: 1, unitPrice: total }],
    amount: total,
    currency,
    paymentToken: 'tok_ok',
  });
const paid = (orderId: string) =>
  PaymentCompleted({ orderId, paymentId: uuidv7(), customerId, items, amount, currency });
const reserved = (orderId: string) => InventoryReserved({ orderId, items });
const scheduled = (orderId: string) =>
  ShipmentScheduled({ orderId, shipmentId: uuidv7(), carrier: 'carrier', trackingNumber: 'T-1' });
const refused = (orderId: string) => ShipmentFailed({ orderId, items, reason: 'CARRIER_REFUSED', detail: 'too heavy' });
const soldOut = (orderId: string) => InventoryFailed({ orderId, reason: 'OUT_OF_STOCK', detail: 'none left' });
const confirmed = (orderId: string) => OrderConfirmed({ orderId, customerId, items, amount, currency });
const cancelled = (orderId: string) =>
  OrderCancelled({ orderId, customerId, items, reason: 'CUSTOMER', detail: 'The customer cancelled.' });

/** Lets a service live through every kind of end, and returns all that it heard from topics, in order. */
type History = (rig: Rig) => Promise<IncomingEvent[]>;

async function heard(rig: Rig, events: readonly Parameters<typeof incoming>[0][]): Promise<IncomingEvent[]> {
  const batch = events.map((event) => incoming(event));
  const { outcomes } = await rig.work(batch);
  expect(outcomes.map(({ kind }) => kind).filter((kind) => kind === 'dead' || kind === 'duplicate')).toEqual([]);
  return batch;
}

const ids = (count: number): string[] => Array.from({ length: count }, () => uuidv7());

/** What it must have said in that life: the history reached what it was made for. */
type Said = readonly string[];

const histories: readonly [string, () => Promise<Rig>, History, Said][] = [
  [
    'payment charges and refunds nobody twice',
    () => rigOf(paymentService, 'payment'),
    async (rig) => {
      const [kept = '', undone = '', declined = '', early = '', unpaid = '', large = ''] = ids(6);
      const events = await heard(rig, [cancelled(early)]);
      events.push(
        ...(await heard(rig, [
          created(large, 500_000),
          ...[kept, undone, declined, early, unpaid].map((id) => created(id)),
        ])),
      );
      await rig.work(
        await answersOf(rig, 'Charge', (id) =>
          id === declined ? { kind: 'declined', detail: 'no' } : { kind: 'charged', chargeId: `ch_${id}` },
        ),
      );
      events.push(...(await heard(rig, [soldOut(undone), cancelled(unpaid), cancelled(large)])));
      await rig.work(await answersOf(rig, 'Refund', (id) => ({ kind: 'refunded', refundId: `re_${id}` })));
      return events;
    },
    ['PaymentApprovalRequired', 'PaymentCompleted', 'PaymentFailed', 'PaymentRefunded'],
  ],
  [
    'inventory reserves, ships and releases nothing twice',
    () => rigOf(inventoryService, 'inventory'),
    async (rig) => {
      const [shipped = '', released = '', refusedOne = '', early = ''] = ids(4);
      return [
        ...(await heard(rig, [cancelled(early)])),
        ...(await heard(rig, [shipped, released, refusedOne, early].map(paid))),
        ...(await heard(rig, [confirmed(shipped), cancelled(released), refused(refusedOne)])),
      ];
    },
    ['InventoryReleased', 'InventoryReserved'],
  ],
  [
    'shipping books and cancels nothing twice',
    () => rigOf(shippingService, 'shipping'),
    async (rig) => {
      const [kept = '', undone = '', refusedOne = '', early = ''] = ids(4);
      const events = await heard(rig, [cancelled(early)]);
      events.push(...(await heard(rig, [kept, undone, refusedOne, early].map(reserved))));
      await rig.work(
        await answersOf(rig, 'Book', (id) =>
          id === refusedOne
            ? { kind: 'refused', detail: 'too heavy' }
            : { kind: 'booked', bookingId: `b_${id}`, carrier: 'carrier', trackingNumber: 'T-1' },
        ),
      );
      events.push(...(await heard(rig, [cancelled(undone)])));
      await rig.work(await answersOf(rig, 'CancelBooking', () => ({ kind: 'cancelled' })));
      return events;
    },
    ['ShipmentCancelled', 'ShipmentFailed', 'ShipmentScheduled'],
  ],
  [
    'notification sends no second message, whether the first was sent or refused',
    () => rigOf(notificationService, 'notification'),
    async (rig) => {
      const [one = '', other = '', waiting = ''] = ids(3);
      const approval = PaymentApprovalRequired({
        orderId: waiting,
        customerId,
        amount: 500_000,
        currency,
        limit: 100_000,
        expiresAt: Date.now(),
      });
      const events = await heard(rig, [confirmed(one), cancelled(other), approval]);
      await rig.work(
        await answersOf(rig, 'Send', (key) =>
          key.startsWith(other) ? { kind: 'refused', reply: '550' } : { kind: 'accepted', reply: '250' },
        ),
      );
      return events;
    },
    ['NotificationFailed', 'NotificationSent'],
  ],
  [
    'order ends no order twice',
    () => rigOf(orderService, 'order'),
    async (rig) => {
      const [good = '', unpaid = '', unsent = ''] = ids(3);
      await rig.work([good, unpaid, unsent].map((id) => placed(id)));
      const declined = PaymentFailed({ orderId: unpaid, reason: 'DECLINED', detail: 'declined' });
      const refunded = PaymentRefunded({
        orderId: unsent,
        paymentId: uuidv7(),
        amount,
        currency,
        reason: 'SHIPMENT_REFUSED',
        byHand: false,
      });
      return [
        ...(await heard(rig, [paid(good), declined, paid(unsent)])),
        ...(await heard(rig, [reserved(good), reserved(unsent)])),
        ...(await heard(rig, [scheduled(good), refused(unsent)])),
        ...(await heard(rig, [refunded])),
      ];
    },
    ['OrderCancelled', 'OrderConfirmed', 'OrderCreated'],
  ],
];

describe('a replay from the earliest offset after the inbox was pruned has no second effect', () => {
  let rig: Rig;
  afterEach(() => rig.close());

  it.each(histories)('%s', async (_name, open, history, said) => {
    rig = await open();
    const events = await history(rig);
    const types = await query<{ type: string }>(rig.url, 'SELECT DISTINCT type FROM chassis.outbox ORDER BY type');
    expect(types.map(({ type }) => type.split('.').at(-1))).toEqual(said);
    const before = await effects(rig.url);
    for (const order of [events, [...events].reverse()]) {
      await query(rig.url, 'DELETE FROM chassis.inbox');
      const { outcomes } = await rig.work(order);
      expect(outcomes.filter(({ kind }) => kind === 'duplicate' || kind === 'dead')).toEqual([]);
      expect(await effects(rig.url)).toEqual(before);
    }
  });
});

/** Every row of the service's own tables, every pending call and timer, and what it has said. */
async function effects(url: string): Promise<Record<string, unknown>> {
  const tables = await query<{ name: string }>(
    url,
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'chassis')
     AND tablename NOT IN ('inbox', 'idempotency_key', '_prisma_migrations') ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    found[name] = await query(url, `SELECT to_jsonb(t)::text AS row FROM ${name} AS t ORDER BY 1`);
  }
  return found;
}

describe('the batch loop never waits for the pruner', () => {
  const HOUR_MS = 3_600_000;
  const [inbox] = prunings({
    inboxRetentionMs: HOUR_MS,
    deadLetterRetentionMs: HOUR_MS,
    idempotencyKeyRetentionMs: HOUR_MS,
  });
  let rig: Rig;
  let database: ReturnType<typeof inventoryService.database>;
  beforeEach(async () => {
    rig = await rigOf(inventoryService, 'inventory');
    // The pruner is to be the only other one here: autovacuum locks a table for a moment while it makes its file shorter, and
    // while it makes its maps longer.
    await query(
      rig.url,
      `DO $$ DECLARE name text; BEGIN
         FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'chassis') LOOP
           EXECUTE 'ALTER TABLE ' || name || ' SET (autovacuum_enabled = off)';
         END LOOP; END $$`,
    );
    // Whoever waits for a lock for a moment fails.
    await query(rig.url, `ALTER DATABASE ${new URL(rig.url).pathname.slice(1)} SET lock_timeout = '1ms'`);
    database = inventoryService.database(new PrismaPg({ connectionString: rig.url }));
  });
  afterEach(async () => {
    await database.$disconnect();
    await rig.close();
  });

  const receivedLongAgo = (count: number): Promise<unknown> =>
    query(
      rig.url,
      `INSERT INTO chassis.inbox (event_id, payload_hash, received_at)
       SELECT gen_random_uuid(), '', now() - interval '2 hours' FROM generate_series(1, ${count})`,
    );
  const prune = (by: Sql = database) => pruneStep(by, inbox as NonNullable<typeof inbox>, 1_000);
  const batch = () => many(50, () => incoming(paid(uuidv7())));

  it('while that deletes 100,000 rows', async () => {
    await receivedLongAgo(100_000);
    let pruned = 0;
    let committed = 0;
    let isOver = false;
    const pruning = (async () => {
      for (let step = await prune(); step.pruned > 0; step = await prune()) pruned += step.pruned;
    })().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await rig.work(batch());
      committed += 1;
    }
    await pruning;
    expect(pruned).toBe(100_000);
    expect(committed).toBeGreaterThan(5);
    expect(await query(rig.url, 'SELECT count(*)::int FROM chassis.inbox')).toEqual([{ count: 50 * committed }]);
  });

  it('when a step of that is not committed', async () => {
    await receivedLongAgo(1_000);
    await database.$transaction(async (tx) => {
      expect(await prune(tx)).toEqual({ mine: true, pruned: 1_000 });
      const events = batch();
      await rig.work(events);
      const { outcomes } = await rig.work(events);
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['duplicate']));
    });
  });
});
