import { expect, it } from '@jest/globals';
import { runSeeds } from '@troupe/simulation';

const SEEDS = 500;
const LIMIT_MS = 300_000;

// many.seeds.test.ts takes four times as many, and asks whether every race was met.
it(
  `Whatever goes wrong in ${SEEDS} seeds, orders end, and money, stock and messages are neither lost nor doubled`,
  async () => {
    const { failures } = await runSeeds({ from: 1, count: SEEDS, failed: () => undefined });
    expect(failures).toEqual([]);
  },
  LIMIT_MS,
);
