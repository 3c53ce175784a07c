/**
 * The value below or at which `percent` of all values are: the nearest-rank method, so always a value that was measured.
 * Throws when there is none.
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1];
  if (value === undefined) throw new Error('There is no percentile of no values.');
  return value;
}
