import { percentile } from './statistics.ts';

export interface Latency {
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export function latencyFigures(latenciesMs: readonly number[], ordersPerSecond: number): Latency {
  return {
    orders: latenciesMs.length,
    ordersPerSecond,
    p50Ms: percentile(latenciesMs, 50),
    p95Ms: percentile(latenciesMs, 95),
    p99Ms: percentile(latenciesMs, 99),
    maxMs: percentile(latenciesMs, 100),
  };
}
