import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '@troupe/audit';
import type { Reporter, Stack } from '@troupe/embedded';
import type { Site } from '../../measure/site.ts';
import {
  allNotified,
  burst,
  IN_FLIGHT,
  type Placed,
  sagasPerSecond,
  type Target,
  withTarget,
} from '../../measure/target.ts';
import { warmed } from '../../measure/throughput.ts';
import { unlessSilent } from '../../measure/unless-silent.ts';
import { mustBeRight } from '../../measure/verdict.ts';
import { stockOf } from '../../measure/views.ts';
import { auditedAtRest } from '../../stack/audit-at-rest.ts';
import { Book, type Entry } from './book.ts';
import { Load } from './load.ts';
import { Sources } from './sources.ts';

export interface SoakPlan {
  readonly minutes: number;
  /** Orders per second. Default: 70 % of what a short burst shows. */
  readonly rate: number | undefined;
  readonly signal: AbortSignal;
  readonly report: Reporter;
}

export interface SoakReport {
  readonly minutes: number;
  readonly perSecond: number;
  /** Sagas per second of the burst; absent when the rate was given. */
  readonly capacity?: number;
  readonly orders: number;
  readonly looks: number;
  readonly entries: readonly Entry[];
  /** Sentences; with one of them the run failed. */
  readonly faults: readonly string[];
  readonly audit: Report;
}

const SHARE = 0.7;
const WARM_UP = 300;
const BURST = { count: 1_500, inFlight: IN_FLIGHT };
/** Looks in a run; each costs the stack a little. */
const LOOKS = 150;
const NEWS_MS = 60_000;
const REST_MS = 120_000;

/** A stack of its own at a steady pace, looked at all the time; then everything is checked. */
export async function soak({ site, stack }: { site: Site; stack: Stack }, plan: SoakPlan): Promise<SoakReport> {
  return withTarget(site, plan.signal, async (target) => {
    const stockBefore = await stockOf(target.client, site.serviceUrl('inventory'));
    const measured = await plan.report.step(`Capacity, ${WARM_UP + BURST.count} orders`, () => capacityOf(target));
    const perSecond = plan.rate ?? Math.max(1, Math.floor(SHARE * measured.capacity));
    const load = { perSecond, first: measured.orders.length };
    const { placed, faults, looks, book } = await plan.report.step(
      `${plan.minutes} minutes at ${perSecond} orders per second`,
      () => soaked({ stack, target }, load, plan),
    );
    const all = [...measured.orders, ...placed];
    await plan.report.step('Check', () => mustBeRight(target, { site, placed: all, stockBefore }));
    const audit = await plan.report.step('Audit', () => auditedAtRest(stack, REST_MS));
    const entries = book.entries();
    return {
      minutes: plan.minutes,
      perSecond,
      orders: all.length,
      looks,
      entries,
      faults,
      audit,
      ...(plan.rate === undefined && { capacity: measured.capacity }),
    };
  });
}

/** Sagas per second with 256 in flight, after a warm-up. */
async function capacityOf(target: Target): Promise<{ readonly capacity: number; readonly orders: readonly Placed[] }> {
  const warm = await warmed(target, WARM_UP);
  const measured = await burst(target, { first: WARM_UP, ...BURST });
  await allNotified(target, measured.orders);
  return { capacity: sagasPerSecond(measured), orders: [...warm, ...measured.orders] };
}

interface Soaked {
  readonly placed: readonly Placed[];
  readonly faults: readonly string[];
  readonly looks: number;
  readonly book: Book;
}

async function soaked(
  { stack, target }: { readonly stack: Stack; readonly target: Target },
  pace: { readonly perSecond: number; readonly first: number },
  { minutes, signal, report }: SoakPlan,
): Promise<Soaked> {
  const sources = await Sources.open(stack);
  const book = new Book();
  const load = new Load(target, pace);
  const end = performance.now() + minutes * 60_000;
  let looks = 0;
  let newsAt = performance.now() + NEWS_MS;
  try {
    while (performance.now() < end) {
      await sleep(Math.max(1_000, (minutes * 60_000) / LOOKS), undefined, { signal });
      const orders = { what: 'orders on their way', of: 'all', unit: '', slack: 400, value: load.onTheirWay };
      book.enter(performance.now(), [orders, ...(await sources.read())]);
      looks += 1;
      if (performance.now() < newsAt) continue;
      newsAt += NEWS_MS;
      report.note(`${load.sent} orders, ${load.onTheirWay} of them on their way`);
    }
    const placed = await unlessSilent(target, load.stop());
    await allNotified(target, placed);
    return { placed, faults: load.faults, looks, book };
  } finally {
    void load.stop();
    await sources.close();
  }
}
