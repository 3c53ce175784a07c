import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { uuidv7 } from '@troupe/chassis';
import type { DeadLetters, Incoming } from '@troupe/chassis/internal';
import { type Operators, operators, query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { PrismaClient } from '@troupe/inventory-database';
import { PaymentCompleted } from '@troupe/schemas';
import { incoming, many, type Rig, rigOf } from './rig.ts';
import { eventually } from './system.ts';

const paid = (orderId = uuidv7()) =>
  incoming(
    PaymentCompleted({
      orderId,
      paymentId: uuidv7(),
      customerId: 'demo',
      items: [{ sku: 'SKU-001', quantity: 1 }],
      amount: 1_000,
      currency: 'USD',
    }),
  );

/** A good event that could not be decoded when it came: the registry had lost its schema. By now it is back. */
function misread(orderId?: string): Incoming {
  const { record } = paid(orderId);
  return { kind: 'poison', record, code: 'SCHEMA_UNKNOWN', reason: 'The schema registry has no schema 7.' };
}

interface Replay {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly done: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

let rig: Rig;
let database: PrismaClient;
let desk: Operators;
beforeEach(async () => {
  rig = await rigOf(inventoryService, 'inventory');
  database = new PrismaClient({ adapter: new PrismaPg({ connectionString: rig.url }) });
  desk = await operators(database, rig.deadLetters);
});
afterEach(async () => {
  await desk.close();
  await database.$disconnect();
  await rig.close();
});

const get = async <Body>(path: string) => (await (await fetch(desk.url + path)).json()) as Body;
const ask = (body: unknown, path = '/dead-letters/replays') =>
  fetch(desk.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'ada' },
    body: JSON.stringify(body),
  });
