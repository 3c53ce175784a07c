import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, problemOf, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const orderId = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
const path = `/orders/${orderId}/release`;

describe('a command that is the act of a person', () => {
  it('carries who does what to what, and why', async () => {
    const answer = await shop.post(path, { reason: ' It was paid in cash. ' }, { 'x-operator': 'grace' });
    expect(answer.status).toBe(200);
    expect(shop.bus.taken.at(-1)?.command).toMatchObject({
      act: { operator: 'grace', act: 'order.release', target: orderId, reason: 'It was paid in cash.' },
    });
  });

  it('is refused without a name, before anything happens', async () => {
    const before = shop.bus.taken.length;
    for (const headers of [{}, { 'x-operator': '' }, { 'x-operator': 'a b' }]) {
      const problem = await problemOf(await shop.post(path, { reason: 'x' }, headers as Record<string, string>));
      expect(problem).toMatchObject({
        status: 400,
        code: 'INVALID_OPERATOR',
        errors: [{ field: 'header X-Operator' }],
      });
    }
    expect(shop.bus.taken).toHaveLength(before);
  });

  it.each(['', '   ', 'a\nb', 'x'.repeat(201)])('needs a reason that can be read: not %j', async (reason) => {
    expect((await shop.post(path, { reason }, { 'x-operator': 'grace' })).status).toBe(422);
  });

  it('says in its description that a name is needed; other commands do not', async () => {
    const { paths } = (await (await shop.fetch('/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string; required: boolean }[] } }>;
    };
    const asksWho = (of: string) =>
      paths[of]?.post.parameters.some(({ name, required }) => name === 'X-Operator' && required);
    expect(asksWho('/orders/{orderId}/release')).toBe(true);
    expect(asksWho('/orders/{orderId}/cancel')).toBe(false);
  });

  it('of a customer carries no act, whatever the header says', async () => {
    await shop.post(`/orders/${orderId}/cancel`, {}, { 'x-operator': 'grace' });
    expect(shop.bus.taken.at(-1)?.command).toMatchObject({ act: undefined });
  });
});
