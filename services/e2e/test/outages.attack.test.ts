import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query } from '@troupe/chassis/testing';
import { freeze, kill, type Return, serviceNames } from '@troupe/embedded';
import { Customers } from './outages/customers.ts';
import type { Instance } from './outages/instance.ts';
import { openTheatre, type Theatre } from './outages/theatre.ts';
import { eventually, get, place } from './system.ts';

const AWAY_MS = 60_000;
/** What is frozen, or not needed for each order, is away for as long as it takes to be told and to be missed. */
const SHORTLY_AWAY_MS = 30_000;
const BACK_TO_NORMAL_MS = 10_000;
/** How long the system is watched afterwards, and how long an order may take then. */
const WATCHED_MS = 5_000;
const PROMPT_MS = 5_000;

let theatre: Theatre;
const customers = new Customers();
/** Ids of orders that are not the customers'. */
const others: string[] = [];

beforeAll(async () => {
  // No order may end because of the clock: each shows whether it was lost.
  theatre = await openTheatre({ ORDER_DEADLINE_MS: '3600000', APPROVAL_TIMEOUT_MS: '5000' });
  customers.arrive();
}, 240_000);

afterAll(async () => {
  await customers.leave();
  await theatre?.close();
});

interface Outage {
  strike(): Promise<Return>;
  readonly awayMs: number;
  /** What `/readyz` of an instance says meanwhile. */
  readonly told: Readonly<Record<string, RegExp>>;
}

const struck = (name: string, how: typeof kill) => () => how(theatre.stack.child(name));
const everyone = (reason: RegExp) => Object.fromEntries(serviceNames.map((name) => [name, reason]));

