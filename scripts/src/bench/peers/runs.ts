import { setMaxListeners } from 'node:events';
import { loadavg } from 'node:os';
import type { Calls } from '../../../peers/settings.ts';
import { type Machine, machine } from '../../measure/meter/machine.ts';
import type { Around } from '../../measure/site.ts';
import { withoutFigures } from '../wrong-run.ts';
import { runOurs } from './ours.ts';
import { runPeer } from './peers.ts';
import { alwaysWhole, type RunFigures, type SystemName } from './run-figures.ts';

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
export interface PeersFigures extends Machine {
  /** Orders of each run before the first that counts. */
  readonly warmUp: number;
  readonly orders: number;
  readonly runs: number;
  readonly measured: readonly Measured[];
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
      const figures = await withoutFigures(wish, once(wish, entry), (fault) => entry.faults.push(fault));
      if (figures !== undefined) entry.runs.push(figures);
    }
  }
  return { warmUp, orders, runs, measured, loadBefore, minutes: (performance.now() - begun) / 60_000, ...machine() };
}

async function once(wish: PeersWish, { system, calls }: Entry): Promise<RunFigures> {
  const { warmUp, orders, packages, report, signal } = wish;
  const figures =
    system === 'ours'
      ? await runOurs({ report, signal }, { warmUp, orders })
      : await runPeer({ name: system, calls, packages, warmUp, orders, report, signal });
  const { sagasPerSecond, cpuMsPerSaga, calm } = figures;
  report.note(
    `  ${sagasPerSecond.toFixed(0)} sagas per second, ${cpuMsPerSaga.toFixed(2)} CPU-ms per saga, p50 ${calm.p50Ms.toFixed(0)} ms`,
  );
  return figures;
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
