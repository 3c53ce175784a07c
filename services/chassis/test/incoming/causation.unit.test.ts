import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/rules/messages.ts';
import { openShop, type Shop } from '../http/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const step = 'f8a45ac7-55dc-5ae3-9f27-4e1c5ff9a4c0';
const order = { items: [{ sku: 'SKU-001', quantity: 1 }] };
const causeOf = async (path: string, body: object, headers: Record<string, string>): Promise<unknown> => {
  const answer = await shop.post(path, body, headers);
  expect(answer.status).toBeLessThan(300);
  return (shop.bus.taken.at(-1)?.command as Command | undefined)?.causationId;
};

describe('the step that a request says it belongs to', () => {
  it('is the cause of what follows, where an orchestrator asks', async () => {
    expect(await causeOf('/charges', {}, { 'x-causation-id': step })).toBe(step);
  });

  it('is nothing where a customer asks, who may claim what he likes', async () => {
    expect(await causeOf('/orders', order, { 'x-causation-id': step })).toBeUndefined();
  });

  it.each([
    ['in capitals', step.toUpperCase()],
    ['in braces', `{${step}}`],
    ['without hyphens', step.replaceAll('-', '')],
    ['twice', `${step}, ${step}`],
    ['as something else', 'PaymentCompleted'],
    ['as nothing', ''],
  ])('is not believed %s: the request is done without it', async (_, id) => {
    expect(await causeOf('/charges', {}, { 'x-causation-id': id })).toBeUndefined();
  });

  it('is in the description of the routes of orchestrators, and of no other', async () => {
    const { paths } = (await (await shop.fetch('/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string }[] } }>;
    };
    const takes = (path: string) => paths[path]?.post.parameters.some(({ name }) => name === 'X-Causation-Id');
    expect([takes('/charges'), takes('/orders')]).toEqual([true, false]);
  });
});
