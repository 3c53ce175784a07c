import { table } from '../../terminal/table.ts';
import { type Reached, reachedGoals, reachedOwnGoals } from './goals.ts';
import { type Measured, type PeersFigures, titleOf } from './runs.ts';
import { type Metric, ratio, type Spread, spreadOf } from './summary.ts';

/** The systems side by side, for people. */
export function report(figures: PeersFigures): string[] {
  const { measured, runs, warmUp, orders, processors, node, loadBefore, minutes } = figures;
  const loads = loadBefore.map((load) => load.toFixed(1)).join(', ');
  return [
    '',
    `Medians of ${runs} ${runs === 1 ? 'run' : 'runs'} each, ${orders.toLocaleString('en-US')} orders after a warm-up of ` +
      `${warmUp.toLocaleString('en-US')}; least and most in brackets.`,
    '',
    ...lines(COLUMNS, measured),
    '',
    ...lines(FURTHER, measured),
    '',
    ...ratioLines(measured),
    ...goalLines(measured),
    ...faultLines(measured),
    'CPU is that of all processes of a system, database and broker among them; the stand-ins for the outside (payment',
    'provider, carrier, mail server) and the client are counted apart. What each system does and does not do:',
    'docs/performance.md, "Peers".',
    '',
    `${processors} processors, Node ${node}; ${minutes.toFixed(0)} minutes; load of the machine before each run: ${loads}.`,
  ];
}

interface Column {
  readonly title: string;
  readonly metric: Metric;
  readonly digits: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'sagas/s', metric: 'sagasPerSecond', digits: 0 },
  { title: 'CPU-ms', metric: 'cpuMsPerSaga', digits: 2 },
  { title: '20/s: p50, ms', metric: 'calmP50Ms', digits: 0 },
  { title: 'p99', metric: 'calmP99Ms', digits: 0 },
  { title: '200/s: p50, ms', metric: 'busyP50Ms', digits: 0 },
  { title: 'p99', metric: 'busyP99Ms', digits: 0 },
  { title: 'backlog: sagas/s', metric: 'backlogSagasPerSecond', digits: 0 },
  { title: 'CPU-ms', metric: 'backlogCpuMsPerSaga', digits: 2 },
  { title: 'one product: sagas/s', metric: 'hotSagasPerSecond', digits: 0 },
  { title: 'CPU-ms', metric: 'hotCpuMsPerSaga', digits: 2 },
];

const FURTHER: readonly Column[] = [
  { title: 'one product / many, sagas/s', metric: 'hotShare', digits: 2 },
  { title: 'transactions per saga', metric: 'transactionsPerSaga', digits: 2 },
  { title: 'bytes of WAL', metric: 'walBytesPerSaga', digits: 0 },
  { title: 'CPU-ms of the outside', metric: 'outsideCpuMsPerSaga', digits: 2 },
  { title: 'of the client', metric: 'driverCpuMsPerSaga', digits: 2 },
];

function lines(columns: readonly Column[], measured: readonly Measured[]): string[] {
  const rows = measured.map((entry) => [
    titleOf(entry),
    ...columns.map(({ metric, digits }) => cell(spreadOf(entry.runs, metric), digits)),
  ]);
  return table(['', ...columns.map(({ title }) => title)], rows);
}

function cell(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return '-';
  const text = (value: number): string =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const { median, least, most } = spread;
  return least === most ? text(median) : `${text(median)} (${text(least)}-${text(most)})`;
}

function ratioLines(measured: readonly Measured[]): string[] {
  const ours = measured.find(({ system }) => system === 'ours');
  const peers = measured.filter(({ system }) => system !== 'ours');
  if (ours === undefined || peers.length === 0) return [];
  const rows = peers.map((peer) => [
    `Troupe / ${titleOf(peer)}`,
    ...COLUMNS.map(({ metric }) => ratio(ours.runs, peer.runs, metric)?.toFixed(2) ?? '-'),
  ]);
  return [...table(['', ...COLUMNS.map(({ title }) => title)], rows), ''];
}

function goalLines(measured: readonly Measured[]): string[] {
  const ours = measured.find(({ system }) => system === 'ours');
  if (ours === undefined) return [];
  const row = (goal: Reached): string[] => {
    const { title, is, bound, ratio, reached } = goal;
    return [title, `${is} ${bound}`, ratio.toFixed(2), reached ? 'yes' : 'no'];
  };
  const rows = measured.flatMap((entry) => {
    if (entry.system === 'ours') return reachedOwnGoals(entry.runs).map(row);
    return reachedGoals(entry.system, ours.runs, entry.runs).map((goal) =>
      row({ ...goal, title: `${goal.title}, to ${titleOf(entry)}` }),
    );
  });
  return rows.length === 0 ? [] : [...table(['goal', 'as a ratio', 'is', 'reached'], rows), ''];
}

function faultLines(measured: readonly Measured[]): string[] {
  return measured.flatMap((entry) => {
    if (entry.faults.length === 0) return [];
    return [
      `${titleOf(entry)} went wrong, and those runs have no figures:`,
      ...entry.faults.map((fault) => `  ${fault}`),
      '',
    ];
  });
}
