import type { Branch } from './branches.ts';
import { CLEAR, LABEL, labelWidth } from './measures.ts';
import type { Net } from './nets.ts';

/** Two lines of text, and on the line itself the place of what waits there. */
export interface Label {
  readonly x: number;
  readonly anchor: 'middle' | 'end' | 'start';
  /** Base lines of both texts, without and with something that waits on the line. */
  readonly plain: readonly [name: number, figures: number];
  readonly lifted: readonly [name: number, figures: number];
  readonly pill: { readonly x: number; readonly y: number };
  /** All of it, whatever it says. */
  readonly box: Box;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Bare {
  readonly net: Net;
  readonly branches: readonly Branch[];
}

/**
 * Where the name of a net stands: beside the middle of its longest stretch, where no line to a node passes. Each gap between
 * two nodes is free of those and wide enough for every name that may stand in it, so there always is such a place.
 */
export function labelOf({ net, branches }: Bare, all: readonly Bare[]): Label {
  const width = labelWidth(net.event);
  const { y, from, to } = stretchOf(net, branches);
  const above = net.way === 'above' || net.way === 'straight-there';
  const top = above ? y - LABEL.toLine - LABEL.pill - LABEL.height : y + LABEL.toLine;
  const box = { y: top, height: LABEL.height + LABEL.pill, width };
  if (net.first === net.last) return within(net, { from: Math.min(from, ...beside(net, all)), to, y, box });
  const free = gaps([from, to], passing(box, all));
  const x = nearest(free, (from + to) / 2, width);
  return { x, anchor: 'middle', ...lines(y, above), pill: { x, y }, box: { ...box, x: x - width / 2 } };
}

/** The horizontal part: all that lies between the leftmost and the rightmost end. */
function stretchOf(net: Net, branches: readonly Branch[]): { y: number; from: number; to: number } {
  const points = branches.flatMap(({ points }) => (net.way.startsWith('straight') ? points : points.slice(1, 3)));
  const xs = points.map(([x]) => x);
  return { y: points[0]?.[1] ?? 0, from: Math.min(...xs), to: Math.max(...xs) };
}

/** Where others lead down from the same column: all of their names stand left of all of them. */
function beside({ toBelow, first }: Net, all: readonly Bare[]): number[] {
  const down = all.filter(({ net }) => toBelow && net.toBelow && net.first === first && net.last === first);
  return down.flatMap(({ branches }) => branches.flatMap(({ points }) => points.map(([x]) => x)));
}

/** Of a net within one column: left of a line that leads down, right of a loop. */
function within(net: Net, at: { from: number; to: number; y: number; box: Omit<Box, 'x'> }): Label {
  const { y, box } = at;
  const middle = y - LABEL.height / 2 - LABEL.pill / 2;
  const texts = { plain: [y - 4, y + 10], lifted: [y - 4, y + 10] } as const;
  if (net.toBelow) {
    const x = at.from - CLEAR;
    return {
      x,
      anchor: 'end',
      ...texts,
      pill: { x: at.to, y: y + 34 },
      box: { ...box, y: middle, x: x - box.width },
    };
  }
  const x = at.to + CLEAR;
  return { x, anchor: 'start', ...texts, pill: { x: (at.from + at.to) / 2, y }, box: { ...box, y: middle, x } };
}

function lines(y: number, above: boolean): Pick<Label, 'plain' | 'lifted'> {
  return above
    ? { plain: [y - 24, y - 10], lifted: [y - 24 - LABEL.pill, y - 10 - LABEL.pill] }
    : { plain: [y + 18, y + 32], lifted: [y + 18 + LABEL.pill, y + 32 + LABEL.pill] };
}

/** Where lines to nodes pass beside this height. */
function passing({ y, height }: Pick<Box, 'y' | 'height'>, all: readonly Bare[]): number[] {
  return all.flatMap(({ branches }) =>
    branches.flatMap(({ points }) =>
      points.slice(1).flatMap(([x, b], index) => {
        const [ax, a] = points[index] ?? [x, b];
        return ax === x && Math.min(a, b) < y + height && Math.max(a, b) > y ? [x] : [];
      }),
    ),
  );
}

function gaps([from, to]: readonly [number, number], lines: readonly number[]): [number, number][] {
  const between = [...new Set(lines)].filter((x) => x > from && x < to).sort((a, b) => a - b);
  const edges = [from, ...between, to];
  return edges.slice(1).map((end, index) => [edges[index] ?? from, end]);
}

/** The place nearest to the wished one at which so much has room; the widest gap when it has none. */
function nearest(free: readonly [number, number][], wish: number, width: number): number {
  const wide = free.filter(([a, b]) => b - a >= width + 2 * CLEAR - 1);
  const among = wide.length > 0 ? wide : [[...free].sort(([a, b], [c, d]) => d - c - (b - a))[0] ?? [wish, wish]];
  const places = among.map(([a = wish, b = wish]) => {
    const room = width / 2 + CLEAR;
    return b - a < 2 * room ? (a + b) / 2 : Math.min(Math.max(wish, a + room), b - room);
  });
  return Math.round(places.sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish))[0] ?? wish);
}
