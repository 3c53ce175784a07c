import { setTimeout as sleep } from 'node:timers/promises';
import { type Reporter, StartError } from '@troupe/embedded';
import { type DatabaseCosts, type DatabaseUse, databaseCosts, databaseUse } from '../measure/database-meter.ts';
import { inFlight } from '../measure/loads.ts';
import type { Cost, Meter } from '../measure/meter.ts';
import { type BenchOrder, goodOrder, mixedOrder } from '../measure/mix.ts';
import { patient } from '../measure/patient.ts';
import type { Site } from '../measure/site.ts';
import { type Latency, latencyFigures } from '../measure/statistics.ts';
import {
  allTold,
  burst,
  IN_FLIGHT,
  latencies,
  type Placed,
  place,
  sagasPerSecond,
  type Target,
} from '../measure/target.ts';
import { type GrowthStep, growth } from './growth.ts';
import { oneProduct } from './one-product.ts';
import { type Rush, rush } from './rush.ts';

/** What can be measured besides throughput over HTTP and latency at 20 orders per second. */
export const SCENARIOS = ['backlog', 'hot', 'busy', 'rest', 'growth', 'rush'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface ScenarioFigures {
  readonly name: ScenarioName;
  readonly orders: number;
  readonly sagasPerSecond?: number;
  readonly cpuMsPerSaga?: number;
  /** Of the same orders over many products, right before: the rate of one product is compared with it. */
  readonly manySagasPerSecond?: number;
  readonly processes?: readonly Cost[];
  readonly database?: DatabaseCosts;
  readonly latency?: Latency;
  /** Of one core, over all processes of the stack. */
  readonly cpuPercent?: number;
  readonly steps?: readonly GrowthStep[];
  readonly rush?: Rush;
}

export interface Stage {
  readonly site: Site;
  readonly target: Target;
  readonly meter: Meter | undefined;
  readonly report: Pick<Reporter, 'note'>;
  readonly orders: number;
}

export interface Played {
  readonly figures: ScenarioFigures;
  /** What was placed, to be checked with all else. */
  readonly placed: readonly Placed[];
}

const BUSY = { perSecond: 200, seconds: 10 };
/** After orders the services empty outboxes, vacuum tables and collect garbage for a while. That is no rest. */
const QUIET_MS = 120_000;
const REST_MS = 30_000;

const scenarios: Readonly<Record<ScenarioName, (stage: Stage) => Promise<Played>>> = {
  backlog: (stage) => backlogOf(stage, stage.orders),
  hot,
  busy,
  rest,
  growth,
  rush,
};

export const play = (name: ScenarioName, stage: Stage): Promise<Played> => scenarios[name](stage);

/** Places orders while the other services stand still. Then they go on, and the time runs from there. */
export async function backlogOf({ site, target, meter }: Stage, orders: number): Promise<Played> {
  const { adminUrl, pause } = ownSite(site, 'backlog');
  const goOn = pause();
  let waiting: readonly (BenchOrder & { readonly orderId: string })[];
  let before: DatabaseUse;
  let begun: ReturnType<Meter['begin']> | undefined;
  try {
    waiting = await inFlight(orders, IN_FLIGHT, async (index) => {
      const order = mixedOrder(index);
      return { ...order, ...(await place(target, order)) };
    });
    before = await databaseUse(adminUrl);
    begun = meter?.begin();
  } finally {
    goOn();
  }
  const start = performance.now();
  const placed = await ended(target, waiting);
  const elapsedMs = performance.now() - start;
  await allTold(target, placed);
  const figures = {
    name: 'backlog',
    orders,
    sagasPerSecond: sagasPerSecond({ orders: placed, elapsedMs }),
    ...cpu(meter, begun, orders),
    database: databaseCosts(before, await databaseUse(adminUrl), orders),
  } as const;
  return { placed, figures };
}

/** Orders that were accepted, each with its end. */
export function ended(
  { ends, signal }: Target,
  accepted: readonly (BenchOrder & { readonly orderId: string })[],
): Promise<Placed[]> {
  const orders = accepted.map(async (order): Promise<Placed> => ({ ...order, end: await ends.of(order.orderId) }));
  return patient({ ends, signal }, Promise.all(orders));
}

/** @throws StartError when the system is somebody else's. */
export function ownSite({ own }: Site, scenario: ScenarioName): NonNullable<Site['own']> {
  if (own !== undefined) return own;
  throw new StartError([`The scenario ${scenario} needs a stack of its own: leave --against-running out.`]);
}

/** All orders want one product. */
async function hot({ target, meter, orders: count }: Stage): Promise<Played> {
  const { orders, begun, rates } = await oneProduct({
    count,
    burst: (load) => burst(target, load),
    settled: (placed) => allTold(target, placed),
    begin: () => meter?.begin(),
  });
  return { placed: orders, figures: { name: 'hot', orders: count, ...rates, ...cpu(meter, begun, count) } };
}

/** Latency at two hundred orders per second. */
async function busy({ target }: Stage): Promise<Played> {
  const { results, latenciesMs } = await latencies(target, BUSY, goodOrder);
  const latency = latencyFigures(latenciesMs, BUSY.perSecond);
  return { placed: results, figures: { name: 'busy', orders: results.length, latency } };
}

/** Nothing happens, and nothing has happened for two minutes. */
async function rest({ target, meter }: Stage): Promise<Played> {
  await sleep(QUIET_MS, undefined, { signal: target.signal });
  const begun = meter?.begin();
  await sleep(REST_MS, undefined, { signal: target.signal });
  const { cpuMsPerSaga: cpuMs } = cpu(meter, begun, 1);
  const cpuPercent = cpuMs === undefined ? {} : { cpuPercent: (100 * cpuMs) / REST_MS };
  return { placed: [], figures: { name: 'rest', orders: 0, ...cpuPercent } };
}

function cpu(meter: Meter | undefined, begun: ReturnType<Meter['begin']> | undefined, orders: number) {
  if (meter === undefined || begun === undefined) return {};
  const { cpuMsPerSaga, processes } = meter.costs(begun, orders);
  return { cpuMsPerSaga, processes };
}
