import type { Segment } from './scene.ts';
import { CORNER } from './sizes.ts';

export interface Path {
  readonly d: string;
  readonly segments: readonly Segment[];
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** Straight up or down, a round corner, then along the lane. Always the same commands, so that a change of place is a movement. */
export function elbow(x: number, from: number, to: number, end: number): Path {
  const down = to > from ? 1 : -1;
  const corner = Math.min(CORNER, Math.abs(to - from), Math.max(0, end - x));
  return {
    d: `M${short(x)} ${short(from)}V${short(to - down * corner)}Q${short(x)} ${short(to)} ${short(x + corner)} ${short(to)}H${short(Math.max(end, x + corner))}`,
    segments: [
      { x1: x, y1: from, x2: x, y2: to },
      { x1: x, y1: to, x2: Math.max(end, x + corner), y2: to },
    ],
  };
}

export const along = (x1: number, x2: number, y: number): Path => ({
  d: `M${short(x1)} ${short(y)}H${short(x2)}`,
  segments: [{ x1, y1: y, x2, y2: y }],
});

export const upright = (x: number, y1: number, y2: number): Path => ({
  d: `M${short(x)} ${short(y1)}V${short(y2)}`,
  segments: [{ x1: x, y1, x2: x, y2 }],
});

/** From beside the staff along to a mark, and down into it. */
export const onto = (from: number, y: number, x: number, to: number): Path => ({
  d: `M${short(from)} ${short(y)}H${short(x)}V${short(Math.max(y, to))}`,
  segments: [{ x1: from, y1: y, x2: x, y2: y }],
});

/** From an undo back to what it undid: out of the mark, along below the lane's texts, into the other mark. */
export function tiePath(from: number, to: number, y: number, below: number): Path & { head: string } {
  const top = y + 11;
  const r = Math.min(5, Math.max(0, (from - to) / 2));
  return {
    d: `M${short(from)} ${short(top)}V${short(below - r)}Q${short(from)} ${short(below)} ${short(from - r)} ${short(below)}H${short(to + r)}Q${short(to)} ${short(below)} ${short(to)} ${short(below - r)}V${short(top + 1)}`,
    head: `M${short(to - 3.5)} ${short(top + 6)}l3.5-5.5 3.5 5.5`,
    segments: [
      { x1: from, y1: top, x2: from, y2: below },
      { x1: from, y1: below, x2: to, y2: below },
      { x1: to, y1: below, x2: to, y2: top },
    ],
  };
}

/** Where a vertical leaves a mark of half the height `by` for another lane. */
export const leaving = (from: number, to: number, by: number): number => (to > from ? from + by : from - by);
