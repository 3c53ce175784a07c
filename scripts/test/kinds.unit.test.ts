import { describe, expect, it } from '@jest/globals';
import { TIERS, testFiles, withoutTier } from '../src/test/kinds.ts';

describe('The tiers of tests', () => {
  it('run every test file of the project', () => {
    expect(testFiles().length).toBeGreaterThan(150);
    expect(withoutTier(testFiles())).toEqual([]);
  });

  it('refuse a file whose name has no kind, or one that nobody runs', () => {
    const lost = ['services/order/test/order.test.ts', 'services/order/test/order.slow.test.ts'];
    expect(withoutTier([...lost, 'services/order/test/order.unit.test.ts'])).toEqual(lost);
  });

  it('share no kind: a file runs once', () => {
    const kinds = Object.values(TIERS).flatMap(({ alone, onStack }): string[] => [...alone, ...onStack]);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
