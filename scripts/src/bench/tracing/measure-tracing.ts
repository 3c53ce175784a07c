import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeRuntime, StartError } from '@troupe/embedded';
import { crowded, mustBeRight, type Site, warmed } from '../measure.ts';
import { Meter } from '../../measure/meter.ts';
import { type Around, withOwnSite } from '../../measure/site.ts';
import { stockOf } from '../../measure/views.ts';
import { withTarget } from '../../measure/target.ts';
import { IN_FLIGHT, type Placed, sagasPerSecond, type Target } from '../../measure/burst.ts';
import { compareModes, type TracedRound, type TracedRun, type TracingFigures } from './figures.ts';
import { environmentOf, isKept, MODES, type Mode } from './modes.ts';
import { SinkProcess } from './sink-process.ts';
import { spansOf, traceFaults } from './trace-verdict.ts';
import type { TraceSummary } from './traces.ts';

export interface TracingWish extends Pick<Around, 'report' | 'signal'> {
  readonly runs: number;
  readonly warmUp: number;
  readonly orders: number;
}

/** Services send what they have once a second. */
const ARRIVED_MS = 30_000;

/** The same burst without traces, with those of production, and with all; each on a stack of its own, in turn. */
export async function measureTracing(wish: TracingWish): Promise<TracingFigures> {
  const { runs, warmUp, orders, signal } = wish;
  setMaxListeners(0, signal);
  const rounds: TracedRound[] = [];
  const faults: string[] = [];
  for (let round = 1; round <= runs; round++) {
    const came: { [Which in Mode]?: TracedRun } = {};
    // Every second round backwards, so that a machine that becomes slower or faster favours none.
    for (const mode of round % 2 === 1 ? MODES : MODES.toReversed()) {
      wish.report.note(`Traces: ${mode}, run ${round} of ${runs}`);
      const run = await once(wish, mode, faults);
      if (run !== undefined) came[mode] = run;
    }
    rounds.push(came);
  }
  return {
    ...{ warmUp, orders, inFlight: IN_FLIGHT, rounds, compared: compareModes(rounds), faults },
    ...{ processors: availableParallelism(), node: nodeRuntime().version },
  };
}

/** A wrong run has no figures, and the others go on. */
async function once(wish: TracingWish, mode: Mode, faults: string[]): Promise<TracedRun | undefined> {
  const { report, signal } = wish;
  const sink = mode === 'off' ? undefined : await SinkProcess.start();
  try {
    const serviceEnv = environmentOf(mode, sink?.url);
    return await withOwnSite({ report, signal, serviceEnv }, (site) =>
      withTarget(site, signal, (target) => traced(target, { site, sink, mode, wish })),
    );
  } catch (error) {
    if (signal.aborted || !(error instanceof StartError)) throw error;
    faults.push(...error.faults.map((fault) => `${mode}: ${fault}`));
    for (const fault of error.faults) report.warn(fault);
    return undefined;
  } finally {
    sink?.stop();
  }
}

interface Measuring {
  readonly site: Site;
  readonly sink: SinkProcess | undefined;
  readonly mode: Mode;
  readonly wish: TracingWish;
}

async function traced(target: Target, { site, sink, mode, wish }: Measuring): Promise<TracedRun> {
  const { warmUp, orders: count, report } = wish;
  const meter = Meter.of(site.dataDir);
  if (meter === undefined) throw new StartError(['CPU is measured where /proc tells it: on Linux.']);
  try {
    const stockBefore = await stockOf(target.client, site.inventoryUrl);
    const warm = await report.step(`Warm-up, ${warmUp} orders`, () => warmed(target, warmUp));
    await sink?.traces();
    const sinkCpuMs = (await sink?.cpuMs()) ?? 0;
    const [crowd, costs] = await report.step(`Throughput, ${count} orders`, () => crowded(target, wish, meter));
    const sinkCpuMsPerSaga = (((await sink?.cpuMs()) ?? 0) - sinkCpuMs) / count;
    const placed = [...warm, ...crowd.orders];
    await report.step('Check', () => mustBeRight(target, { site, placed, stockBefore }));
    const traces = sink && (await report.step('Traces', () => arrived(sink, mode, placed)));
    return {
      sagasPerSecond: sagasPerSecond(crowd),
      cpuMsPerSaga: costs?.cpuMsPerSaga ?? Number.NaN,
      spansPerSaga: traces === undefined ? 0 : spansOf(crowd.orders, traces) / count,
      sinkCpuMsPerSaga,
    };
  } finally {
    meter.stop();
  }
}

/** Looks until every trace that had to come is there, and whole. @throws StartError with what is not. */
async function arrived(
  sink: SinkProcess,
  mode: Mode,
  orders: readonly Placed[],
): Promise<ReadonlyMap<string, TraceSummary>> {
  const end = performance.now() + ARRIVED_MS;
  for (;;) {
    const traces = await sink.traces();
    const faults = traceFaults({ orders, traces, isKept: (traceId) => isKept(mode, traceId) });
    if (faults.length === 0) return traces;
    if (performance.now() > end) throw new StartError(faults);
    await sleep(1_000);
  }
}
