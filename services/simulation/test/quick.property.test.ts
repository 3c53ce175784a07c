import { describe, expect, it } from '@jest/globals';
import { runSeed } from '../src/run/run-seed.ts';

const SEEDS = Array.from({ length: 25 }, (_, at) => at + 1);

// The short form of seeds.property.test.ts, quick enough to be asked about every single mutant.
describe('In the first seeds', () => {
  it('orders end, and money, stock and messages are neither lost nor doubled', async () => {
    for (const seed of SEEDS) expect([seed, (await runSeed(seed)).violations]).toEqual([seed, []]);
  });
});
