import type { PeerName } from './peer.ts';
import type { RunFigures } from './run-figures.ts';
import { type Metric, ratio } from './summary.ts';

/** What we want to be, as a ratio of ours to a peer's. */
export interface Goal {
  readonly peer: PeerName;
  readonly metric: Metric;
  readonly title: string;
  readonly is: 'at least' | 'at most';
  readonly bound: number;
}

export const GOALS: readonly Goal[] = [
  { peer: 'restate', metric: 'sagasPerSecond', title: 'sagas/s, 256 in flight', is: 'at least', bound: 4 },
  { peer: 'restate', metric: 'cpuMsPerSaga', title: 'CPU per saga', is: 'at most', bound: 0.25 },
  { peer: 'tutorial', metric: 'sagasPerSecond', title: 'sagas/s, 256 in flight', is: 'at least', bound: 3 },
  { peer: 'tutorial', metric: 'backlogSagasPerSecond', title: 'sagas/s from a backlog', is: 'at least', bound: 6 },
  { peer: 'restate', metric: 'calmP50Ms', title: 'p50 at 20 per second', is: 'at most', bound: 1.3 },
  { peer: 'restate', metric: 'busyP50Ms', title: 'p50 at 200 per second', is: 'at most', bound: 1 },
  { peer: 'restate', metric: 'busyP99Ms', title: 'p99 at 200 per second', is: 'at most', bound: 1 },
];

export interface Reached extends Goal {
  readonly ratio: number;
  readonly reached: boolean;
}

/** How we stand to a peer; goals without figures are left out. */
export function reachedGoals(name: PeerName, ours: readonly RunFigures[], peer: readonly RunFigures[]): Reached[] {
  return GOALS.filter((goal) => goal.peer === name).flatMap((goal) => {
    const value = ratio(ours, peer, goal.metric);
    if (value === undefined) return [];
    return [{ ...goal, ratio: value, reached: goal.is === 'at least' ? value >= goal.bound : value <= goal.bound }];
  });
}
