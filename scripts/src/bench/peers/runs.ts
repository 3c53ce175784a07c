import { setMaxListeners } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { nodeRuntime, StartError } from '@troupe/embedded';
import type { Around } from '../../measure/site.ts';
import { runOurs } from './ours.ts';
import { runPeer } from './peers.ts';
import { alwaysWhole, type RunFigures, type SystemName } from './run-figures.ts';
import type { Calls } from '../../../peers/settings.ts';

/** A system as it is measured: a peer may be there twice, with fewer and with the same calls to the outside. */
export interface Entry {
  readonly system: SystemName;
  /** Ours always makes all calls. */
  readonly calls: Calls;
}

export interface PeersWish extends Around {
  readonly entries: readonly Entry[];
  readonly runs: number;
  readonly warmUp: number;
  readonly orders: number;
  readonly packages: string;
}

export interface Measured extends Entry {
  /** Of the runs that were right. */
  readonly runs: readonly RunFigures[];
  /** What was wrong with the others. */
  readonly faults: readonly string[];
}

/** All that one `--peers` has measured. */
export interface PeersFigures {
  /** Orders of each run before the first that counts. */
  readonly warmUp: number;
  readonly orders: number;
  readonly runs: number;
  readonly measured: readonly Measured[];
  readonly processors: number;
  readonly node: string;
  /** The machine's load average, over a minute, before each run: what is above what the last run has left is others' work. */
  readonly loadBefore: readonly number[];
  readonly minutes: number;
}

/** Every system in turn, `runs` times over, each with a stack of its own: none runs beside another. */
export async function measureAll(wish: PeersWish): Promise<PeersFigures> {
  const { entries, runs, warmUp, orders, signal } = wish;
  const begun = performance.now();
  // Every order that waits for its moment listens: that many are no leak.
  setMaxListeners(0, signal);
  const measured = entries.map((entry) => ({ ...entry, runs: [] as RunFigures[], faults: [] as string[] }));
  const loadBefore: number[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const entry of measured) {
      signal.throwIfAborted();
      wish.report.note(`${titleOf(entry)}, run ${run} of ${runs}`);
      loadBefore.push(loadavg()[0] ?? 0);
      await once(wish, entry);
    }
  }
  const minutes = (performance.now() - begun) / 60_000;
  return {
    ...{ warmUp, orders, runs, measured, loadBefore, minutes },
    ...{ processors: availableParallelism(), node: nodeRuntime().version },
  };
}

interface Growing extends Entry {
  readonly runs: RunFigures[];
  readonly faults: string[];
}

/** A wrong run has no figures, and the others go on. */
async function once(wish: PeersWish, { system, calls, runs, faults }: Growing): Promise<void> {
  const { warmUp, orders, packages, report, signal } = wish;
  try {
    const figures =
      system === 'ours'
        ? await runOurs({ report, signal }, { warmUp, orders })
        : await runPeer({ name: system, calls, packages, warmUp, orders, report, signal });
    runs.push(figures);
    report.note(
      `  ${figures.sagasPerSecond.toFixed(0)} sagas per second, ${figures.cpuMsPerSaga.toFixed(2)} CPU-ms per saga, p50 ${figures.calm.p50Ms.toFixed(0)} ms`,
    );
  } catch (error) {
    if (signal.aborted || !(error instanceof StartError)) throw error;
    faults.push(...error.faults);
    for (const fault of error.faults) report.warn(fault);
  }
}

const TITLES: Readonly<Record<SystemName, string>> = {
  ours: 'Troupe',
  bare: 'Bare batches',
  tutorial: 'Tutorial',
  restate: 'Restate',
  dbos: 'DBOS',
};

/** `Troupe`, `Bare batches`, `Restate, four steps`, `Restate, same calls`. */
export const titleOf = ({ system, calls }: Entry): string =>
  alwaysWhole(system) ? TITLES[system] : `${TITLES[system]}, ${calls === 'four' ? 'four steps' : 'same calls'}`;
