import { median } from '../../measure/statistics.ts';
import { MODES, type Mode } from './modes.ts';

/** What one run came to. */
export interface TracedRun {
  readonly sagasPerSecond: number;
  /** Of all processes of the stack, without the one that receives the spans. */
  readonly cpuMsPerSaga: number;
  /** That arrived, of the traces of the orders. */
  readonly spansPerSaga: number;
  /** Of the process that receives the spans. */
  readonly sinkCpuMsPerSaga: number;
}

/** One run of each; a run that went wrong is missing. */
export type TracedRound = { readonly [Which in Mode]?: TracedRun };

export interface TracingFigures {
  readonly warmUp: number;
  readonly orders: number;
  readonly inFlight: number;
  readonly rounds: readonly TracedRound[];
  readonly compared: readonly Compared[];
  readonly faults: readonly string[];
  readonly processors: number;
  readonly node: string;
}

/** The medians of a mode over all rounds, and how it stands to the run without traces of the same round. */
export interface Compared extends TracedRun {
  readonly mode: Mode;
  readonly rateRatio?: number;
  readonly cpuRatio?: number;
}

/** Leaves out modes without a run. */
export function compareModes(rounds: readonly TracedRound[]): Compared[] {
  return MODES.flatMap((mode) => {
    const runs = rounds.flatMap((round) => round[mode] ?? []);
    const middle = (of: (run: TracedRun) => number): number => median(runs.map(of)) ?? 0;
    if (runs.length === 0) return [];
    const ratio = (of: (run: TracedRun) => number): number | undefined =>
      median(rounds.flatMap(({ off, [mode]: run }) => (off && run ? of(run) / of(off) : [])));
    const [rateRatio, cpuRatio] = [ratio((run) => run.sagasPerSecond), ratio((run) => run.cpuMsPerSaga)];
    return {
      mode,
      sagasPerSecond: middle((run) => run.sagasPerSecond),
      cpuMsPerSaga: middle((run) => run.cpuMsPerSaga),
      spansPerSaga: middle((run) => run.spansPerSaga),
      sinkCpuMsPerSaga: middle((run) => run.sinkCpuMsPerSaga),
      ...(rateRatio !== undefined && { rateRatio }),
      ...(cpuRatio !== undefined && { cpuRatio }),
    };
  });
}

/** Of the rate without traces, what has to be left. */
export const LEAST_RATE: Readonly<Record<Exclude<Mode, 'off'>, number>> = { production: 0.95, all: 0.75 };
