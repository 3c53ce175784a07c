import { setTimeout as sleep } from 'node:timers/promises';
import { type Reporter, StartError } from '@troupe/embedded';
import { type DatabaseCosts, databaseCosts, databaseUse } from '../measure/database-meter.ts';
import { latencies } from '../measure/latency.ts';
import { type Latency, latencyFigures } from '../measure/latency-figures.ts';
import { type Costs, Meter } from '../measure/meter.ts';
import { goodOrder, type Kind } from '../measure/mix.ts';
import { listedEnds } from '../measure/orders-list.ts';
import { ownCpuMs } from '../measure/processes.ts';
import { type Played, play, type ScenarioFigures, type ScenarioName } from './scenarios.ts';
import { stockOf } from '../measure/views.ts';
import { withTarget } from '../measure/target.ts';
import { allTold, burst, IN_FLIGHT, type Placed, sagasPerSecond, type Target } from '../measure/burst.ts';
import { countsByKind, type Evidence, faultsOf } from '../measure/verdict.ts';

/** The system to be measured. */
export interface Site {
  readonly orderUrl: string;
  readonly inventoryUrl: string;
  readonly brokers: string;
  readonly registryUrl: string;
  /** Where its processes are written down. */
  readonly dataDir: string;
  /** Nobody else uses it. */
  readonly exclusive: boolean;
  /** PostgreSQL's superuser; undefined when it cannot be asked. */
  readonly adminUrl?: string;
  /** Lets every service but order stand still, until what it returns is called. */
  pause?(): () => void;
}

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
  /** What this program itself took of the same processors, per saga. */
  readonly clientCpuMsPerSaga: number;
  /** All that was placed and checked, the warm-up included. */
  readonly ordersChecked: number;
}

const PACE = { perSecond: 20, seconds: 15 };
/** How long after the last order the stock may take to be moved. */
const SETTLED_MS = 30_000;

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
  const { warmUp, orders: count, scenarios, report } = wish;
  const stockBefore = await stockOf(target.client, site.inventoryUrl);
  const warm = await report.step(`Warm-up, ${warmUp} orders`, () => warmed(target, warmUp));
  const before = site.adminUrl && (await databaseUse(site.adminUrl));
  const [crowd, costs, clientCpuMs] = await report.step(`Throughput, ${count} orders`, () =>
    crowded(target, wish, meter),
  );
  const database = site.adminUrl && before ? databaseCosts(before, await databaseUse(site.adminUrl), count) : undefined;
  const paced = await report.step(`Latency, ${PACE.seconds} s`, () => latencies(target, PACE, goodOrder));
  const played: Played[] = [];
  for (const name of scenarios) {
    played.push(
      await report.step(`Scenario ${name}`, () => play(name, { site, target, meter, report, orders: count })),
    );
  }
  const placed = [...warm, ...crowd.orders, ...paced.orders, ...played.flatMap(({ placed }) => placed)];
  await report.step('Check', () => mustBeRight(target, { site, placed, stockBefore }));
  return {
    ...{ warmUp, orders: count, inFlight: IN_FLIGHT, mix: countsByKind(crowd.orders), elapsedMs: crowd.elapsedMs },
    sagasPerSecond: sagasPerSecond(crowd),
    latency: latencyFigures(paced.latenciesMs, PACE.perSecond),
    scenarios: played.map(({ figures }) => figures),
    ...{ costs, database, clientCpuMsPerSaga: clientCpuMs / count, ordersChecked: placed.length },
  };
}

/** Orders that do not count, until their customers are told. */
export async function warmed(target: Target, count: number): Promise<readonly Placed[]> {
  const { orders } = await burst(target, { first: 0, count, inFlight: IN_FLIGHT });
  await allTold(target, orders);
  return orders;
}

/** The burst; what it cost, until its last e-mail was sent; and what it cost this process. */
export async function crowded(
  target: Target,
  { warmUp, orders: count }: Pick<Wish, 'warmUp' | 'orders'>,
  meter: Meter | undefined,
) {
  const begun = meter?.begin();
  const own = ownCpuMs();
  const crowd = await burst(target, { first: warmUp, count, inFlight: IN_FLIGHT });
  await allTold(target, crowd.orders);
  const clientCpuMs = ownCpuMs() - own;
  const costs = meter && begun && meter.costs(begun, count);
  return [crowd, costs, clientCpuMs] as const;
}

interface Checked {
  readonly site: Site;
  readonly placed: readonly Placed[];
  readonly stockBefore: Evidence['stockBefore'];
}

/** Looks until everything is right, since the stock moves and e-mails go out after the order's end; or says what is not. */
export async function mustBeRight(target: Target, { site, placed, stockBefore }: Checked): Promise<void> {
  const { client, ends, signal } = target;
  const end = performance.now() + SETTLED_MS;
  for (;;) {
    signal.throwIfAborted();
    const faults = faultsOf({
      ...{ orders: placed, stockBefore, exclusive: site.exclusive },
      timesTold: (orderId) => ends.timesTold(orderId),
      listed: await listedEnds(client, site.orderUrl),
      stockAfter: await stockOf(client, site.inventoryUrl),
    });
    if (faults.length === 0) return;
    if (performance.now() > end) throw new StartError(['The run is wrong, so it has no figures.', ...faults]);
    await sleep(250);
  }
}
