import type { Box } from '../../web/src/map/layout/labels.ts';
import type { MapLayout, Wire } from '../../web/src/map/layout/layout.ts';
import type { Point } from '../../web/src/map/layout/path.ts';

/** A straight piece of a line. */
export interface Piece {
  readonly wire: string;
  readonly from: Point;
  readonly to: Point;
}

export const piecesOf = ({ wires }: MapLayout): Piece[] => wires.flatMap(piecesOfWire);

const piecesOfWire = ({ id, branches }: Wire): Piece[] =>
  branches.flatMap(({ points }) => points.slice(1).map((to, index) => ({ wire: id, from: points[index] ?? to, to })));

export const isVertical = ({ from, to }: Piece): boolean => from[0] === to[0];

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function crosses({ from, to }: Piece, box: Box): boolean {
  const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  return left < box.x + box.width && right > box.x && top < box.y + box.height && bottom > box.y;
}

/** Both lie on one line, and share more than a point of it. */
export function cover(a: Piece, b: Piece): boolean {
  if (isVertical(a) !== isVertical(b)) return false;
  const [across, along] = isVertical(a) ? ([0, 1] as const) : ([1, 0] as const);
  if (a.from[across] !== b.from[across]) return false;
  const [a0, a1] = [Math.min(a.from[along], a.to[along]), Math.max(a.from[along], a.to[along])];
  const [b0, b1] = [Math.min(b.from[along], b.to[along]), Math.max(b.from[along], b.to[along])];
  return a0 < b1 && b0 < a1;
}
