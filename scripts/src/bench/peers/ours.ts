import { StartError } from '@troupe/embedded';
import { type Around, withOwnSite } from '../../measure/site.ts';
import { type Figures, measure, type Wish } from '../measure.ts';
import type { ScenarioFigures, ScenarioName } from '../stage.ts';
import { type RunFigures, split } from './run-figures.ts';

/** One run of ours on a stack of its own, with the scenarios that the peers have. */
export async function runOurs(around: Around, counts: Pick<Wish, 'warmUp' | 'orders'>): Promise<RunFigures> {
  const { report, signal } = around;
  const figures = await withOwnSite(around, (site) =>
    measure(site, { ...counts, scenarios: ['backlog', 'hot', 'busy'], signal, report }),
  );
  return inSameTerms(figures);
}

function inSameTerms({ costs, database, scenarios, ...figures }: Figures): RunFigures {
  const of = (wanted: ScenarioName) => scenarios.find(({ name }) => name === wanted);
  const busy = of('busy')?.latency;
  const [backlog, one, many] = [rateOf(of('backlog')), rateOf(of('hot')), of('hot')?.manySagasPerSecond];
  if (!costs || !database || !busy) throw new StartError(['CPU is measured where /proc tells it: on Linux.']);
  return {
    sagasPerSecond: figures.sagasPerSecond,
    ...split(costs.processes),
    ...database,
    driverCpuMsPerSaga: figures.clientCpuMsPerSaga,
    calm: figures.latency,
    busy,
    processes: costs.processes,
    ...(backlog && { backlog }),
    ...(one && many !== undefined && { hot: { ...one, manySagasPerSecond: many } }),
  };
}

function rateOf(scenario: ScenarioFigures | undefined) {
  if (scenario?.sagasPerSecond === undefined) return undefined;
  const { sagasPerSecond, processes = [] } = scenario;
  return { sagasPerSecond, cpuMsPerSaga: split(processes).cpuMsPerSaga };
}
