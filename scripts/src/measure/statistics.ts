export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How often each word is there, in the order in which they are met. */
export function countBy<Word extends string>(words: Iterable<Word>): Readonly<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts as Record<Word, number>;
}

/**
 * The value that `percent` of all values do not exceed, by the nearest-rank method: it is always a value that was measured.
 * @throws Error when there is none.
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1];
  if (value === undefined) throw new Error('There is no percentile of no values.');
  return value;
}

/** The middle value, or the mean of the two in the middle. Undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

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