async function asked(body: unknown): Promise<Replay> {
  const answer = await ask(body);
  if (answer.status !== 202) throw new Error(`The replay was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Replay;
}
const ended = (id: string) =>
  eventually(
    () => get<Replay>(`/dead-letters/replays/${id}`),
    ({ status }) => status === 'FINISHED',
  );
const deadLetters = (status: string) =>
  query<{ id: string; replays: number; outcome: string; key_text: string }>(
    rig.url,
    `SELECT id::text, replays, outcome, key_text FROM chassis.dead_letter WHERE status = '${status}' ORDER BY position`,
  );
const effects = async () =>
  (
    await query<{ inbox: number; reservations: number; events: number; reserved: number }>(
      rig.url,
      `SELECT (SELECT count(*)::int FROM chassis.inbox) AS inbox, (SELECT count(*)::int FROM reservation) AS reservations,
              (SELECT count(*)::int FROM chassis.outbox) AS events,
              (SELECT reserved::int FROM stock WHERE sku = 'SKU-001') AS reserved`,
    )
  )[0];
const once = (n: number) => ({ inbox: n, reservations: n, events: n, reserved: n });
const ALL = { filter: { code: 'SCHEMA_UNKNOWN' }, ratePerSecond: 1_000 };

describe('a thousand dead letters', () => {
  beforeEach(async () => {
    await rig.loop.handleAgain(many(1_000, () => misread()));
    expect(await deadLetters('DEAD')).toHaveLength(1_000);
  });

  it('are tried by filter without any effect, and then take effect once, with their progress and outcomes to see', async () => {
    const rehearsed = await (await ask({ ...ALL, dryRun: true })).json();
    expect(rehearsed).toMatchObject({ total: 1_000, outcomes: { applied: 1_000 } });
    expect(await effects()).toEqual(once(0));
    expect(await deadLetters('DEAD')).toHaveLength(1_000);

    const { id, total } = await asked(ALL);
    expect(total).toBe(1_000);
    desk.work(rig.deadLetters);
    const seen = new Set<number>();
    await eventually(
      () => get<Replay>(`/dead-letters/replays/${id}`),
      ({ status, done }) => seen.add(done) !== undefined && status === 'FINISHED',
    );
    expect(seen.size).toBeGreaterThan(2);
    expect(await ended(id)).toMatchObject({ done: 1_000, outcomes: { applied: 1_000 } });
    expect(await effects()).toEqual(once(1_000));
    expect(await deadLetters('HANDLED')).toHaveLength(1_000);
  });

  it('take effect once when the same replay is asked for twice, and both at the same moment', async () => {
    desk.work(rig.deadLetters);
    const answers = await Promise.all([ask(ALL), ask(ALL)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const { items } = await get<{ items: readonly Replay[] }>('/dead-letters/replays');
    expect(items).toHaveLength(1);
    await ended(String(items[0]?.id));
    expect((await ask(ALL)).status).toBe(409);
    expect(await effects()).toEqual(once(1_000));
  });

  it('take effect once when the worker dies behind a commit, and another goes on', async () => {
    const { id } = await asked(ALL);
    let turns = 0;
    const dying: DeadLetters = {
      ...rig.deadLetters,
      async replay(ids) {
        await rig.deadLetters.replay(ids);
        turns += 1;
        if (turns === 2) throw new Error('killed');
      },
    };
    const first = desk.work(dying);
    await eventually(
      async () => turns,
      (seen) => seen === 2,
    );
    await first.stop();
    expect((await get<Replay>(`/dead-letters/replays/${id}`)).done).toBe(500);
    await query(rig.url, `UPDATE chassis.dead_letter_replay SET leased_until = now()`);
    desk.work(rig.deadLetters);
    expect(await ended(id)).toMatchObject({ outcomes: { applied: 1_000 } });
    expect(await effects()).toEqual(once(1_000));
    expect(new Set((await deadLetters('HANDLED')).map(({ replays }) => replays))).toEqual(new Set([1]));
  });

  it('take effect once when every connection is cut in the middle', async () => {
    const { id } = await asked(ALL);
    desk.work(rig.deadLetters);
    await eventually(
      () => get<Replay>(`/dead-letters/replays/${id}`),
      ({ done }) => done >= 250,
    );
    await query(
      rig.url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await query(rig.url, `UPDATE chassis.dead_letter_replay SET leased_until = now()`);
    expect(await ended(id)).toMatchObject({ outcomes: { applied: 1_000 } });
    expect(await effects()).toEqual(once(1_000));
  });

  it('take effect once when their records come from the topic again while they are replayed', async () => {
    const copies = (
      await query<{ value: Buffer; id: string }>(
        rig.url,
        `SELECT value, headers->>'ce_id' AS id FROM chassis.dead_letter WHERE position % 2 = 0`,
      )
    ).map(({ value, id }) => {
      const { orderId, ...data } = JSON.parse(String(value));
      return incoming({ type: 'PaymentCompleted', data: { orderId, ...data } }, id);
    });
    const { id } = await asked(ALL);
    desk.work(rig.deadLetters);
    await Promise.all([ended(id), rig.loop.handleAgain(copies)]);
    await eventually(rig.deadLetters.release, (released) => released === 0);
    expect(await effects()).toEqual(once(1_000));
  });
});

describe('dead letters whose cause still lasts', () => {
  it('come back from each replay, are counted, and stop at the loop guard', async () => {
    await query(rig.url, 'ALTER TABLE reservation ADD CONSTRAINT broken CHECK (false) NOT VALID');
    await rig.loop.handleAgain(many(10, () => paid()));
    desk.work(rig.deadLetters);
    const filter = { code: 'SQLSTATE_23514' };
    const rehearsed = await (await ask({ filter, dryRun: true })).json();
    expect(rehearsed).toMatchObject({
      outcomes: { dead: 10 },
      items: [{ code: 'SQLSTATE_23514' }, ...Array(9).fill({})],
    });
    for (const replays of [1, 2]) {
      expect(await ended((await asked({ filter })).id)).toMatchObject({ outcomes: { dead: 10 } });
      expect((await deadLetters('DEAD')).map((deadLetter) => deadLetter.replays)).toEqual(Array(10).fill(replays));
    }
    await ended((await asked({ filter })).id);
    expect((await deadLetters('QUARANTINED')).map(({ replays }) => replays)).toEqual(Array(10).fill(3));
    const stopped = (await (await ask({ filter })).json()) as { code: string; detail: string };
    expect(stopped.code).toBe('NOTHING_TO_REPLAY');
    expect(stopped.detail).toContain('10 in quarantine');

    await query(rig.url, 'ALTER TABLE reservation DROP CONSTRAINT broken');
    const { id } = await asked({ filter, includeQuarantined: true });
    expect(await ended(id)).toMatchObject({ outcomes: { applied: 10 } });
    expect(await effects()).toEqual(once(10));
  });
});

describe('messages that are parked', () => {
  /** One that was misread and what came behind it, for some orders; in turns, as they would come. */
  async function parkedBehind(orders: readonly string[], each: number): Promise<void> {
    await rig.loop.handleAgain(orders.map((orderId) => misread(orderId)));
    for (let n = 0; n < each; n += 1) await rig.loop.handleAgain(orders.map((orderId) => paid(orderId)));
    expect(await deadLetters('PARKED')).toHaveLength(orders.length * each);
  }
  /** The dead letters of an order, in the order in which they are handled. */
  function watched(): ReadonlyMap<string, string[]> {
    const handled = new Map<string, string[]>();
    const handleAgain = rig.loop.handleAgain.bind(rig.loop);
    rig.loop.handleAgain = async (messages) => {
      const outcomes = await handleAgain(messages);
      for (const [at, message] of messages.entries()) {
        if (!('deadLetter' in message) || outcomes[at]?.kind === 'parked') continue;
        const key = String(message.record.key);
        handled.set(key, [...(handled.get(key) ?? []), message.deadLetter?.id ?? '']);
      }
      return outcomes;
    };
    return handled;
  }
  const inOrder = async () => {
    const byKey = new Map<string, string[]>();
    for (const { id, key_text } of await deadLetters('HANDLED'))
      byKey.set(key_text, [...(byKey.get(key_text) ?? []), id]);
    return byKey;
  };

  it('follow what they waited for, in order, when it is replayed', async () => {
    const orders = many(20, () => uuidv7());
    await parkedBehind(orders, 5);
    const handled = watched();
    desk.work(rig.deadLetters);
    const { id } = await asked(ALL);
    expect(await ended(id)).toMatchObject({ total: 20, outcomes: { applied: 20 } });
    await eventually(
      () => deadLetters('HANDLED'),
      (all) => all.length === 120,
    );
    expect(handled).toEqual(await inOrder());
    expect(await effects()).toMatchObject({ reservations: 20, reserved: 20 });
  });

  it('follow when it is discarded, and its event never takes effect', async () => {
    const order = uuidv7();
    await parkedBehind([order], 3);
    desk.work(rig.deadLetters);
    const [dead] = await deadLetters('DEAD');
    expect((await ask({ reason: 'sent by mistake' }, `/dead-letters/${dead?.id}/discard`)).status).toBe(200);
    expect(
      await eventually(
        () => deadLetters('HANDLED'),
        (all) => all.length === 3,
      ),
    ).toMatchObject([{ outcome: 'applied' }, { outcome: 'ignored' }, { outcome: 'ignored' }]);
    const [tombstone] = await query<{ event_id: string }>(
      rig.url,
      `SELECT event_id::text FROM chassis.inbox WHERE ignored_because = 'discarded by ada: sent by mistake'`,
    );
    const copy = { ...paid(), id: String(tombstone?.event_id) };
    const { outcomes } = await rig.work([{ ...copy, payloadHash: await discardedHash() }]);
    expect(outcomes).toEqual([{ kind: 'duplicate' }]);
  });

  /** As the intake makes it of the bytes that were discarded. */
  async function discardedHash(): Promise<Buffer> {
    const [row] = await query<{ value: Buffer }>(
      rig.url,
      `SELECT value FROM chassis.dead_letter WHERE status = 'DISCARDED'`,
    );
    return createHash('sha256')
      .update(row?.value as Buffer)
      .digest();
  }

  it('are released by whoever starts next when a crash left them behind', async () => {
    await parkedBehind([uuidv7()], 3);
    await rig.deadLetters.replay((await deadLetters('DEAD')).map(({ id }) => id));
    expect(await deadLetters('PARKED')).toHaveLength(3);
    desk.work(rig.deadLetters);
    await eventually(
      () => deadLetters('HANDLED'),
      (all) => all.length === 4,
    );
  });
});
