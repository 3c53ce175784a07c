import { compare } from './line.ts';
import type { Net } from './nets.ts';

/** The nets that run above the line, or below it. */
export interface Channel {
  readonly nets: readonly Net[];
  readonly levels: ReadonlyMap<Net, number>;
}

/**
 * How far from the line each net of one channel runs: 0 is next to it. Short ones run inside long ones, so few lines cross. Two
 * nets share a level when one ends in the column where the other begins, or before it.
 */
function levelsOf(nets: readonly Net[]): ReadonlyMap<Net, number> {
  const levels: Net[][] = [];
  const found = new Map<Net, number>();
  for (const net of [...nets].sort(inner)) {
    const free = levels.findIndex((others) => others.every((other) => apart(net, other)));
    const level = free < 0 ? levels.length : free;
    levels[level] = [...(levels[level] ?? []), net];
    found.set(net, level);
  }
  return found;
}

function inner(a: Net, b: Net): number {
  return (
    Number(a.informs) - Number(b.informs) ||
    Number(a.toBelow) - Number(b.toBelow) ||
    a.last - a.first - (b.last - b.first) ||
    a.rank - b.rank ||
    compare(a.id, b.id)
  );
}

const apart = (a: Net, b: Net): boolean => reach(a).last <= reach(b).first || reach(b).last <= reach(a).first;

export function channelOf(nets: readonly Net[], way: 'above' | 'below'): Channel {
  const own = nets.filter((net) => net.way === way);
  return { nets: own, levels: levelsOf(own) };
}

/** -1 of a channel without nets. */
export const deepest = ({ levels }: Channel): number => Math.max(-1, ...levels.values());

/** A net within one column has its label in the gap on the left, or where it loops, in the gap on its right. */
function reach(net: Net): { readonly first: number; readonly last: number } {
  if (net.first !== net.last) return net;
  return net.toBelow ? { first: net.first - 1, last: net.last } : { first: net.first, last: net.last + 1 };
}
