/** What every reader of a moment understands: PostgreSQL, JavaScript, RFC 3339. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A timestamp of a record as a moment. A broker takes any number of 64 bits; the nearest moment stands for those beyond. */
export function momentOf(timestampMs: number): number {
  return Number.isNaN(timestampMs) ? 0 : Math.min(Math.max(timestampMs, EARLIEST_MS), LATEST_MS);
}

export const isMoment = (timestampMs: number): boolean => momentOf(timestampMs) === timestampMs;
