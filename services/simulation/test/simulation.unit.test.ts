import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PLANTED, type Played, play, playSeeds, SOMETIMES, shrunk } from '@troupe/simulation';

const SEEDS = 2_000;
const MINUTES = 60_000;

/** Seeds in which something was once found, each with what it was. */
const regressions: readonly { readonly seed: number; readonly found: string }[] = JSON.parse(
  readFileSync(new URL('./regressions.json', import.meta.url), 'utf8'),
);

describe('Whatever goes wrong', () => {
  it(
    `orders end, and money, stock and messages are neither lost nor doubled; in ${SEEDS} seeds every race is met`,
    async () => {
      const { failures, seen } = await playSeeds({ from: 1, count: SEEDS, failed: () => undefined });
      expect(failures).toEqual([]);
      expect(SOMETIMES.filter((name) => !seen.has(name))).toEqual([]);
    },
    20 * MINUTES,
  );

  it.each(regressions)('seed $seed stays well, in which was found: $found', async ({ seed }) => {
    expect((await play(seed)).wrongs).toEqual([]);
  });
});

describe('A run', () => {
  it('is the same for the same seed, step by step, and another for another seed', async () => {
    const told = ({ strikes, away, seen, steps }: Played) => ({ strikes, away, seen: [...seen], steps });
    // In the third and the last two somebody stays away.
    for (const seed of [7, 16, 3, 22, 35]) expect(told(await play(seed))).toEqual(told(await play(seed)));
    expect(told(await play(3))).not.toEqual(told(await play(7)));
  });

  it('has no faults at all in some seeds, and many in others', async () => {
    const counts = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(async (seed) => (await play(seed)).strikes.length),
    );
    expect(counts).toContain(0);
    expect(Math.max(...counts)).toBeGreaterThan(5);
  });
});

const MOST_SEEDS = 1_000;

async function firstFailure(bug: string): Promise<Played | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const planted = PLANTED[bug]?.() ?? {};
    const played = await play(seed, { planted });
    if (played.wrongs.length > 0) return played;
  }
  return undefined;
}

describe('A simulation with a bug planted finds it, with the fewest faults that it needs:', () => {
  it.each(Object.keys(PLANTED))(
    '%s',
    async (bug) => {
      const failed = await firstFailure(bug);
      if (failed === undefined) throw new Error(`${bug} was not found in ${MOST_SEEDS} seeds.`);
      const smallest = await shrunk(failed, { planted: PLANTED[bug]?.() ?? {} });
      expect(smallest.wrongs).not.toEqual([]);
      const names = failed.strikes.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(smallest.strikes.map(({ name }) => name)));
      // Without the bug the same faults do no harm: it was the bug that was found.
      const only = new Set(smallest.strikes.map(({ name }) => name));
      expect((await play(failed.seed, { only })).wrongs).toEqual([]);
    },
    12 * MINUTES,
  );
});
