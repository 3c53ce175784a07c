import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { text } from '../../src/http/input/fields.ts';
import { forward } from '../../src/http/route.ts';
import { openShop, problemOf, type Shop } from './shop.ts';

let shop: Shop;
const asked: unknown[] = [];

beforeEach(async () => {
  asked.length = 0;
  const route = forward('/toys/:name', {
    summary: 'Asks the toy maker for a toy.',
    params: z.object({ name: text(20) }),
    body: z.strictObject({ count: z.number().int().default(1) }),
    response: z.object({ made: z.number() }),
    async handle({ params, body, host, idempotencyKey }) {
      asked.push([params.name, body.count, host, idempotencyKey]);
      return { status: 200, body: { made: body.count } };
    },
  });
  shop = await openShop({ routes: [route] });
});
afterEach(() => shop.close());

describe('a request that takes effect elsewhere', () => {
  it('is handled with its checked body, and told by what name it was asked', async () => {
    const answer = await shop.post('/toys/bear', { count: 2 }, { 'idempotency-key': 'key-1' });
    expect(await answer.json()).toEqual({ made: 2 });
    expect(asked).toEqual([['bear', 2, new URL(shop.url).host, 'key-1']]);
  });

  it.each([
    ['a field that it does not know', { count: 1, price: 0 }],
    ['a wrong type', { count: 'two' }],
  ])('is refused with %s', async (_what, body) => {
    expect((await problemOf(await shop.post('/toys/bear', body))).status).toBe(400);
    expect(asked).toEqual([]);
  });

  it.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['of another origin', { origin: 'http://evil.example' }],
    ['without an origin', { origin: 'null' }],
  ])('is not taken from a page %s, not even without a body', async (_what, headers) => {
    const answer = await fetch(`${shop.url}/toys/bear`, { method: 'POST', headers });
    expect(await problemOf(answer)).toMatchObject({ status: 403, code: 'FOREIGN_PAGE' });
    expect(asked).toEqual([]);
  });

  it('is taken from a page of this server', async () => {
    const headers = { origin: shop.url, 'sec-fetch-site': 'same-origin' };
    expect((await shop.post('/toys/bear', {}, headers)).status).toBe(200);
  });

  it('is documented without an idempotency key, since none is kept here', async () => {
    const document = (await (await shop.fetch('/openapi.json')).json()) as {
      paths: { '/toys/{name}': { post: { parameters: { name: string }[]; requestBody: unknown } } };
    };
    const { parameters, requestBody } = document.paths['/toys/{name}'].post;
    expect(parameters.map(({ name }) => name)).toEqual(['name', 'X-Customer-Id']);
    expect(requestBody).toBeDefined();
  });
});
