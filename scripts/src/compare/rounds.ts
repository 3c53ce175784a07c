import { setTimeout as sleep } from 'node:timers/promises';
import { allNotified, latencies, type Target } from '../measure/target.ts';
import { between, type Spent } from './costs.ts';
import type { Counters } from './counters.ts';
import { type ComparedOrder, comparedOrder, pathOf, type Style } from './orders.ts';

/** A hundred orders, at a pace that loads no part of the system. */
export const PACE = { perSecond: 10, seconds: 10 };
/** Each style follows itself once and the other once, so that neither has the warmer system. */
export const ROUNDS: readonly Style[] = ['choreographed', 'orchestrated', 'orchestrated', 'choreographed'];
/** An idle connection of PostgreSQL publishes its counters after ten seconds at the latest. */
const COUNTED_MS = 10_500;
const IDLE_MS = 15_000;

export interface EndedOrder extends ComparedOrder {
  readonly orderId: string;
  readonly end: string;
}

export interface Round {
  readonly style: Style;
  readonly orders: readonly EndedOrder[];
  readonly latenciesMs: readonly number[];
  readonly spent: Spent;
}

/** What is measured, and by what. */
export interface Bench {
  readonly target: Target;
  readonly counters: Counters;
}

/** The hundred orders in one style, from the first request until the last customer was told. */
export async function playRound({ target, counters }: Bench, style: Style): Promise<Round> {
  const before = await counters.read();
  const { results: orders, latenciesMs } = await paced({ ...target, path: pathOf[style] }, PACE.seconds);
  await sleep(COUNTED_MS, undefined, { signal: target.signal });
  return { style, orders, latenciesMs, spent: between(before, await counters.read()) };
}

/** What the idle system spends. */
export async function idled({ target: { signal }, counters }: Bench): Promise<Spent> {
  await sleep(COUNTED_MS, undefined, { signal });
  const before = await counters.read();
  await sleep(IDLE_MS, undefined, { signal });
  return between(before, await counters.read());
}

/** Places orders at the pace, and waits until each is at its end and its customer was told. */
export async function paced(target: Target, seconds: number) {
  const placed = await latencies(target, { ...PACE, seconds }, comparedOrder);
  await allNotified(target, placed.results);
  return placed;
}
