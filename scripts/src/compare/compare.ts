import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { nodeRuntime, type Stack, StartError, serviceNames } from '@troupe/embedded';
import { createCodec } from '@troupe/schemas';
import { siteOf } from '../attacks/arena.ts';
import { auditedAtRest } from '../stack/audit-at-rest.ts';
import { Ends } from '../measure/ends.ts';
import { HttpClient } from '../measure/http-client.ts';
import { Meter } from '../measure/meter.ts';
import { percentile } from '../measure/statistics.ts';
import { allTold, burst, type Target } from '../measure/burst.ts';
import { Shop } from '../demo/shop.ts';
import { type OrderCosts, othersShare, perOrder } from './costs.ts';
import { Counters } from './counters.ts';
import { type Crowd, type CrowdFigures, crowdFigures, playCrowd } from './crowds.ts';
import { countsOf, pathOf, type Style, styles } from './orders.ts';
import { type Outage, outage } from './outage.ts';
import { type Bench, idled, PACE, playRound, ROUNDS, type Round } from './rounds.ts';
import { faultsOf } from './verdict.ts';

export interface Wish {
  /** How long inventory is away. */
  readonly awaySeconds: number;
  readonly signal: AbortSignal;
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** What one style came to. */
export interface StyleFigures {
  readonly orders: number;
  readonly costs: OrderCosts;
  /** From request to end, as a client sees it. */
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number };
  /** By what the customers saw. */
  readonly ends: Readonly<Record<string, number>>;
  readonly crowd: CrowdFigures;
  readonly outage: Outage;
}

export interface Comparison {
  readonly styles: Readonly<Record<Style, StyleFigures>>;
  readonly ordersPerSecond: number;
  readonly awaySeconds: number;
  readonly processors: number;
  /** What other programs had of them during the rounds, from 0 to 1; undefined where it cannot be measured. */
  readonly othersShare: number | undefined;
  readonly node: string;
}

const WARM_UP = { first: 0, count: 200, inFlight: 32 };
const REST_MS = 60_000;

/** Runs the same orders in both styles. @throws StartError with all that is wrong: then there are no figures. */
export async function compare(stack: Stack, wish: Wish): Promise<Comparison> {
  const { signal, step, awaySeconds } = wish;
  const over = new AbortController();
  setMaxListeners(0, signal);
  const client = new HttpClient({ 'x-customer-id': `compare-${crypto.randomUUID()}` });
  const meter = Meter.of(stack.settings.dataDir);
  const counters = await Counters.of(stack, meter);
  try {
    const ends = await listenTo(stack, AbortSignal.any([signal, over.signal]));
    const bench: Bench = { target: { url: stack.addresses.serviceUrl('order'), client, ends, signal }, counters };
    await step('Warm-up, both styles', () => warmUp(bench.target));
    const idle = await step('The system with nothing to do', () => idled(bench));
    const rounds = await playAll(bench, step);
    const crowds = await playCrowds(bench, step);
    await step('Audit', () =>
      mustBeRight(
        stack,
        faultsOf([...rounds, ...crowds], (orderId) => ends.timesTold(orderId)),
      ),
    );
    const outages = await playOutages({ stack, target: bench.target, seconds: awaySeconds }, step);
    const spent = rounds.map((round) => round.spent);
    const processors = availableParallelism();
    const figures = styles.map((style) => {
      const crowd = crowdFigures(crowds.filter((one) => one.style === style));
      const own = rounds.filter((round) => round.style === style);
      return [style, { ...figuresOf(own, idle), crowd, outage: outages[style] }] as const;
    });
    return {
      styles: Object.fromEntries(figures) as Record<Style, StyleFigures>,
      ...{ ordersPerSecond: PACE.perSecond, awaySeconds },
      ...{ processors, othersShare: othersShare(spent, processors), node: nodeRuntime().version },
    };
  } finally {
    over.abort();
    meter?.stop();
    client.close();
    await counters.close();
  }
}

function listenTo({ addresses: { brokers, registryUrl } }: Stack, signal: AbortSignal): Promise<Ends> {
  return Ends.listen({ brokers, codec: createCodec({ registryUrl }), signal });
}

async function warmUp(target: Omit<Target, 'path'>): Promise<void> {
  for (const style of styles) {
    const { orders } = await burst({ ...target, path: pathOf[style] }, WARM_UP);
    await allTold({ ...target, path: pathOf[style] }, orders);
  }
}

async function playAll(bench: Bench, step: Wish['step']): Promise<Round[]> {
  const rounds: Round[] = [];
  for (const [at, style] of ROUNDS.entries()) {
    const title = `Round ${at + 1} of ${ROUNDS.length}: ${PACE.perSecond * PACE.seconds} orders, ${style}`;
    rounds.push(await step(title, () => playRound(bench, style)));
  }
  return rounds;
}

async function playCrowds(bench: Bench, step: Wish['step']): Promise<Crowd[]> {
  const crowds: Crowd[] = [];
  for (const style of ROUNDS) crowds.push(await step(`A crowd of orders, ${style}`, () => playCrowd(bench, style)));
  return crowds;
}

async function playOutages(
  away: Parameters<typeof outage>[0],
  step: Wish['step'],
): Promise<Readonly<Record<Style, Outage>>> {
  const outages: Partial<Record<Style, Outage>> = {};
  for (const style of styles) {
    outages[style] = await step(`Inventory away for ${away.seconds} s, ${style}`, () => outage(away, style));
    await step('Audit', () => mustBeRight(away.stack, []));
  }
  return outages as Record<Style, Outage>;
}

/** The audit of everything, at rest, and then every service ready for what comes next. */
async function mustBeRight(stack: Stack, faults: readonly string[]): Promise<void> {
  const { results } = await auditedAtRest(siteOf(stack), REST_MS);
  const found = results.flatMap(({ check, findings }) =>
    findings.map(({ id, what }) => `${check.name}: ${id}: ${what}`),
  );
  const all = [...faults, ...found];
  if (all.length > 0) throw new StartError(['The run is wrong, so it has no figures.', ...all]);
  await new Shop(stack.settings).mustBeReady(serviceNames);
}

function figuresOf(rounds: readonly Round[], idle: Round['spent']): Omit<StyleFigures, 'crowd' | 'outage'> {
  const orders = rounds.flatMap((round) => round.orders);
  const latenciesMs = rounds.flatMap((round) => round.latenciesMs);
  return {
    orders: orders.length,
    costs: perOrder(
      rounds.map(({ spent }) => spent),
      orders.length,
      idle,
    ),
    latency: {
      p50Ms: percentile(latenciesMs, 50),
      p95Ms: percentile(latenciesMs, 95),
      maxMs: percentile(latenciesMs, 100),
    },
    ends: countsOf(orders.map(({ end }) => end)),
  };
}
