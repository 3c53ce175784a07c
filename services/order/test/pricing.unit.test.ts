import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@troupe/chassis';
import fc from 'fast-check';
import { CURRENCY, type Line, type Prices, priced } from '../src/domain/pricing.ts';

const prices: Prices = new Map([
  ['SKU-001', 1_050],
  ['SKU-002', 99],
]);

function faultsOf(lines: readonly Line[]) {
  try {
    priced(lines, prices);
  } catch (error) {
    if (error instanceof DomainError) {
      const { code, status, title, message, faults } = error;
      return { code, status, title, message, faults };
    }
    throw error;
  }
  throw new Error('the lines were priced');
}

describe('Prices', () => {
  it('come from the catalogue, and add up', () => {
    const lines = [
      { sku: 'SKU-001', quantity: 2 },
      { sku: 'SKU-002', quantity: 3 },
    ];
    expect(priced(lines, prices)).toEqual({
      items: [
        { sku: 'SKU-001', quantity: 2, unitPrice: 1_050 },
        { sku: 'SKU-002', quantity: 3, unitPrice: 99 },
      ],
      total: 2_397,
    });
  });

  it('do not exist for a product that is not sold: its line is named, and the remedy', () => {
    const { code, status, title, message, faults } = faultsOf([
      { sku: 'SKU-001', quantity: 1 },
      { sku: 'SKU-7', quantity: 1 },
    ]);
    expect({ code, status, title }).toEqual({ code: 'UNKNOWN_SKU', status: 422, title: 'A product is not sold here' });
    expect(message).toBe('/items/1/sku is "SKU-7", which is not sold here; GET /products lists what is.');
    expect(faults).toEqual([{ field: '/items/1/sku', message: expect.stringContaining('GET /products') }]);
  });

  it('are not asked twice for the same product: the second line is named, and the first', () => {
    const { code, title, faults } = faultsOf([
      { sku: 'SKU-002', quantity: 1 },
      { sku: 'SKU-001', quantity: 1 },
      { sku: 'SKU-002', quantity: 1 },
    ]);
    expect({ code, title }).toEqual({ code: 'SAME_SKU_TWICE', title: 'Two lines order the same product' });
    expect(faults).toEqual([{ field: '/items/2/sku', message: expect.stringContaining('/items/0') }]);
  });

  it('name every line at fault at once', () => {
    const lines = ['SKU-7', 'SKU-001', 'SKU-7', 'SKU-8'].map((sku) => ({ sku, quantity: 1 }));
    const { message, faults } = faultsOf(lines);
    expect(faults.map(({ field }) => field)).toEqual(['/items/0/sku', '/items/2/sku', '/items/3/sku']);
    expect(message).toMatch(/^\/items\/0\/sku .* \(2 more in errors\)\.$/);
  });

  it('are in the one currency of the catalogue', () => {
    expect(CURRENCY).toBe('USD');
  });

  it('are exact for the largest order there can be', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 1_000 }),
      unitPrice: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), (lines) => {
        const catalogue = new Map(lines.map(({ unitPrice }, at) => [`P-${at}`, unitPrice]));
        const { total } = priced(
          lines.map(({ quantity }, at) => ({ sku: `P-${at}`, quantity })),
          catalogue,
        );
        const exact = lines.reduce((sum, { quantity, unitPrice }) => sum + BigInt(quantity) * BigInt(unitPrice), 0n);
        expect(BigInt(total)).toBe(exact);
        expect(Number.isSafeInteger(total)).toBe(true);
      }),
    );
  });
});
