import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COVERAGE_POINTS, PLANTED_BUGS, runSeed, runSeeds, type SeedResult, shrunk } from '@troupe/simulation';

const SEEDS = 2_000;
const MINUTES = 60_000;

/** Seeds that once found something, each with what it found. */
const regressions: readonly { readonly seed: number; readonly found: string }[] = JSON.parse(
  readFileSync(new URL('./regressions.json', import.meta.url), 'utf8'),
);

describe('Whatever goes wrong', () => {
  it(
    `orders end, and money, stock and messages are neither lost nor doubled; ${SEEDS} seeds meet every race`,
    async () => {
      const { failures, seen } = await runSeeds({ from: 1, count: SEEDS, failed: () => undefined });
      expect(failures).toEqual([]);
      expect(COVERAGE_POINTS.filter((name) => !seen.has(name))).toEqual([]);
    },
    20 * MINUTES,
  );

  it.each(regressions)('seed $seed, which once found: $found, has no violation', async ({ seed }) => {
    expect((await runSeed(seed)).violations).toEqual([]);
  });
});

describe('A run', () => {
  it('is the same for the same seed, step by step, and another for another seed', async () => {
    const facts = ({ injected, outage, seen, steps }: SeedResult) => ({ injected, outage, seen: [...seen], steps });
    // In the third and the last two a participant has an outage.
    for (const seed of [7, 16, 3, 22, 35]) expect(facts(await runSeed(seed))).toEqual(facts(await runSeed(seed)));
    expect(facts(await runSeed(3))).not.toEqual(facts(await runSeed(7)));
  });

  it('has no faults at all in some seeds, and many in others', async () => {
    const counts = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(async (seed) => (await runSeed(seed)).injected.length),
    );
    expect(counts).toContain(0);
    expect(Math.max(...counts)).toBeGreaterThan(5);
  });
});

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
  it.each(Object.keys(PLANTED_BUGS))(
    '%s',
    async (bug) => {
      const failed = await firstFailure(bug);
      if (failed === undefined) throw new Error(`${bug} was not found in ${MOST_SEEDS} seeds.`);
      const smallest = await shrunk(failed, { plantedBug: PLANTED_BUGS[bug]?.() ?? {} });
      expect(smallest.violations).not.toEqual([]);
      const names = failed.injected.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(smallest.injected.map(({ name }) => name)));
      // Without the bug the same faults do no harm: it was the bug that was found.
      const only = new Set(smallest.injected.map(({ name }) => name));
      expect((await runSeed(failed.seed, { only })).violations).toEqual([]);
    },
    12 * MINUTES,
  );
});
