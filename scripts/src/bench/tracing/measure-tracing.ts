import { setMaxListeners } from 'node:events';
import { machine } from '../../measure/meter/machine.ts';
import { Meter } from '../../measure/meter/meter.ts';
import { type Around, type Site, withOwnSite } from '../../measure/site.ts';
import { IN_FLIGHT, type Placed, sagasPerSecond, type Target, withTarget } from '../../measure/target.ts';
import { throughputOf, warmed } from '../../measure/throughput.ts';
import { untilRight } from '../../measure/until-right.ts';
import { mustBeRight } from '../../measure/verdict.ts';
import { stockOf } from '../../measure/views.ts';
import { withoutFigures } from '../wrong-run.ts';
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
    warmUp,
    orders,
    inFlight: IN_FLIGHT,
    rounds,
    compared: compareModes(rounds),
    faults,
    ...machine(),
  };
}

async function once(wish: TracingWish, mode: Mode, faults: string[]): Promise<TracedRun | undefined> {
  const { report, signal } = wish;
  const sink = mode === 'off' ? undefined : await SinkProcess.start();
  const serviceEnv = environmentOf(mode, sink?.url);
  const run = withOwnSite({ report, signal, serviceEnv }, (site) =>
    withTarget(site, signal, (target) => traced(target, { site, sink, mode, wish })),
  );
  return withoutFigures(wish, run, (fault) => faults.push(`${mode}: ${fault}`)).finally(() => sink?.stop());
}

interface Measuring {
  readonly site: Site;
  readonly sink: SinkProcess | undefined;
  readonly mode: Mode;
  readonly wish: TracingWish;
}

async function traced(target: Target, { site, sink, mode, wish }: Measuring): Promise<TracedRun> {
  const { warmUp, orders, report } = wish;
  const meter = Meter.required(site.dataDir);
  try {
    const stockBefore = await stockOf(target.client, site.serviceUrl('inventory'));
    const warm = await report.step(`Warm-up, ${warmUp} orders`, () => warmed(target, warmUp));
    await sink?.traces();
    const sinkCpuMs = (await sink?.cpuMs()) ?? 0;
    const throughput = await report.step(`Throughput, ${orders} orders`, () => throughputOf(target, wish, meter));
    const sinkCpuMsPerSaga = (((await sink?.cpuMs()) ?? 0) - sinkCpuMs) / orders;
    const placed = [...warm, ...throughput.orders];
    await report.step('Check', () => mustBeRight(target, { site, placed, stockBefore }));
    const traces = sink && (await report.step('Traces', () => arrived(sink, mode, { placed, signal: target.signal })));
    return {
      sagasPerSecond: sagasPerSecond(throughput),
      cpuMsPerSaga: throughput.costs?.cpuMsPerSaga ?? Number.NaN,
      spansPerSaga: traces === undefined ? 0 : spansOf(throughput.orders, traces) / orders,
      sinkCpuMsPerSaga,
    };
  } finally {
    meter.stop();
  }
}

interface Awaited {
  readonly placed: readonly Placed[];
  readonly signal: AbortSignal;
}

/** Looks until every trace that had to come is there, and whole. @throws StartError with what is not. */
async function arrived(
  sink: SinkProcess,
  mode: Mode,
  { placed, signal }: Awaited,
): Promise<ReadonlyMap<string, TraceSummary>> {
  let traces: ReadonlyMap<string, TraceSummary> = new Map();
  const faults = async (): Promise<string[]> => {
    traces = await sink.traces();
    return traceFaults({ orders: placed, traces, isKept: (traceId) => isKept(mode, traceId) });
  };
  await untilRight(faults, { withinMs: ARRIVED_MS, everyMs: 1_000, signal });
  return traces;
}
