import { ENDS } from '../measure/mix.ts';
import { sum } from '../measure/statistics.ts';
import { allNotified, burst } from '../measure/target.ts';
import { between, type Spent } from './costs.ts';
import { pathOf, type Style } from './orders.ts';
import type { Bench, EndedOrder } from './rounds.ts';

const BURST = { first: 0, count: 200, inFlight: 64 };

/** Many orders at once, which share transactions, as in a system under load. */
export interface StyleBurst {
  readonly style: Style;
  readonly orders: readonly EndedOrder[];
  readonly elapsedMs: number;
  readonly spent: Spent;
}

/** What bursts of one style came to. */
export interface BurstFigures {
  readonly inFlight: number;
  readonly sagasPerSecond: number;
  /** CPU-ms of an order, over all processes of the system; undefined where it cannot be measured. */
  readonly cpuMs: number | undefined;
}

/** Keeps many orders on their way; until the last customer was told. */
export async function playBurst({ target, counters }: Bench, style: Style): Promise<StyleBurst> {
  const own = { ...target, path: pathOf[style] };
  const before = await counters.read();
  const { orders, elapsedMs } = await burst(own, BURST);
  await allNotified(own, orders);
  const spent = between(before, await counters.read());
  return { style, elapsedMs, spent, orders: orders.map((order) => ({ ...order, expected: ENDS[order.kind] })) };
}

export function burstFigures(bursts: readonly StyleBurst[]): BurstFigures {
  const orders = sum(bursts.map((burst) => burst.orders.length));
  const measured = bursts.every(({ spent }) => spent.cpuMs !== undefined);
  return {
    inFlight: BURST.inFlight,
    sagasPerSecond: (orders * 1_000) / sum(bursts.map(({ elapsedMs }) => elapsedMs)),
    cpuMs: measured ? sum(bursts.map(({ spent }) => spent.cpuMs ?? 0)) / orders : undefined,
  };
}
