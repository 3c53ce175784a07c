import { GHOST_GAP, START } from '../scene/sizes.ts';
import type { Apart, Column, Places, Room } from './columns.ts';

/** No wider than so many times the room: beyond that, near moments stand on each other, as they did. */
const WIDEST = 4;
/** Between two neighbouring events, when there is room. */
const APART = 14;

/** Linear throughout: what is twice as long is twice as wide. The declared rest has no time and follows after now. */
export function placeTrue(columns: readonly Column[], apart: readonly Apart[], room: Room): Places {
  const real = columns.filter((column) => column.at !== null);
  const first = real[0]?.at ?? 0;
  const span = Math.max(1, (real.at(-1)?.at ?? first) - first);
  const ghosts = columns.filter((column) => column.at === null).length;
  const gap = Math.min(GHOST_GAP, 64);
  const least = Math.max(280, room.width - START - ghosts * gap - (room.right[real.length - 1] ?? 0) - 24);
  const events = real.filter((column) => column.role === 'event' || column.role === 'now');
  const steps = events.slice(1).map((column, index) => (column.at ?? 0) - (events[index]?.at ?? 0));
  const shortest = Math.min(...steps.filter((step) => step > 0), span);
  const wide = Math.min(Math.max(least, (APART * span) / shortest), room.width * WIDEST);
  const xs: number[] = [];
  columns.forEach((column, index) => {
    if (column.at !== null) {
      xs.push(room.pins.get(index) ?? START + ((column.at - first) * wide) / span);
      return;
    }
    let x = (xs[index - 1] ?? START) + 28;
    for (const pair of apart) {
      if (pair.to === index) {
        x = Math.max(x, (xs[pair.from] ?? 0) + pair.by);
      }
    }
    xs.push(x);
  });
  const width = Math.max(...xs.map((x, index) => x + (room.right[index] ?? 0)), room.width);
  return { xs, width: Math.ceil(width), bands: new Map() };
}
