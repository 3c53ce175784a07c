import type { ScalePoint } from '../scene/scene.ts';
import { BAND } from '../scene/sizes.ts';
import type { Column, Places } from './columns.ts';

/** Where a squeezed stretch lies between the columns around it. */
export interface BandPlace {
  readonly x: number;
  readonly ms: number;
  readonly left: number;
  readonly right: number;
}

export function bandsOf(columns: readonly Column[], places: Places): readonly BandPlace[] {
  return [...places.bands].map(([index, ms]) => {
    const [left, right] = [places.xs[index - 1] ?? 0, places.xs[index] ?? 0];
    const before = columns[index - 1]?.at ?? 0;
    // Bars of a hop begin right after its mark: the band leaves them the first half.
    return {
      x: left + (right - left - BAND) / 2,
      ms: ms - 2 * edge(ms),
      left: before + edge(ms),
      right: before + ms - edge(ms),
    };
  });
}

const edge = (ms: number): number => Math.min(250, ms / 10);

/** Moments and their x, ascending in both: linear between two of them. */
export function scaleOf(columns: readonly Column[], places: Places): readonly ScalePoint[] {
  const points: ScalePoint[] = [];
  const bands = bandsOf(columns, places);
  const indexes = [...places.bands.keys()];
  columns.forEach((column, index) => {
    if (column.at === null) {
      return;
    }
    const band = bands[indexes.indexOf(index)];
    if (band !== undefined) {
      points.push({ at: band.left, x: band.x }, { at: band.right, x: band.x + BAND });
    }
    points.push({ at: column.at, x: places.xs[index] ?? 0 });
  });
  return points;
}

/** Where a moment stands. Of several columns at one moment: the first. */
export function xAt(scale: readonly ScalePoint[], at: number): number {
  return interpolated(
    scale,
    at,
    (point) => point.at,
    (point) => point.x,
  );
}

/** Which moment stands at an x. */
export function momentAt(scale: readonly ScalePoint[], x: number): number {
  return interpolated(
    scale,
    x,
    (point) => point.x,
    (point) => point.at,
  );
}

function interpolated(
  scale: readonly ScalePoint[],
  value: number,
  from: (point: ScalePoint) => number,
  to: (point: ScalePoint) => number,
): number {
  const right = scale.findIndex((point) => from(point) >= value);
  const next = right === -1 ? scale.at(-1) : scale[right];
  const before = right > 0 ? scale[right - 1] : undefined;
  if (next === undefined) {
    return 0;
  }
  if (before === undefined || right === -1 || from(next) === from(before)) {
    return to(next);
  }
  return to(before) + ((to(next) - to(before)) * (value - from(before))) / (from(next) - from(before));
}
