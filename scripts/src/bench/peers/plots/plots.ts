import { type Measured, type PeersFigures, titleOf } from '../runs.ts';
import { type Metric, spreadOf } from '../summary.ts';
import { type BarChart, barChart } from './bars.ts';

interface Plot extends Omit<BarChart, 'groups' | 'subtitle'> {
  readonly file: string;
  readonly what: string;
  readonly metrics: readonly { readonly metric: Metric; readonly label?: string }[];
}

const PLOTS: readonly Plot[] = [
  {
    file: 'throughput.svg',
    title: 'Sagas per second, 256 in flight',
    what: 'More is better',
    metrics: [{ metric: 'sagasPerSecond' }],
    digits: 0,
  },
  {
    file: 'backlog.svg',
    title: 'Sagas per second from a backlog',
    what: 'More is better',
    metrics: [{ metric: 'backlogSagasPerSecond' }],
    digits: 0,
  },
  {
    file: 'one-product.svg',
    title: 'Sagas per second, 256 in flight, one product for all',
    what: 'More is better',
    metrics: [{ metric: 'hotSagasPerSecond' }],
    digits: 0,
  },
  {
    file: 'cpu.svg',
    title: 'CPU-ms per saga, 256 in flight',
    what: 'Less is better; all processes of the system',
    metrics: [{ metric: 'cpuMsPerSaga' }],
    digits: 2,
  },
  {
    file: 'latency-20.svg',
    title: 'From request to CONFIRMED at 20 orders per second, ms',
    what: 'Less is better',
    metrics: [
      { metric: 'calmP50Ms', label: 'p50' },
      { metric: 'calmP99Ms', label: 'p99' },
    ],
    digits: 0,
  },
  {
    file: 'latency-200.svg',
    title: 'From request to CONFIRMED at 200 orders per second, ms',
    what: 'Less is better',
    metrics: [
      { metric: 'busyP50Ms', label: 'p50' },
      { metric: 'busyP99Ms', label: 'p99' },
    ],
    digits: 0,
  },
];

/** The pictures of a comparison, by file name. Systems without a figure are left out; so is a picture without systems. */
export function plotsOf(figures: PeersFigures): ReadonlyMap<string, string> {
  return new Map(
    PLOTS.flatMap(({ file, what, metrics, ...plot }) => {
      const groups = figures.measured.flatMap((entry) => groupOf(entry, metrics));
      const subtitle = `${what}. Median of ${figures.runs} ${figures.runs === 1 ? 'run' : 'runs'} each, ${figures.processors} processors, everything on one machine`;
      return groups.length === 0 ? [] : [[file, barChart({ ...plot, subtitle, groups })] as const];
    }),
  );
}

function groupOf(entry: Measured, metrics: Plot['metrics']) {
  const bars = metrics.flatMap(({ metric, label }) => {
    const spread = spreadOf(entry.runs, metric);
    return spread === undefined ? [] : [{ spread, ...(label !== undefined && { label }) }];
  });
  return bars.length === 0 ? [] : [{ title: titleOf(entry), ours: entry.system === 'ours', bars }];
}
