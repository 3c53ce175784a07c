import { type Reporter, StartError } from '@troupe/embedded';
import type { DatabaseCosts } from '../measure/meter/database-meter.ts';
import type { Cost, Meter } from '../measure/meter/meter.ts';
import type { BenchOrder } from '../measure/mix.ts';
import type { Site } from '../measure/site.ts';
import type { Latency } from '../measure/statistics.ts';
import type { Placed, Target } from '../measure/target.ts';
import { unlessSilent } from '../measure/unless-silent.ts';

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

/** One backlog of several, each larger than all before it. */
export interface GrowthStep {
  readonly orders: number;
  readonly sagasPerSecond: number;
  readonly cpuMsPerSaga?: number;
  /** Of the services, when all of it was done. */
  readonly megabytes?: number;
}

export interface Rush {
  readonly requests: number;
  readonly accepted: number;
  /** Answered 503, by code. */
  readonly sentAway: Readonly<Record<string, number>>;
  /** Of the order service: before, and the most while the requests waited. */
  readonly megabytes?: { readonly before: number; readonly most: number };
}

/** Orders that were accepted, each with its end. */
export function ended(
  { ends, signal }: Target,
  accepted: readonly (BenchOrder & { readonly orderId: string })[],
): Promise<Placed[]> {
  const orders = accepted.map(async (order): Promise<Placed> => ({ ...order, end: await ends.of(order.orderId) }));
  return unlessSilent({ ends, signal }, Promise.all(orders));
}

/** @throws StartError when the system is somebody else's. */
export function ownSite({ own }: Site, scenario: ScenarioName): NonNullable<Site['own']> {
  if (own !== undefined) return own;
  throw new StartError([`The scenario ${scenario} needs a stack of its own: leave --against-running out.`]);
}

/** What the processes have spent since `begun`. */
export function cpu(meter: Meter | undefined, begun: ReturnType<Meter['begin']> | undefined, orders: number) {
  if (meter === undefined || begun === undefined) return {};
  const { cpuMsPerSaga, processes } = meter.costs(begun, orders);
  return { cpuMsPerSaga, processes };
}
