import { compare } from './line.ts';
import type { Net } from './nets.ts';

/** Where a net touches a column. A loop touches its column twice: the second is where it comes back. */
export type SlotKey = string;
export const slotKey = (net: Net, column: number, second = false): SlotKey => `${net.id}@${column}${second ? '+' : ''}`;

/**
 * The order, from left to right, in which the nets of one channel touch a column. Nets that come from the left stand left, the
 * nearest level first; nets that go right stand right, the nearest level last: so the lines of a channel lie inside one another.
 */
export function slotsIn(column: number, nets: readonly Net[], levels: ReadonlyMap<Net, number>): SlotKey[] {
  const near = (a: Net, b: Net) => (levels.get(a) ?? 0) - (levels.get(b) ?? 0) || compare(a.id, b.id);
  const touching = nets.filter(({ columns }) => columns.includes(column)).sort(near);
  const within = touching.filter(({ first, last }) => first === last);
  const across = touching.filter(({ first, last }) => first !== last);
  return [
    ...within.filter(({ loops }) => !loops),
    ...across.filter(({ last }) => last === column),
    ...across.filter(({ first, last }) => first < column && last > column),
    ...across.filter(({ first }) => first === column).reverse(),
    ...within.filter(({ loops }) => loops).reverse(),
  ].flatMap((net) => (net.loops ? [slotKey(net, column), slotKey(net, column, true)] : [slotKey(net, column)]));
}
