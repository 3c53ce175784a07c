import { setMaxListeners } from 'node:events';
import { rebuildConsole } from '@troupe/console/rebuild';
import { type Stack, StartError } from '@troupe/embedded';
import { machine } from '../../measure/meter/machine.ts';
import { Meter } from '../../measure/meter/meter.ts';
import { type Around, type Site, withOwnSite } from '../../measure/site.ts';
import { IN_FLIGHT, sagasPerSecond, type Target, withTarget } from '../../measure/target.ts';
import { throughputOf, warmed } from '../../measure/throughput.ts';
import { untilRight } from '../../measure/until-right.ts';
import { withoutFigures } from '../wrong-run.ts';
import { type ConsoleFigures, type ConsoleRun, MODES, type Mode, type Reading } from './figures.ts';

export interface ConsoleWish extends Pick<Around, 'report' | 'signal'> {
  readonly warmUp: number;
  readonly orders: number;
}

const CAUGHT_UP_MS = 60_000;

/** The same burst without the console, with it, and with the traces that it gets; each on a stack of its own, in turn. */
export async function measureConsole(wish: ConsoleWish): Promise<ConsoleFigures> {
  const { warmUp, orders, signal } = wish;
  setMaxListeners(0, signal);
  const runs: { [Which in Mode]?: ConsoleRun } = {};
  const faults: string[] = [];
  for (const mode of MODES) {
    wish.report.note(`Console: ${mode}`);
    const run = await withoutFigures(wish, once(wish, mode), (fault) => faults.push(`${mode}: ${fault}`));
    if (run !== undefined) runs[mode] = run;
  }
  return { warmUp, orders, inFlight: IN_FLIGHT, runs, faults, ...machine() };
}

function once(wish: ConsoleWish, mode: Mode): Promise<ConsoleRun> {
  const { report, signal } = wish;
  const serviceEnv = mode === 'traced' ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_SAMPLER: 'always_off' };
  return withOwnSite({ report, signal, serviceEnv, console: mode !== 'without' }, (site, stack) =>
    withTarget(site, signal, (target) => measured(target, { site, stack, mode, wish })),
  );
}

interface Measuring {
  readonly site: Site;
  readonly stack: Stack;
  readonly mode: Mode;
  readonly wish: ConsoleWish;
}

async function measured(target: Target, { site, stack, mode, wish }: Measuring): Promise<ConsoleRun> {
  const { warmUp, orders, report } = wish;
  const meter = Meter.required(site.dataDir);
  try {
    await report.step(`Warm-up, ${warmUp} orders`, () => warmed(target, warmUp));
    const throughput = await report.step(`Throughput, ${orders} orders`, () => throughputOf(target, wish, meter));
    const { cpuMsPerSaga = Number.NaN, processes = [] } = throughput.costs ?? {};
    const cpuOf = (name: string): number => processes.find((one) => one.name === name)?.cpuMsPerSaga ?? 0;
    const run: ConsoleRun = {
      sagasPerSecond: sagasPerSecond(throughput),
      cpuMsPerSaga,
      consoleCpuMsPerSaga: cpuOf('console'),
      postgresCpuMsPerSaga: cpuOf('postgres'),
    };
    if (mode === 'without') return run;
    const from = performance.now();
    await report.step('Console catches up', () => caughtUp(stack, target.signal));
    const caughtUpMs = performance.now() - from;
    if (mode === 'traced') return { ...run, caughtUpMs };
    return { ...run, caughtUpMs, reading: await report.step('All topics anew', () => readAnew(stack, target.signal)) };
  } finally {
    meter.stop();
  }
}

/** @throws StartError when the console is behind the topics for too long. */
function caughtUp({ addresses }: Stack, signal: AbortSignal): Promise<void> {
  const faults = async (): Promise<string[]> => {
    const answer = await fetch(`${addresses.consoleUrl}/api/overview`, { signal });
    const { reading } = (await answer.json()) as { readonly reading: { readonly behind: number } };
    return reading.behind === 0 ? [] : [`The console is ${reading.behind} records behind the topics.`];
  };
  return untilRight(faults, { withinMs: CAUGHT_UP_MS, everyMs: 100, signal });
}

async function readAnew({ addresses }: Stack, signal: AbortSignal): Promise<Reading> {
  const from = performance.now();
  let doneAt = Number.NaN;
  const env = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: addresses.databaseUrl('console'),
    KAFKA_BROKERS: addresses.brokers,
    REGISTRY_URL: addresses.registryUrl,
  };
  const { records, batches, statements } = await rebuildConsole(env, {
    signal,
    progress({ done, of }) {
      if (done === of) doneAt = performance.now();
    },
    waiting: () => undefined,
  });
  if (batches === 0) throw new StartError(['There was nothing to read.']);
  return {
    records: Number(records),
    recordsPerSecond: (1_000 * Number(records)) / (doneAt - from),
    recordsPerBatch: Number(records) / batches,
    statementsPerBatch: statements / batches,
  };
}
