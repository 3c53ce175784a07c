import { sum } from '../../measure/statistics.ts';

/** A value that was looked at, at a moment. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** The trend of a value: the straight line that is nearest to all its points (least squares). */
export interface Trend {
  readonly mean: number;
  /** Of the line, at the first and at the last moment. */
  readonly from: number;
  readonly to: number;
  readonly perHour: number;
  /** How far the points lie from the line, as a standard deviation. */
  readonly swing: number;
}

export interface Judgement extends Trend {
  readonly verdict: 'level' | 'grows';
  /** Ends a sentence that begins with the verdict. */
  readonly why: string;
}

const HOUR_MS = 3_600_000;
/** With fewer points a line says nothing. */
export const FEWEST = 8;

/** @throws Error when there are fewer than eight points, or all of one moment. */
export function trendOf(points: readonly Point[]): Trend {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < FEWEST || first === undefined || last === undefined || first.atMs === last.atMs) {
    throw new Error(`A trend needs at least ${FEWEST} points of different moments; there are ${points.length}.`);
  }
  const mean = average(points.map(({ value }) => value));
  const middle = average(points.map(({ atMs }) => atMs));
  const perMs =
    sum(points.map(({ atMs, value }) => (atMs - middle) * (value - mean))) /
    sum(points.map(({ atMs }) => (atMs - middle) ** 2));
  const at = (atMs: number): number => mean + perMs * (atMs - middle);
  const swing = Math.sqrt(sum(points.map(({ atMs, value }) => (value - at(atMs)) ** 2)) / (points.length - 2));
  return { mean, from: at(first.atMs), to: at(last.atMs), perHour: perMs * HOUR_MS, swing };
}

/** A rise counts from this share of the level, in an hour. */
const SHARE = 0.1;
/** And from this part of it in the time that was measured: a few minutes do not foretell an hour. */
const SEEN = 0.25;
/** And from so many times the swing: collected memory goes up and down by itself. */
const SWINGS = 2;

/**
 * A value grows when it rises by more than it swings, and by so much that it matters. That is a tenth of its level in an
 * hour, or `slack` where that is more, and a quarter of it before our eyes. So a run of which less than a quarter of an
 * hour is looked at sees only what rises faster.
 */
export function judged(points: readonly Point[], slack: number): Judgement {
  const trend = trendOf(points);
  const { mean, from, to, perHour, swing } = trend;
  const least = Math.max(slack, SHARE * mean);
  if (perHour <= 0) return { ...trend, verdict: 'level', why: 'it does not rise' };
  if (perHour <= least) return { ...trend, verdict: 'level', why: `in an hour it rises by less than ${short(least)}` };
  if (to - from <= SEEN * least)
    return { ...trend, verdict: 'level', why: `it rose by no more than ${short(to - from)}` };
  if (to - from <= SWINGS * swing)
    return { ...trend, verdict: 'level', why: `it rises by no more than it swings (${short(swing)})` };
  return { ...trend, verdict: 'grows', why: `it rose by ${short(to - from)}, and swings by ${short(swing)}` };
}

/** A number as a person reads it: three digits that matter, and no less than a thousandth. */
export function short(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const average = (values: readonly number[]): number => sum(values) / values.length;
