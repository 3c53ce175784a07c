import { describe, expect, it } from '@jest/globals';
import { PLANTED_BUGS, runSeed, type SeedResult, shrunk } from '@troupe/simulation';

const MOST_SEEDS = 1_000;

async function firstFailure(bug: string): Promise<SeedResult | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const plantedBug = PLANTED_BUGS[bug]?.() ?? {};
    const result = await runSeed(seed, { plantedBug });
    if (result.violations.length > 0) return result;
  }
  return undefined;
}

describe('A simulation with a bug planted finds it, with the fewest faults that it needs:', () => {
  it.each(Object.keys(PLANTED_BUGS))('%s', async (bug) => {
    const failed = await firstFailure(bug);
    if (failed === undefined) throw new Error(`${bug} was not found in ${MOST_SEEDS} seeds.`);
    const smallest = await shrunk(failed, { plantedBug: PLANTED_BUGS[bug]?.() ?? {} });
    expect(smallest.violations).not.toEqual([]);
    const names = failed.injected.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(smallest.injected.map(({ name }) => name)));
    // Without the bug the same faults do no harm: it was the bug that was found.
    const only = new Set(smallest.injected.map(({ name }) => name));
    expect((await runSeed(failed.seed, { only })).violations).toEqual([]);
  });
});
