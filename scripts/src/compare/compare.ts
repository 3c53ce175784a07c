import { type Reporter, type Stack, StartError } from '@troupe/embedded';
import { type Machine, machine } from '../measure/meter/machine.ts';
import { Meter } from '../measure/meter/meter.ts';
import type { Site } from '../measure/site.ts';
import { countBy, latencyFigures } from '../measure/statistics.ts';
import { allNotified, burst, type Target, withTarget } from '../measure/target.ts';
import { auditedAtRest, findingsOf } from '../stack/audit-at-rest.ts';
import { mustBeReady } from '../stack/ready.ts';
import { type BurstFigures, burstFigures, playBurst } from './bursts.ts';
import { type OrderCosts, othersShare, perOrder } from './costs.ts';
import { Counters } from './counters.ts';
import { pathOf, type Style, styles } from './orders.ts';
import { type Outage, outage } from './outage.ts';
import { type Bench, idled, PACE, playRound, ROUNDS, type Round } from './rounds.ts';
import { faultsOf } from './verdict.ts';

export interface Compared {
  readonly site: Site;
  readonly stack: Stack;
}

export interface Wish {
  /** How long inventory is away. */
  readonly awaySeconds: number;
  readonly signal: AbortSignal;
  readonly report: Reporter;
}

/** What one style came to. */
export interface StyleFigures {
  readonly orders: number;
  readonly costs: OrderCosts;
  /** From request to end, as a client sees it. */
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number };
  /** By what the customers saw. */
  readonly ends: Readonly<Record<string, number>>;
  readonly burst: BurstFigures;
  readonly outage: Outage;
}

export interface Comparison extends Machine {
  readonly styles: Readonly<Record<Style, StyleFigures>>;
  readonly ordersPerSecond: number;
  readonly awaySeconds: number;
  /** What other programs had of the processors during the rounds, from 0 to 1; undefined where it cannot be measured. */
  readonly othersShare: number | undefined;
}

const WARM_UP = { first: 0, count: 200, inFlight: 32 };
const REST_MS = 60_000;

/** Runs the same orders in both styles. @throws StartError with all that is wrong: then there are no figures. */
export async function compare({ site, stack }: Compared, wish: Wish): Promise<Comparison> {
  const meter = Meter.of(site.dataDir);
  const counters = await Counters.of(stack, meter);
  try {
    return await withTarget(site, wish.signal, (target) => compared(stack, { target, counters }, wish));
  } finally {
    meter?.stop();
    await counters.close();
  }
}

async function compared(stack: Stack, bench: Bench, { report, awaySeconds }: Wish): Promise<Comparison> {
  const { target } = bench;
  await report.step('Warm-up, both styles', () => warmUp(target));
  const idle = await report.step('The system with nothing to do', () => idled(bench));
  const orders = PACE.perSecond * PACE.seconds;
  const rounds = await inTurn(ROUNDS, (style, at) =>
    report.step(`Round ${at + 1} of ${ROUNDS.length}: ${orders} orders, ${style}`, () => playRound(bench, style)),
  );
  const bursts = await inTurn(ROUNDS, (style) =>
    report.step(`Many orders at once, ${style}`, () => playBurst(bench, style)),
  );
  const faults = faultsOf([...rounds, ...bursts], (orderId) => target.ends.timesNotified(orderId));
  await report.step('Audit', () => mustBeRight(stack, faults));
  const outages = await inTurn(styles, async (style) => {
    const away = { stack, target, seconds: awaySeconds };
    const came = await report.step(`Inventory away for ${awaySeconds} s, ${style}`, () => outage(away, style));
    await report.step('Audit', () => mustBeRight(stack, []));
    return came;
  });
  const figures = styles.map((style, at): [Style, StyleFigures] => {
    const own = rounds.filter((round) => round.style === style);
    const burst = burstFigures(bursts.filter((one) => one.style === style));
    return [style, { ...figuresOf(own, idle), burst, outage: outages[at] as Outage }];
  });
  const spent = rounds.map((round) => round.spent);
  return {
    styles: Object.fromEntries(figures) as Record<Style, StyleFigures>,
    ordersPerSecond: PACE.perSecond,
    awaySeconds,
    othersShare: othersShare(spent, machine().processors),
    ...machine(),
  };
}

/** One after the other. */
async function inTurn<Result>(
  all: readonly Style[],
  work: (style: Style, at: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [at, style] of all.entries()) results.push(await work(style, at));
  return results;
}

async function warmUp(target: Target): Promise<void> {
  for (const style of styles) {
    const styled = { ...target, path: pathOf[style] };
    const { orders } = await burst(styled, WARM_UP);
    await allNotified(styled, orders);
  }
}

/** The audit of everything, at rest, and then every service ready for what comes next. */
async function mustBeRight(stack: Stack, faults: readonly string[]): Promise<void> {
  const all = [...faults, ...findingsOf(await auditedAtRest(stack, REST_MS))];
  if (all.length > 0) throw new StartError(['The run is wrong, so it has no figures.', ...all]);
  await mustBeReady(stack.settings);
}

function figuresOf(rounds: readonly Round[], idle: Round['spent']): Omit<StyleFigures, 'burst' | 'outage'> {
  const orders = rounds.flatMap((round) => round.orders);
  const spent = rounds.map((round) => round.spent);
  const { p50Ms, p95Ms, maxMs } = latencyFigures(
    rounds.flatMap((round) => round.latenciesMs),
    PACE.perSecond,
  );
  return {
    orders: orders.length,
    costs: perOrder(spent, orders.length, idle),
    latency: { p50Ms, p95Ms, maxMs },
    ends: countBy(orders.map(({ end }) => end)),
  };
}
