import { table } from '../../terminal/table.ts';
import { type ConsoleFigures, MODES, type Mode } from './figures.ts';

const TITLES: Readonly<Record<Mode, string>> = {
  without: 'without the console',
  with: 'with the console',
  traced: 'with it and its traces',
};

/** What the console costs, for people. */
export function report({ runs, warmUp, orders, inFlight, faults, processors, node }: ConsoleFigures): string[] {
  const rows = MODES.flatMap((mode) => {
    const run = runs[mode];
    if (run === undefined) return [];
    const { sagasPerSecond, cpuMsPerSaga, consoleCpuMsPerSaga, postgresCpuMsPerSaga, caughtUpMs } = run;
    return [
      [
        TITLES[mode],
        whole(sagasPerSecond),
        cpuMsPerSaga.toFixed(2),
        consoleCpuMsPerSaga.toFixed(2),
        postgresCpuMsPerSaga.toFixed(2),
        caughtUpMs === undefined ? '-' : `${whole(caughtUpMs)} ms`,
      ],
    ];
  });
  const { reading } = runs.with ?? {};
  return [
    '',
    ...table(['', 'sagas/s', 'CPU-ms', 'of the console', 'of PostgreSQL', 'caught up after'], rows),
    '',
    ...(reading === undefined
      ? []
      : [
          `Reading     ${whole(reading.recordsPerSecond)} records per second from the beginning of the topics, ${whole(reading.records)} in all;`,
          `            ${reading.statementsPerBatch.toFixed(1)} statements for a batch of ${whole(reading.recordsPerBatch)} records`,
          '',
        ]),
    ...faults.map((fault) => `✗ ${fault}`),
    `${orders} orders each, ${inFlight} in flight, after a warm-up of ${warmUp}; CPU-ms per saga. ${processors} processors, Node ${node}.`,
  ];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
