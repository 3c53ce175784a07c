import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/http/idempotency.ts';
import type { CommandRoute } from '../../src/http/route.ts';
import { DomainError } from '../../src/rules/failure.ts';
import { openShop, problemOf, type Shop, shopRoutes } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const id = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';

async function claimOf(path: string, body: unknown, headers: Record<string, string>) {
  expect((await shop.post(path, body, headers)).ok).toBe(true);
  return shop.bus.taken.at(-1)?.claim;
}
const claimOfOrder = (body: unknown, headers: Record<string, string> = {}) =>
  claimOf('/orders', body, { 'idempotency-key': 'k1', ...headers });

describe('an Idempotency-Key', () => {
  const order = { items: [{ sku: 'A', quantity: 1 }], note: 'x' };

  it('may be left out', async () => {
    expect(await claimOf('/orders', order, {})).toBeUndefined();
  });

  it('belongs to its customer, method and path', async () => {
    expect((await claimOfOrder(order))?.scope).toBe('demo POST /orders');
    expect((await claimOfOrder(order, { 'x-customer-id': 'ada' }))?.scope).toBe('ada POST /orders');
    const cancel = await claimOf(`/orders/${id}/cancel`, {}, { 'idempotency-key': 'k1' });
    expect(cancel).toMatchObject({ key: 'k1', scope: `demo POST /orders/${id}/cancel` });
  });

  it('has the same scope however the address is written', async () => {
    const keyed = { 'idempotency-key': 'k1' };
    const plain = await claimOf(`/orders/${id}/cancel`, {}, keyed);
    for (const path of [`/orders/${id}/cancel/`, `/orders/${id}/cancel?x=1`, `/orders/%30${id.slice(1)}/cancel`]) {
      expect((await claimOf(path, {}, keyed))?.scope).toBe(plain?.scope);
    }
  });

  it('has the same hash for the same JSON, and another for anything else', async () => {
    const first = await claimOfOrder('{"items":[{"sku":"A","quantity":1}],"note":"x"}');
    const same = await claimOfOrder('{ "note":"\\u0078", "items":[{"quantity":1.0,"sku":"A"}] }');
    const other = await claimOfOrder({ ...order, items: [{ sku: 'A', quantity: 2 }] });
    expect(first?.requestHash).toHaveLength(32);
    expect(same?.requestHash).toEqual(first?.requestHash);
    expect(other?.requestHash).not.toEqual(first?.requestHash);
  });

  it('is 1 to 255 visible characters', async () => {
    expect((await claimOfOrder(order, { 'idempotency-key': '~'.repeat(255) }))?.key).toHaveLength(255);
    for (const key of ['', 'a b', '~'.repeat(256), 'ü']) {
      const problem = await problemOf(await shop.post('/orders', order, { 'idempotency-key': key }));
      expect(problem).toMatchObject({
        status: 400,
        code: 'INVALID_IDEMPOTENCY_KEY',
        errors: [{ field: 'header Idempotency-Key' }],
      });
    }
  });
});

describe('a request that is refused before it becomes a command', () => {
  const asked: string[] = [];
  const gone = new DomainError({
    code: 'PRODUCT_UNKNOWN',
    status: 422,
    title: 'No such product',
    detail: 'Choose another.',
  });
  let refusing: Shop;
  beforeAll(async () => {
    const [place] = shopRoutes as readonly CommandRoute<string>[];
    const command: CommandRoute<string>['command'] = (input) => {
      if ((input.body as { note?: string }).note === 'gone') throw gone;
      return (place as CommandRoute<string>).command(input);
    };
    refusing = await openShop({
      routes: [{ ...(place as CommandRoute<string>), command }],
      keptAnswer: async ({ key }) => {
        asked.push(key);
        return key === 'known'
          ? { status: 202, headers: { 'Idempotency-Replayed': 'true' }, body: { placed: 1 } }
          : undefined;
      },
    });
  });
  afterAll(() => refusing.close());

  const order = { items: [{ sku: 'A', quantity: 1 }], note: 'gone' };
  const send = (body: object, key?: string) =>
    refusing.post('/orders', body, key === undefined ? {} : { 'idempotency-key': key });

  it('gets the answer that was kept for its key', async () => {
    const answer = await send(order, 'known');
    expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(await answer.json()).toEqual({ placed: 1 });
  });

  it('is refused when its key is new, or it has none', async () => {
    expect(await problemOf(await send(order, 'new'))).toMatchObject({ status: 422, code: 'PRODUCT_UNKNOWN' });
    expect(await problemOf(await send(order))).toMatchObject({ status: 422, code: 'PRODUCT_UNKNOWN' });
  });

  it('is the only one for which a kept answer is looked up outside of its batch', async () => {
    asked.length = 0;
    expect((await send({ ...order, note: 'there' }, 'known')).status).toBe(202);
    expect(asked).toEqual([]);
  });
});

describe('the canonical form of JSON', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, part]) => [key, shuffled(part)]),
    );
  };

  it('is JSON of the same value, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
        expect(canonicalJson(shuffled(plain))).toBe(canonicalJson(plain));
      }),
    );
  });
});
