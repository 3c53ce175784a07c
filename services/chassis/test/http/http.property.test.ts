import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { text } from '../../src/http/input/fields.ts';
import { openShop, problemOf, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** Any JSON, orders with any one thing wrong, and bytes that are no JSON at all. */
const quantity = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 53 + 1, -0, 1e308, '1', null, [], {}));
const sku = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u0000', '\ud800', '\udfff', '🎂', 'ש'),
  fc.jsonValue(),
);
const nearlyAnOrder = fc.record(
  { items: fc.array(fc.record({ sku, quantity }, { requiredKeys: [] })), note: sku, gift: fc.jsonValue() },
  { requiredKeys: [] },
);
const anyBody = fc.oneof(fc.jsonValue(), nearlyAnOrder).map((value) => JSON.stringify(value));

describe('whatever is sent', () => {
  it('is placed, or answered with a problem that names a field; never a failure of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBody, fc.string()), async (body) => {
        const answer = await shop.post('/orders', body);
        if (answer.status === 202) return answer.body?.cancel();
        const problem = await problemOf(answer);
        expect([400, 422]).toContain(problem.status);
        expect(problem.errors?.length).toBeGreaterThan(0);
        for (const { field, message } of problem.errors ?? []) {
          expect(field === 'body' || field.startsWith('/')).toBe(true);
          expect(message).toMatch(/^(must|is|has) .*\S$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nothing that is accepted as text is empty, too long, or holds what a database cannot keep', () => {
    const schema = text(10);
    const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
    const anyUnit = fc.oneof(
      { weight: 20, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: half },
    );
    fc.assert(
      fc.property(fc.string({ unit: anyUnit, maxLength: 14 }), (value) => {
        const good = [...value].length >= 1 && [...value].length <= 10 && !/[\p{Cc}\p{Cs}]/u.test(value);
        expect(schema.safeParse(value).success).toBe(good);
      }),
      { numRuns: 2_000 },
    );
  });
});
