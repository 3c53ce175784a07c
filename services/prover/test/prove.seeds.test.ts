import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BOUNDS, prove, scenarios } from '@troupe/prover';

describe('every state of an order is right, and every end', () => {
  it.each(
    scenarios(DEFAULT_BOUNDS, 'at once')
      .filter(({ isLong }) => !isLong)
      .map((scenario) => [scenario.name, scenario] as const),
  )('%s', async (_, scenario) => {
    const { violation, isComplete } = await prove(scenario, { most: 20_000_000 });
    expect(violation).toBeUndefined();
    expect(isComplete).toBe(true);
  });
});
