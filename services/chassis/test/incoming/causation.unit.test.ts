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
const commandOf = async (path: string, body: object, headers: Record<string, string>) => {
  const answer = await shop.post(path, body, headers);
  expect(answer.status).toBeLessThan(300);
  return shop.bus.taken.at(-1)?.command as Command | undefined;
};
const causeOf = async (...asked: Parameters<typeof commandOf>) => (await commandOf(...asked))?.causationId;
const depthOf = async (...asked: Parameters<typeof commandOf>) => (await commandOf(...asked))?.depth;

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
    const takes = (path: string) =>
      paths[path]?.post.parameters.map(({ name }) => name).filter((name) => name.startsWith('X-Causation'));
    expect([takes('/charges'), takes('/orders')]).toEqual([['X-Causation-Id', 'X-Causation-Depth'], []]);
  });
});

describe('the depth that a request says its step has', () => {
  it('is that of the command, where an orchestrator asks', async () => {
    expect(await depthOf('/charges', {}, { 'x-causation-depth': '63' })).toBe(63);
  });

  it('is nothing where a customer asks: else he could have his order taken for a loop', async () => {
    expect(await depthOf('/orders', order, { 'x-causation-depth': '63' })).toBeUndefined();
  });

  it.each(['0', '-1', '1e9', '1000000000', 'deep', ''])(
    'is not believed as %p: it is that of a first event',
    async (text) => {
      expect(await depthOf('/charges', {}, { 'x-causation-depth': text })).toBe(1);
    },
  );
});
