import { expect, it } from '@jest/globals';
import { COVERAGE_POINTS, runSeeds } from '@troupe/simulation';

const SEEDS = 2_000;

it(`Orders end, and money, stock and messages are neither lost nor doubled; ${SEEDS} seeds meet every race`, async () => {
  const { failures, seen } = await runSeeds({ from: 1, count: SEEDS, failed: () => undefined });
  expect(failures).toEqual([]);
  expect(COVERAGE_POINTS.filter((name) => !seen.has(name))).toEqual([]);
});