const outages: Readonly<Record<string, Outage>> = {
  'the payment provider, killed': {
    strike: struck('provider', kill),
    awayMs: AWAY_MS,
    told: { payment: /calls of Charge in a row had no answer \(The payment provider/ },
  },
  'the carrier and the mail server, frozen': {
    async strike() {
      const returns = [await struck('carrier', freeze)(), await struck('mailbox', freeze)()];
      return async () => void (await Promise.all(returns.map((back) => back())));
    },
    awayMs: SHORTLY_AWAY_MS,
    told: { shipping: /calls of Book in a row had no answer/, notification: /calls of Send in a row had no answer/ },
  },
  'the registry, killed': {
    async strike() {
      const back = await struck('registry', kill)();
      // The first order that waits for an approval: nobody has read the schema of that event yet.
      others.push((await place('SKU-098')).orderId);
      await theatre.join('shipping');
      return back;
    },
    awayMs: AWAY_MS,
    told: {
      order: /A schema cannot be fetched/,
      notification: /A schema cannot be fetched/,
      'another shipping': /The schema registry did not answer/,
    },
  },
  'Kafka, killed': {
    strike: struck('kafka', kill),
    awayMs: AWAY_MS,
    told: everyone(/Kafka at .* does not work/),
  },
  'Kafka, frozen': {
    strike: struck('kafka', freeze),
    awayMs: SHORTLY_AWAY_MS,
    told: everyone(/Kafka at .* does not work \(no answer for/),
  },
  'PostgreSQL, frozen': {
    strike: struck('postgres', freeze),
    awayMs: SHORTLY_AWAY_MS,
    told: everyone(/The database does not say which calls and timers are due/),
  },
  'PostgreSQL, killed': {
    strike: struck('postgres', kill),
    awayMs: AWAY_MS,
    told: everyone(/Is PostgreSQL running\?/),
  },
};

describe('while it is away everything waits, and within 10 s of its return all is as before:', () => {
  it.each(Object.entries(outages))(
    '%s',
    async (_, { strike, awayMs, told }) => {
      const pids = pidsOf(theatre.instances);
      const awayUntil = performance.now() + awayMs;
      const back = await strike();
      await Promise.all(Object.entries(told).map(([name, reason]) => says(name, reason, awayUntil)));
      while (performance.now() < awayUntil) {
        expect(await Promise.all(theatre.instances.map(isAlive))).not.toContain(false);
        await sleep(500);
      }

      await back();
      const returnedAt = Date.now();
      await allReadyBy(returnedAt + BACK_TO_NORMAL_MS);
      await untilTime(returnedAt + BACK_TO_NORMAL_MS + WATCHED_MS + PROMPT_MS);
      expect(await unfinished(returnedAt + BACK_TO_NORMAL_MS + WATCHED_MS)).toBe(0);
      const since = returnedAt + BACK_TO_NORMAL_MS;
      const slowest = await slowestOrder(since, since + WATCHED_MS);
      expect(slowest.orders).toBeGreaterThan(0);
      expect(slowest.ms).toBeLessThan(PROMPT_MS);
      expect(pidsOf(theatre.instances)).toMatchObject(pids);
    },
    AWAY_MS + 120_000,
  );
});

describe('after all that', () => {
  it('every order is there once and at its end; what was not accepted at first is so when it is sent again', async () => {
    await customers.leave();
    const { purchases } = customers;
    expect(purchases.filter(({ outcome }) => outcome === 'refused')).not.toHaveLength(0);
    await customers.insist();
    expect(purchases.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    await eventually(
      () => unfinished(Date.now()),
      (count) => count === 0,
    );
    const ends = new Map((await orderRows()).map(({ id, status }) => [id, status]));
    const wrong = purchases.filter(({ sku, paymentToken, orderId = '' }) => {
      const goesWell = paymentToken === 'tok_ok' && sku !== 'SKU-099';
      return ends.get(orderId) !== (goesWell ? 'CONFIRMED' : 'CANCELLED');
    });
    expect(wrong).toEqual([]);
    expect(ends.size).toBe(purchases.length + others.length);
  });

  it('nobody has paid twice, and who got nothing has the money back', async () => {
    const moved = await moneyMoved();
    const wrong = (await orderRows()).filter(({ id, status }) => {
      const { charges, refunds } = moved.get(id) ?? { charges: 0, refunds: 0 };
      return status === 'CONFIRMED' ? charges !== 1 || refunds !== 0 : charges > 1 || refunds !== charges;
    });
    expect(wrong).toEqual([]);
  });

  it.each(serviceNames)('%s has set nothing aside', async (service) => {
    const rows = await query(
      theatre.stack.addresses.databaseUrl(service),
      'SELECT error_code FROM chassis.dead_letter',
    );
    expect(rows).toEqual([]);
  });
});

const pidsOf = (instances: readonly Instance[]) => Object.fromEntries(instances.map(({ name, pid }) => [name, pid()]));

interface Readyz {
  readonly reasons?: Readonly<Record<string, string>>;
}

/** An instance that has only just been started does not answer yet. */
async function readyz({ url }: Instance): Promise<{ readonly status: number; readonly reasons: string }> {
  try {
    const response = await fetch(`${url}/readyz`);
    const { reasons = {} } = (await response.json()) as Readyz;
    return { status: response.status, reasons: Object.values(reasons).join(' ') };
  } catch {
    return { status: 0, reasons: '' };
  }
}

const isAlive = async ({ url }: Instance): Promise<boolean> => (await fetch(`${url}/livez`)).status === 200;

async function says(name: string, reason: RegExp, until: number): Promise<void> {
  const instance = theatre.instances.find((candidate) => candidate.name === name) as Instance;
  const isTold = ({ status, reasons }: { status: number; reasons: string }) => status === 503 && reason.test(reasons);
  const seen = await eventually(
    () => readyz(instance),
    (answer) => isTold(answer) || performance.now() > until,
  );
  expect({ name, ...seen }).toEqual({ name, status: 503, reasons: expect.stringMatching(reason) });
}

async function allReadyBy(end: number): Promise<void> {
  const seen = await eventually(
    async () =>
      new Map(await Promise.all(theatre.instances.map(async (one) => [one.name, await readyz(one)] as const))),
    (answers) => [...answers.values()].every(({ status }) => status === 200) || Date.now() > end,
  );
  const notReady = [...seen].filter(([, { status }]) => status !== 200);
  expect(notReady).toEqual([]);
}

async function untilTime(at: number): Promise<void> {
  await sleep(Math.max(0, at - Date.now()));
}

const ofOrders = <Row extends object>(sql: string) => query<Row>(theatre.stack.addresses.databaseUrl('order'), sql);
const sqlTime = (at: number): string => `'${new Date(at).toISOString()}'::timestamptz`;

const orderRows = () => ofOrders<{ id: string; status: string }>('SELECT order_id::text AS id, status FROM orders');

/** How many orders placed before a moment have not come to their end. */
async function unfinished(before: number): Promise<number> {
  const [row] = await ofOrders<{ count: number }>(
    `SELECT count(*)::int FROM orders WHERE status IN ('PENDING', 'AWAITING_APPROVAL') AND created_at < ${sqlTime(before)}`,
  );
  return row?.count ?? 0;
}

async function slowestOrder(from: number, to: number): Promise<{ readonly orders: number; readonly ms: number }> {
  const [row] = await ofOrders<{ orders: number; ms: number }>(
    `SELECT count(*)::int AS orders, coalesce(max(extract(epoch FROM updated_at - created_at)), 0)::float8 * 1000 AS ms
     FROM orders WHERE created_at BETWEEN ${sqlTime(from)} AND ${sqlTime(to)}`,
  );
  return row ?? { orders: 0, ms: 0 };
}

/** By order, as the provider has it in its books. */
async function moneyMoved(): Promise<ReadonlyMap<string, { charges: number; refunds: number }>> {
  type Entry = { readonly kind: 'charge' | 'refund'; readonly status: string; readonly reference: string };
  const { body } = await get<{ items: Entry[]; nextCursor: null }>('provider', '/v1/ledger?limit=10000');
  expect(body.nextCursor).toBeNull();
  const moved = new Map<string, { charges: number; refunds: number }>();
  for (const { kind, reference } of body.items.filter(({ status }) => status === 'succeeded')) {
    const known = moved.get(reference) ?? { charges: 0, refunds: 0 };
    known[kind === 'charge' ? 'charges' : 'refunds'] += 1;
    moved.set(reference, known);
  }
  return moved;
}
