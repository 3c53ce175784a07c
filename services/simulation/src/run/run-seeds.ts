import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Failure, Share, Told } from './worker.ts';

export interface Seeds {
  readonly from: number;
  readonly count: number;
  /** Name of a bug of PLANTED, to see that it is found. */
  readonly bug?: string | undefined;
  /** Default: one for each core. */
  readonly workers?: number;
  /** Told of every failure at once. */
  failed(failure: Failure): void;
}

/** What many seeds came to. */
export interface Tally {
  readonly seeds: number;
  readonly orders: number;
  readonly strikes: number;
  readonly failures: readonly Failure[];
  /** In how many seeds each thing was met. */
  readonly seen: ReadonlyMap<string, number>;
}

/** A seed leaves nothing behind: with room for a few of them, what they made is collected at once, and seldom. */
const ROOM = { maxYoungGenerationSizeMb: 64 };

/** Plays seeds on all cores. */
export async function playSeeds({ from, count, bug, workers = availableParallelism(), failed }: Seeds): Promise<Tally> {
  const seen = new Map<string, number>();
  const failures: Failure[] = [];
  const sums = { seeds: 0, orders: 0, strikes: 0 };
  const heard = (told: Told): void => {
    for (const name of told.seen) seen.set(name, (seen.get(name) ?? 0) + 1);
    sums.seeds += 1;
    sums.orders += told.orders;
    sums.strikes += told.strikes;
    if (told.failure === undefined) return;
    failures.push(told.failure);
    failed(told.failure);
  };
  const shares = Array.from({ length: Math.min(workers, count) }, (_, at): Share => {
    return { from: from + at, until: from + count, step: Math.min(workers, count), bug };
  });
  await Promise.all(shares.map((share) => worked(share, heard)));
  return { ...sums, failures, seen };
}

function worked(share: Share, heard: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: share, resourceLimits: ROOM });
    worker.on('message', heard);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}
