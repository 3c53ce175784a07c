import type { Strike } from './machine/faults.ts';
import { type Options, type Played, play } from './play.ts';

/** Runs in which a smaller list is looked for. */
const MOST_RUNS = 150;

/**
 * The faults that a failure needs: the last run that failed, with as few strikes as could be found. Leaves out half of them,
 * then a quarter, and so on, as long as something still goes wrong (delta debugging, Zeller and Hildebrandt, 2002).
 */
export async function shrunk(failed: Played, { planted }: Pick<Options, 'planted'> = {}): Promise<Played> {
  const run = (only: ReadonlySet<string>) => play(failed.seed, { only, ...(planted && { planted }) });
  let smallest = failed;
  let runs = 0;
  for (let size = Math.ceil(failed.strikes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < smallest.strikes.length && runs < MOST_RUNS; runs += 1) {
      const tried = await run(without(smallest.strikes, from, size));
      if (tried.wrongs.length > 0 && tried.strikes.length < smallest.strikes.length) smallest = tried;
      else from += size;
    }
  }
  return smallest;
}

function without(strikes: readonly Strike[], from: number, count: number): ReadonlySet<string> {
  return new Set(strikes.filter((_, at) => at < from || at >= from + count).map(({ name }) => name));
}
