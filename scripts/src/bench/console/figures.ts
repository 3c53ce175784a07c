/** Whether the console runs, and whether it is sent the traces that it gets from npm start. */
export const MODES = ['without', 'with', 'traced'] as const;
export type Mode = (typeof MODES)[number];

export interface ConsoleRun {
  readonly sagasPerSecond: number;
  /** Of all processes of the stack. */
  readonly cpuMsPerSaga: number;
  /** Of the console's process, and of PostgreSQL, which keeps its rows besides all others. */
  readonly consoleCpuMsPerSaga: number;
  readonly postgresCpuMsPerSaga: number;
  /** From the end of the last order until the console had read everything. */
  readonly caughtUpMs?: number;
  readonly reading?: Reading;
}

/** All topics read anew into the console's tables. */
export interface Reading {
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly recordsPerBatch: number;
  readonly statementsPerBatch: number;
}

export interface ConsoleFigures {
  readonly warmUp: number;
  readonly orders: number;
  readonly inFlight: number;
  readonly runs: { readonly [Which in Mode]?: ConsoleRun };
  readonly faults: readonly string[];
  readonly processors: number;
  readonly node: string;
}
