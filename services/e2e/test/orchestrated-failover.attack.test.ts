import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { effects, isConserved, orchestrate, sagaEnd, sagaOf, someone, undone } from './orchestrated/sagas.ts';
import type { Instance } from './outages/instance.ts';
import { openTheatre, type Theatre } from './outages/theatre.ts';
import { eventually } from './system.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre({ ORDER_DEADLINE_MS: '120000' });
}, 240_000);
afterAll(() => theatre?.close());

const ready = ({ url }: Instance) =>
  eventually(
    () =>
      fetch(`${url}/readyz`)
        .then(({ ok }) => ok)
        .catch(() => false),
    Boolean,
  );
/** Where an orchestrator dies: between the log and the step, before and after each of its three asks, and in between. */
const deaths = [
  'after-commit@1',
  'before-call@1',
  'after-call@1',
  'before-commit@2',
  'before-call@2',
  'after-call@2',
  'before-call@3',
  'after-call@3',
];

describe('an orchestrator that is killed', () => {
  const orders = new Map<string, readonly string[]>();
  // All at once, so that none lives to find what another has left, and dies of it: the one without a failpoint finishes it.
  beforeAll(async () => {
    const instances = await Promise.all(deaths.map((death) => theatre.join('order', { FAILPOINT: death })));
    await Promise.all(instances.map(ready));
    const placed = await Promise.all(instances.map(orchestrateUntilDeath));
    for (const [at, death] of deaths.entries()) orders.set(death, placed[at] as readonly string[]);
  }, 360_000);

  it.each(deaths)('at %s: another finishes its sagas, and each step happens once', async (death) => {
    const ids = orders.get(death) as readonly string[];
    expect(ids.length).toBeGreaterThan(0);
    for (const orderId of ids) {
      expect(await sagaEnd(orderId)).toMatchObject({ status: 'COMPLETED' });
      expect(await effects(orderId)).toMatchObject({ money: ['charge'], shipment: 'SCHEDULED' });
    }
  });
});

/** Orders at one instance until it dies. What it did not answer is sent again to another, with the same key. */
async function orchestrateUntilDeath({ url, pid }: Instance): Promise<readonly string[]> {
  const customer = someone();
  const ids = new Set<string>();
  while (pid() !== undefined) {
    const key = randomUUID();
    const place = (at?: string) =>
      orchestrate(customer, 'SKU-021', 'tok_ok', at === undefined ? { key } : { key, url: at });
    ids.add(await place(url).catch(() => eventually(() => place().catch(() => ''), Boolean)));
    await sleep(200);
  }
  return [...ids];
}

describe('an orchestrator whose every ask is found in the table, as after a crash', () => {
  it('comes to the same ends, with each effect once', async () => {
    const instance = await theatre.join('order', { CALLS_BEGIN: 'by-recovery' });
    await ready(instance);
    const customer = someone();
    const wishes = [
      ['SKU-022', 'tok_ok'],
      ['SKU-022', 'tok_declined'],
      ['SKU-099', 'tok_ok'],
      ['SKU-100', 'tok_ok'],
    ] as [string, string][];
    const all = [...wishes, ...wishes, ...wishes];
    const ids = await Promise.all(all.map(([sku, token]) => orchestrate(customer, sku, token, { url: instance.url })));
    const ends = await Promise.all(ids.map(sagaEnd));
    const expected = ['COMPLETED', 'FAILED', 'FAILED', 'FAILED'];
    expect(ends.map(({ status }) => status)).toEqual([...expected, ...expected, ...expected]);
    expect(undone(await sagaOf(ids[3] as string))).toEqual(['reserve stock', 'charge payment', 'create order']);
    for (const [at, orderId] of ids.entries()) {
      const money = [['charge'], [], ['charge', 'refund'], ['charge', 'refund']][at % 4];
      expect((await effects(orderId)).money).toEqual(money);
    }
    expect(await isConserved('SKU-022')).toBe(true);
  });
});
