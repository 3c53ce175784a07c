import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import { query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { PaymentCompleted } from '@troupe/schemas';
import { incoming, many, type Rig, rigOf } from './rig.ts';

const paid = (orderId = uuidv7(), sku = 'SKU-001') =>
  incoming(
    PaymentCompleted({
      orderId,
      paymentId: uuidv7(),
      customerId: 'demo',
      items: [{ sku, quantity: 1 }],
      amount: 1_000,
      currency: 'USD',
    }),
  );

const counts = (url: string) =>
  query<{ inbox: number; outbox: number; reservations: number; reserved: number }>(
    url,
    `SELECT (SELECT count(*)::int FROM chassis.inbox) AS inbox, (SELECT count(*)::int FROM chassis.outbox) AS outbox,
            (SELECT count(*)::int FROM reservation) AS reservations, (SELECT reserved::int FROM stock WHERE sku = 'SKU-001') AS reserved`,
  ).then(([row]) => row);

describe('a unit of work', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await rigOf(inventoryService, 'inventory');
  });
  afterEach(() => rig.close());

  it('shows all of its effects to others, or none: state, inbox and outbox are committed together', async () => {
    // The outbox insert waits for this lock, so a second connection can look while everything else is written.
    const blocker = await lockTable(rig.url, 'chassis.outbox');
    const work = rig.work(many(3, () => paid()));
    await blocker.someoneWaits();
    expect(await counts(rig.url)).toEqual({ inbox: 0, outbox: 0, reservations: 0, reserved: 0 });
    await blocker.release();
    await work;
    expect(await counts(rig.url)).toEqual({ inbox: 3, outbox: 3, reservations: 3, reserved: 3 });
  });

  it('leaves nothing behind when its connection is cut, and takes effect when it is given again', async () => {
    const batch = many(3, () => paid());
    const blocker = await lockTable(rig.url, 'chassis.outbox');
    const cut = rig.work(batch).catch((error: unknown) => error);
    await blocker.someoneWaits();
    await blocker.terminateWaiter();
    expect(await cut).toBeInstanceOf(Error);
    await blocker.release();
    expect(await counts(rig.url)).toEqual({ inbox: 0, outbox: 0, reservations: 0, reserved: 0 });
    await rig.work(batch);
    expect(await counts(rig.url)).toEqual({ inbox: 3, outbox: 3, reservations: 3, reserved: 3 });
  });

  it('has no second effect when the same batch comes again', async () => {
    const batch = many(20, () => paid());
    await rig.work(batch);
    const { outcomes } = await rig.work(batch);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['duplicate']));
    expect(await counts(rig.url)).toEqual({ inbox: 20, outbox: 20, reservations: 20, reserved: 20 });
  });

  it('has one effect when two processes get the same batch at the same moment', async () => {
    const batch = many(50, () => paid());
    const results = await Promise.all([rig.work(batch), rig.work([...batch].reverse())]);
    const applied = results.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind === 'applied');
    expect(applied).toHaveLength(50);
    expect(await counts(rig.url)).toEqual({ inbox: 50, outbox: 50, reservations: 50, reserved: 50 });
  });

  it('raises an alarm when an event id comes again with other bytes', async () => {
    const event = paid();
    await rig.work([event]);
    const { outcomes } = await rig.work([{ ...event, payloadHash: Buffer.alloc(32, 1) }]);
    expect(outcomes).toMatchObject([{ kind: 'dead', code: 'EVENT_ID_REUSED' }]);
    expect(await query(rig.url, 'SELECT error_code FROM chassis.dead_letter')).toEqual([
      { error_code: 'EVENT_ID_REUSED' },
    ]);
  });

  it('sets a record that cannot be decoded aside with its bytes, in the same transaction as its neighbours', async () => {
    const { record } = paid();
    const bad = {
      ...record,
      offset: '9007199254740993',
      headers: { ce_id: 'a\u0000b', x: '\ud800' },
      value: Buffer.from([0, 1, 255]),
    };
    const batch = [
      paid(),
      { kind: 'poison' as const, record: bad, code: 'AVRO_BROKEN', reason: 'it is truncated' },
      paid(),
    ];
    const { outcomes } = await rig.work(batch);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'dead', 'applied']);
    expect(
      await query(rig.url, `SELECT "offset"::text, encode(value, 'hex') AS value, error_code FROM chassis.dead_letter`),
    ).toEqual([{ offset: '9007199254740993', value: '0001ff', error_code: 'AVRO_BROKEN' }]);
  });

  it('writes a popular product once for a whole batch', async () => {
    await rig.work(many(200, () => paid()));
    const [row] = await query<{ n_tup_upd: string }>(
      rig.url,
      `SELECT pg_stat_force_next_flush(), pg_stat_get_tuples_updated('stock'::regclass)::text AS n_tup_upd`,
    );
    expect((await counts(rig.url))?.reserved).toBe(200);
    expect(Number(row?.n_tup_upd)).toBeLessThanOrEqual(1);
  });
});

/** Holds a table so that writers wait, and tells when one does. */
async function lockTable(url: string, table: string) {
  const pg = (await import('pg')).default;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
  const waiter = async (): Promise<number | undefined> => {
    const [row] = await query<{ pid: number }>(
      url,
      `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return row?.pid;
  };
  return {
    someoneWaits: async () => {
      while ((await waiter()) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    terminateWaiter: async () => void (await query(url, `SELECT pg_terminate_backend(${await waiter()})`)),
    release: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}
