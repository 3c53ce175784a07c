import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { runSeed, type SeedResult } from '@troupe/simulation';

/** Seeds that once found something, each with what it found. */
const regressions: readonly { readonly seed: number; readonly found: string }[] = JSON.parse(
  readFileSync(new URL('./regressions.json', import.meta.url), 'utf8'),
);

describe('A seed that once found something', () => {
  it.each(regressions)('has no violation any more: $seed, which found: $found', async ({ seed }) => {
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
