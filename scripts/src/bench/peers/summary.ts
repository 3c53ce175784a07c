import { median } from '../../measure/statistics.ts';
import type { RunFigures } from './run-figures.ts';

/** What is compared: one figure of a run. */
export const METRICS = {
  sagasPerSecond: ({ sagasPerSecond }) => sagasPerSecond,
  cpuMsPerSaga: ({ cpuMsPerSaga }) => cpuMsPerSaga,
  calmP50Ms: ({ calm }) => calm.p50Ms,
  calmP99Ms: ({ calm }) => calm.p99Ms,
  busyP50Ms: ({ busy }) => busy.p50Ms,
  busyP99Ms: ({ busy }) => busy.p99Ms,
  backlogSagasPerSecond: ({ backlog }) => backlog?.sagasPerSecond,
  backlogCpuMsPerSaga: ({ backlog }) => backlog?.cpuMsPerSaga,
  hotSagasPerSecond: ({ hot }) => hot?.sagasPerSecond,
  hotCpuMsPerSaga: ({ hot }) => hot?.cpuMsPerSaga,
  hotShare: ({ hot }) => hot && hot.sagasPerSecond / hot.manySagasPerSecond,
  transactionsPerSaga: ({ transactionsPerSaga }) => transactionsPerSaga,
  walBytesPerSaga: ({ walBytesPerSaga }) => walBytesPerSaga,
  outsideCpuMsPerSaga: ({ outsideCpuMsPerSaga }) => outsideCpuMsPerSaga,
  driverCpuMsPerSaga: ({ driverCpuMsPerSaga }) => driverCpuMsPerSaga,
} as const satisfies Readonly<Record<string, (figures: RunFigures) => number | undefined>>;
export type Metric = keyof typeof METRICS;

/** Of several runs. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Undefined when no run has this figure. */
export function spreadOf(runs: readonly RunFigures[], metric: Metric): Spread | undefined {
  const values = runs.flatMap((run) => METRICS[metric](run) ?? []);
  const middle = median(values);
  return middle === undefined ? undefined : { median: middle, least: Math.min(...values), most: Math.max(...values) };
}

/** Of the medians: how many times the peer's figure ours is. Undefined where one of them is not there. */
export function ratio(ours: readonly RunFigures[], peer: readonly RunFigures[], metric: Metric): number | undefined {
  const [mine, theirs] = [spreadOf(ours, metric), spreadOf(peer, metric)];
  return mine === undefined || theirs === undefined || theirs.median === 0 ? undefined : mine.median / theirs.median;
}
