import { CORNER } from './measures.ts';

export type Point = readonly [x: number, y: number];

/** A line along these points, with rounded corners. All of it is horizontal or vertical. */
export function rounded(points: readonly Point[]): string {
  const [begin, ...rest] = withoutRepeats(points);
  if (begin === undefined) return '';
  let path = `M${begin[0]} ${begin[1]}`;
  rest.forEach((point, index) => {
    const before = rest[index - 1] ?? begin;
    const after = rest[index + 1];
    if (after === undefined) {
      path += `L${point[0]} ${point[1]}`;
      return;
    }
    const radius = Math.min(CORNER, length(before, point) / 2, length(point, after) / 2);
    const [ax, ay] = towards(point, before, radius);
    const [bx, by] = towards(point, after, radius);
    path += `L${ax} ${ay}Q${point[0]} ${point[1]} ${bx} ${by}`;
  });
  return path;
}

/** Without points that are there twice, or lie on a straight line between their neighbours. */
function withoutRepeats(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last && last[0] === point[0] && last[1] === point[1]) continue;
    const straight =
      last &&
      before &&
      ((before[0] === last[0] && last[0] === point[0]) || (before[1] === last[1] && last[1] === point[1]));
    if (straight) kept.pop();
    kept.push(point);
  }
  return kept;
}

const length = (a: Point, b: Point): number => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);

const towards = ([x, y]: Point, [tx, ty]: Point, by: number): Point => [
  x + Math.sign(tx - x) * by,
  y + Math.sign(ty - y) * by,
];
