import type { InjectedFault } from '../world/faults.ts';
import { type RunOptions, runSeed, type SeedResult } from './run-seed.ts';

const MAX_RUNS = 150;

/**
 * The failed run with the fewest faults that could be found. Leaves out half of the faults, then a quarter, and so on, while the
 * run still fails (delta debugging, Zeller and Hildebrandt, 2002).
 */
export async function shrunk(
  failed: SeedResult,
  { plantedBug }: Pick<RunOptions, 'plantedBug'> = {},
): Promise<SeedResult> {
  const run = (only: ReadonlySet<string>) => runSeed(failed.seed, { only, ...(plantedBug && { plantedBug }) });
  let smallest = failed;
  let runs = 0;
  for (let size = Math.ceil(failed.injected.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < smallest.injected.length && runs < MAX_RUNS; runs += 1) {
      const tried = await run(without(smallest.injected, from, size));
      if (tried.violations.length > 0 && tried.injected.length < smallest.injected.length) smallest = tried;
      else from += size;
    }
  }
  return smallest;
}

function without(injected: readonly InjectedFault[], from: number, count: number): ReadonlySet<string> {
  return new Set(injected.filter((_, at) => at < from || at >= from + count).map(({ name }) => name));
}
