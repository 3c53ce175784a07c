import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BOUNDS, endsOfOneOrder, type Proved, prove, scenarios } from '@troupe/prover';

const all = scenarios(DEFAULT_BOUNDS, 'at once').filter(({ isLong }) => !isLong);

describe('every state of an order is right, and every end', () => {
  const proofs: Proved[] = [];

  it.each(all.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const proved = await prove(scenario, { most: 20_000_000 });
    proofs.push(proved);
    expect(proved.violation).toBeUndefined();
    expect(proved.isComplete).toBe(true);
  });

  it('docs/ends.json lists the ends: write it with npm run prove -- --ends docs/ends.json', () => {
    const listed = JSON.parse(readFileSync(new URL('../../../docs/ends.json', import.meta.url), 'utf8'));
    expect(listed).toEqual(endsOfOneOrder(proofs));
  });
});
