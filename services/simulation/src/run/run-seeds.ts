import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Failure, SeedRange, SeedReport } from './worker.ts';

export interface SeedsToRun {
  readonly from: number;
  readonly count: number;
  /** Name of a bug of PLANTED_BUGS that the seeds have to find. */
  readonly bug?: string | undefined;
  /** Default: one for each core. */
  readonly workers?: number;
  /** Called at once for each failure. */
  failed(failure: Failure): void;
}

export interface Tally {
  readonly seeds: number;
  readonly orders: number;
  readonly injected: number;
  readonly failures: readonly Failure[];
  /** By coverage point: the number of seeds that reached it. */
  readonly seen: ReadonlyMap<string, number>;
}

/** No object outlives its seed. A young generation of this size holds a few seeds, so collections are rare and cheap. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 64 };

/** Runs seeds on all cores. */
export async function runSeeds({
  from,
  count,
  bug,
  workers = availableParallelism(),
  failed,
}: SeedsToRun): Promise<Tally> {
  const seen = new Map<string, number>();
  const failures: Failure[] = [];
  const sums = { seeds: 0, orders: 0, injected: 0 };
  const add = (report: SeedReport): void => {
    for (const name of report.seen) seen.set(name, (seen.get(name) ?? 0) + 1);
    sums.seeds += 1;
    sums.orders += report.orders;
    sums.injected += report.injected;
    if (report.failure === undefined) return;
    failures.push(report.failure);
    failed(report.failure);
  };
  const ranges = Array.from({ length: Math.min(workers, count) }, (_, at): SeedRange => {
    return { from: from + at, until: from + count, step: Math.min(workers, count), bug };
  });
  await Promise.all(ranges.map((range) => runWorker(range, add)));
  return { ...sums, failures, seen };
}

function runWorker(range: SeedRange, add: (report: SeedReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: range,
      resourceLimits: WORKER_LIMITS,
    });
    worker.on('message', add);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}
