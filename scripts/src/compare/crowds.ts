import { ENDS } from '../measure/mix.ts';
import { sum } from '../measure/statistics.ts';
import { allTold, burst } from '../measure/target.ts';
import { between, type Spent } from './costs.ts';
import { pathOf, type Style } from './orders.ts';
import type { Bench, EndedOrder } from './rounds.ts';

const CROWD = { first: 0, count: 200, inFlight: 64 };

/** Many orders at once, which share transactions, as in a system under load. */
export interface Crowd {
  readonly style: Style;
  readonly orders: readonly EndedOrder[];
  readonly elapsedMs: number;
  readonly spent: Spent;
}

/** What crowds of one style came to. */
export interface CrowdFigures {
  readonly inFlight: number;
  readonly sagasPerSecond: number;
  /** CPU-ms of an order, over all processes of the system; undefined where it cannot be measured. */
  readonly cpuMs: number | undefined;
}

/** Keeps many orders on their way; until the last customer was told. */
export async function playCrowd({ target, counters }: Bench, style: Style): Promise<Crowd> {
  const own = { ...target, path: pathOf[style] };
  const before = await counters.read();
  const { orders, elapsedMs } = await burst(own, CROWD);
  await allTold(own, orders);
  const spent = between(before, await counters.read());
  return { style, elapsedMs, spent, orders: orders.map((order) => ({ ...order, expected: ENDS[order.kind] })) };
}

export function crowdFigures(crowds: readonly Crowd[]): CrowdFigures {
  const orders = sum(crowds.map((crowd) => crowd.orders.length));
  const measured = crowds.every(({ spent }) => spent.cpuMs !== undefined);
  return {
    inFlight: CROWD.inFlight,
    sagasPerSecond: (orders * 1_000) / sum(crowds.map(({ elapsedMs }) => elapsedMs)),
    cpuMs: measured ? sum(crowds.map(({ spent }) => spent.cpuMs ?? 0)) / orders : undefined,
  };
}
