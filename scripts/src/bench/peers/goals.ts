import type { PeerName } from '../../../peers/peer.ts';
import type { RunFigures } from './run-figures.ts';
import { type Metric, ratio, spreadOf } from './summary.ts';

/** What we want to be. */
export interface Goal {
  readonly metric: Metric;
  readonly title: string;
  readonly is: 'at least' | 'at most';
  readonly bound: number;
}

/** As a ratio of ours to a peer's. */
export const GOALS: readonly (Goal & { readonly peer: PeerName })[] = [
  { peer: 'restate', metric: 'sagasPerSecond', title: 'sagas/s, 256 in flight', is: 'at least', bound: 4 },
  { peer: 'restate', metric: 'cpuMsPerSaga', title: 'CPU per saga', is: 'at most', bound: 0.25 },
  { peer: 'tutorial', metric: 'sagasPerSecond', title: 'sagas/s, 256 in flight', is: 'at least', bound: 3 },
  { peer: 'tutorial', metric: 'backlogSagasPerSecond', title: 'sagas/s from a backlog', is: 'at least', bound: 6 },
  { peer: 'restate', metric: 'calmP50Ms', title: 'p50 at 20 per second', is: 'at most', bound: 1.3 },
  { peer: 'restate', metric: 'busyP50Ms', title: 'p50 at 200 per second', is: 'at most', bound: 1 },
  { peer: 'restate', metric: 'busyP99Ms', title: 'p99 at 200 per second', is: 'at most', bound: 1 },
];

/** Of ours alone, as a ratio of two of its figures. */
export const OWN_GOALS: readonly Goal[] = [
  { metric: 'hotShare', title: 'sagas/s with one product, to those with many', is: 'at least', bound: 0.8 },
];

export interface Reached extends Goal {
  readonly ratio: number;
  readonly reached: boolean;
}

/** How we stand to a peer; goals without figures are left out. */
export function reachedGoals(name: PeerName, ours: readonly RunFigures[], peer: readonly RunFigures[]): Reached[] {
  return GOALS.filter((goal) => goal.peer === name).flatMap((goal) => {
    const value = ratio(ours, peer, goal.metric);
    return value === undefined ? [] : [judged(goal, value)];
  });
}

/** How we stand by ourselves; goals without figures are left out. */
export function reachedOwnGoals(ours: readonly RunFigures[]): Reached[] {
  return OWN_GOALS.flatMap((goal) => {
    const value = spreadOf(ours, goal.metric)?.median;
    return value === undefined ? [] : [judged(goal, value)];
  });
}

function judged(goal: Goal, value: number): Reached {
  return { ...goal, ratio: value, reached: goal.is === 'at least' ? value >= goal.bound : value <= goal.bound };
}
