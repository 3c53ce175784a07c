import { setTimeout as sleep } from 'node:timers/promises';

/** Does `work` for each index below `count`, at most `atOnce` at a time. Results are in the order of the indices. */
export async function inFlight<Result>(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, client));
  return results;
}

export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Paced<Result> {
  readonly results: readonly Result[];
  /** Milliseconds of each, from the moment at which it was due until it was done. */
  readonly latenciesMs: readonly number[];
}

/**
 * Begins `work` at a fixed pace, whether or not earlier work is done. The time counts from when work was due and not from
 * when it began, so that a system that stalls cannot hide the orders that it kept waiting (coordinated omission).
 */
export async function paced<Result>(
  { perSecond, seconds }: Pace,
  signal: AbortSignal,
  work: (index: number) => Promise<Result>,
): Promise<Paced<Result>> {
  const start = performance.now() + 100;
  const all = await Promise.all(
    Array.from({ length: perSecond * seconds }, async (_, index) => {
      const dueAt = start + (index * 1_000) / perSecond;
      await sleep(Math.max(dueAt - performance.now(), 0), undefined, { signal });
      const result = await work(index);
      return { result, ms: performance.now() - dueAt };
    }),
  );
  return { results: all.map(({ result }) => result), latenciesMs: all.map(({ ms }) => ms) };
}
