import { table } from '../../terminal/table.ts';
import { LEAST_RATE, type TracingFigures } from './figures.ts';
import type { Mode } from './modes.ts';

const TITLES: Readonly<Record<Mode, string>> = {
  off: 'no order traced',
  production: 'as in production, 5 %',
  all: 'every order traced',
};

/** What tracing costs, for people. */
export function report(figures: TracingFigures): string[] {
  const { rounds, warmUp, orders, inFlight, compared, faults, processors, node } = figures;
  const runs = `${rounds.length} ${rounds.length === 1 ? 'run' : 'runs'}`;
  const rows = compared.map((mode) => [
    TITLES[mode.mode],
    mode.sagasPerSecond.toFixed(0),
    mode.cpuMsPerSaga.toFixed(2),
    mode.rateRatio?.toFixed(2) ?? '-',
    mode.cpuRatio?.toFixed(2) ?? '-',
    goalOf(mode),
    mode.spansPerSaga.toFixed(1),
    mode.sinkCpuMsPerSaga.toFixed(2),
  ]);
  const head = [
    'sagas/s',
    'CPU-ms',
    'rate to none',
    'CPU to none',
    'goal, rate',
    'spans per saga',
    'CPU-ms of the receiver',
  ];
  return [
    '',
    `Medians of ${runs} each, in turn: ${orders.toLocaleString('en-US')} orders after a warm-up of ` +
      `${warmUp.toLocaleString('en-US')}, ${inFlight} in flight; the ratios are those of one round.`,
    '',
    ...table(['', ...head], rows),
    '',
    ...faults.map((fault) => `Went wrong, so this run has no figures: ${fault}`),
    ...(faults.length > 0 ? [''] : []),
    'Spans go over OTLP/HTTP to a process that only counts them. A run has figures when every trace that had to arrive has',
    'arrived whole, and no other; the runs without traces have no receiver.',
    '',
    `${processors} processors, Node ${node}. The receiver and the client run on the same machine, and are not in CPU-ms.`,
  ];
}

function goalOf({ mode, rateRatio }: TracingFigures['compared'][number]): string {
  if (mode === 'off' || rateRatio === undefined) return '';
  return `at least ${LEAST_RATE[mode]}: ${rateRatio >= LEAST_RATE[mode] ? 'yes' : 'no'}`;
}
