import type { Channel } from './levels.ts';
import type { Line } from './line.ts';
import { CLEAR, GAP, labelWidth, MARGIN, NODE, nodeWidth, SLOT } from './measures.ts';
import type { Net } from './nets.ts';
import { type SlotKey, slotsIn } from './slots.ts';

export interface Column {
  readonly x: number;
  readonly width: number;
}

export interface Columns {
  readonly columns: readonly Column[];
  readonly slots: ReadonlyMap<SlotKey, number>;
  readonly width: number;
}

/** Places along the line. A node is as wide as its lines need, and a gap as wide as the longest name that may stand in it. */
export function columnsOf(line: Line, nets: readonly Net[], channels: readonly Channel[]): Columns {
  const columns: Column[] = [];
  const slots = new Map<SlotKey, number>();
  let x = MARGIN.left;
  for (let column = 0; column < line.columns; column += 1) {
    const touching = channels.map((channel) => slotsIn(column, channel.nets, channel.levels));
    const most = Math.max(...touching.map(({ length }) => length));
    const names = [...line.place].filter(([, place]) => place.column === column).map(([name]) => nodeWidth(name));
    const width = Math.max(NODE.width, ...names, 2 * NODE.inset + (most - 1) * SLOT.least);
    x = Math.max(x, column === 0 ? leftOf(nets) : 0);
    columns.push({ x, width });
    for (const keys of touching) for (const [key, at] of spread(keys, { x, width })) slots.set(key, at);
    x += width + gapAfter(column, nets);
  }
  const last = columns.at(-1) ?? { x: 0, width: 0 };
  const loop = nets.some((net) => net.loops && net.last === line.columns - 1) ? gapAfter(line.columns - 1, nets) : 0;
  return { columns, slots, width: last.x + last.width + Math.max(loop, MARGIN.right) };
}

/** Evenly around the middle of the node. */
function spread(keys: readonly SlotKey[], { x, width }: Column): [SlotKey, number][] {
  const step = keys.length < 2 ? 0 : Math.min(SLOT.wish, (width - 2 * NODE.inset) / (keys.length - 1));
  const begin = x + width / 2 - (step * (keys.length - 1)) / 2;
  return keys.map((key, index) => [key, Math.round(begin + step * index)]);
}

/** Every net that passes a gap can have its label there, clear of all lines to the nodes. */
function gapAfter(column: number, nets: readonly Net[]): number {
  const widest = (among: readonly Net[], less: number) =>
    Math.max(0, ...among.map(({ event }) => labelWidth(event) + 2 * CLEAR - less));
  return Math.max(
    GAP,
    widest(
      nets.filter((net) => net.way.startsWith('straight') && net.first === column),
      0,
    ),
    widest(
      nets.filter((net) => net.first <= column && net.last > column),
      2 * NODE.inset,
    ),
    widest(
      nets.filter((net) => labelGap(net) === column),
      NODE.inset,
    ),
  );
}

/** The gap of the label of a net within one column: before it when it leads down, behind it when it loops. */
function labelGap(net: Net): number | undefined {
  if (net.first !== net.last) return undefined;
  return net.toBelow ? net.first - 1 : net.last;
}

function leftOf(nets: readonly Net[]): number {
  const left = nets.filter((net) => labelGap(net) === -1);
  return Math.max(0, ...left.map(({ event }) => labelWidth(event) + 2 * CLEAR - NODE.inset));
}
