import type { Reporter } from '@troupe/embedded';
import { type DatabaseCosts, databaseCosts, databaseUse } from '../measure/meter/database-meter.ts';
import { type Costs, Meter } from '../measure/meter/meter.ts';
import { goodOrder, type Kind } from '../measure/mix.ts';
import type { Site } from '../measure/site.ts';
import { type Latency, latencyFigures } from '../measure/statistics.ts';
import { IN_FLIGHT, latencies, sagasPerSecond, type Target, withTarget } from '../measure/target.ts';
import { throughputOf, warmed } from '../measure/throughput.ts';
import { countsByKind, mustBeRight } from '../measure/verdict.ts';
import { stockOf } from '../measure/views.ts';
import { play } from './scenarios.ts';
import type { Played, ScenarioFigures, ScenarioName } from './stage.ts';

export interface Wish {
  /** Placed before anything is measured. */
  readonly warmUp: number;
  /** To be measured, after the warm-up. */
  readonly orders: number;
  /** Measured in this order, after throughput and latency. */
  readonly scenarios: readonly ScenarioName[];
  readonly signal: AbortSignal;
  readonly report: Reporter;
}

export interface Figures {
  /** Orders before the first that counts. */
  readonly warmUp: number;
  readonly orders: number;
  readonly inFlight: number;
  readonly mix: Readonly<Record<Kind, number>>;
  readonly elapsedMs: number;
  readonly sagasPerSecond: number;
  readonly latency: Latency;
  /** Of the system; undefined where it cannot be measured. */
  readonly costs: Costs | undefined;
  /** Of the burst; undefined where it cannot be measured. */
  readonly database: DatabaseCosts | undefined;
  readonly scenarios: readonly ScenarioFigures[];
  /** CPU of this program, which runs on the same processors, per saga. */
  readonly clientCpuMsPerSaga: number;
  /** All that was placed and checked, the warm-up included. */
  readonly ordersChecked: number;
}

const PACE = { perSecond: 20, seconds: 15 };

/** Measures, then checks that everything went right. @throws StartError with all that is wrong: then there are no figures. */
export async function measure(site: Site, wish: Wish): Promise<Figures> {
  const meter = Meter.of(site.dataDir);
  try {
    return await withTarget(site, wish.signal, (target) => measured(target, { site, meter, wish }));
  } finally {
    meter?.stop();
  }
}

interface Measuring {
  readonly site: Site;
  readonly meter: Meter | undefined;
  readonly wish: Wish;
}

async function measured(target: Target, { site, meter, wish }: Measuring): Promise<Figures> {
  const { warmUp, orders, scenarios, report } = wish;
  const adminUrl = site.own?.adminUrl;
  const stockBefore = await stockOf(target.client, site.serviceUrl('inventory'));
  const warm = await report.step(`Warm-up, ${warmUp} orders`, () => warmed(target, warmUp));
  const before = adminUrl && (await databaseUse(adminUrl));
  const throughput = await report.step(`Throughput, ${orders} orders`, () => throughputOf(target, wish, meter));
  const database = adminUrl && before ? databaseCosts(before, await databaseUse(adminUrl), orders) : undefined;
  const paced = await report.step(`Latency, ${PACE.seconds} s`, () => latencies(target, PACE, goodOrder));
  const played: Played[] = [];
  for (const name of scenarios) {
    played.push(await report.step(`Scenario ${name}`, () => play(name, { site, target, meter, report, orders })));
  }
  const placed = [...warm, ...throughput.orders, ...paced.results, ...played.flatMap((scenario) => scenario.placed)];
  await report.step('Check', () => mustBeRight(target, { site, placed, stockBefore }));
  return {
    warmUp,
    orders,
    inFlight: IN_FLIGHT,
    mix: countsByKind(throughput.orders),
    elapsedMs: throughput.elapsedMs,
    sagasPerSecond: sagasPerSecond(throughput),
    latency: latencyFigures(paced.latenciesMs, PACE.perSecond),
    costs: throughput.costs,
    database,
    scenarios: played.map(({ figures }) => figures),
    clientCpuMsPerSaga: throughput.clientCpuMsPerSaga,
    ordersChecked: placed.length,
  };
}
