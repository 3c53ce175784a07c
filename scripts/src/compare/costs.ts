import { type ServiceName, serviceNames } from '@troupe/embedded';
import { sum } from '../measure/statistics.ts';
import type { Reading } from './counters.ts';

/** What was done between two readings. */
export interface Spent {
  readonly ms: number;
  readonly events: Readonly<Record<ServiceName, number>>;
  readonly requests: number;
  readonly transactions: number;
  readonly cpuMs: number | undefined;
  readonly othersCpuMs: number | undefined;
}

/** What an order costs above the cost of the idle system. */
export interface OrderCosts {
  readonly events: number;
  readonly eventsOf: Readonly<Record<ServiceName, number>>;
  readonly requests: number;
  readonly transactions: number;
  readonly cpuMs: number | undefined;
}

export function between(before: Reading, after: Reading): Spent {
  return {
    ms: after.atMs - before.atMs,
    events: byService((service) => after.events[service] - before.events[service]),
    requests: after.requests - before.requests,
    transactions: after.transactions - before.transactions,
    cpuMs: difference(before.cpuMs, after.cpuMs),
    othersCpuMs: difference(before.othersCpuMs, after.othersCpuMs),
  };
}

/**
 * Shares the cost of rounds among their orders. The cost of the idle system in the same time is taken off: in either style it
 * looks for work, sends heartbeats to its broker, and reports on itself.
 */
export function perOrder(rounds: readonly Spent[], orders: number, idle: Spent): OrderCosts {
  const total = (of: (spent: Spent) => number): number => sum(rounds.map(of));
  const aboveIdle = (of: (spent: Spent) => number): number =>
    (total(of) - (of(idle) * total(({ ms }) => ms)) / idle.ms) / orders;
  const eventsOf = byService((service) => total(({ events }) => events[service]) / orders);
  const measured = [idle, ...rounds].every(({ cpuMs }) => cpuMs !== undefined);
  return {
    events: sum(Object.values(eventsOf)),
    eventsOf,
    requests: total(({ requests }) => requests) / orders,
    transactions: aboveIdle(({ transactions }) => transactions),
    cpuMs: measured ? aboveIdle(({ cpuMs }) => cpuMs ?? 0) : undefined,
  };
}

/** The share of the processors that other programs had meanwhile. With a large share, times and CPU say little. */
export function othersShare(spent: readonly Spent[], processors: number): number | undefined {
  const others = spent.flatMap(({ othersCpuMs }) => othersCpuMs ?? []);
  if (others.length < spent.length) return undefined;
  return sum(others) / (sum(spent.map(({ ms }) => ms)) * processors);
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

function byService(of: (service: ServiceName) => number): Readonly<Record<ServiceName, number>> {
  return Object.fromEntries(serviceNames.map((service) => [service, of(service)])) as Record<ServiceName, number>;
}
