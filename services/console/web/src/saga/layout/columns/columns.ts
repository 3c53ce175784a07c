import { BAND, FAR, GHOST_GAP, NEAR, START, STEP } from '../scene/sizes.ts';

/**
 * A moment that has an x of its own. Events pull their neighbours apart by the time between them; marks of readings and lines
 * give way.
 */
export interface Column {
  readonly id: string;
  /** Milliseconds since 1970; null of what has not happened. */
  readonly at: number | null;
  readonly role: 'event' | 'minor' | 'line' | 'now' | 'ghost' | 'deadline';
}

/** `to` stands at least so far right of `from`. */
export interface Apart {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

export interface Places {
  readonly xs: readonly number[];
  readonly width: number;
  /** Stretches that are squeezed, by the index of the column on their right. */
  readonly bands: ReadonlyMap<number, number>;
}

export interface Room {
  readonly width: number;
  /** Of each column: what it needs right of its x, for its text. */
  readonly right: readonly number[];
  /** Columns that keep the x they have elsewhere. */
  readonly pins: ReadonlyMap<number, number>;
}

/** Beside a squeezed stretch: at least, and with room. */
const BAND_PADS = 18;
const BAND_ROOM = 26;

/** Stretches in which nothing happens: longer than 2 s, and than eight times what is usual here. */
export function quietStretches(columns: readonly Column[]): ReadonlyMap<number, number> {
  const events = columns.filter((column) => column.at !== null && column.role === 'event');
  const steps = events.slice(1).map((column, index) => (column.at ?? 0) - (events[index]?.at ?? 0));
  const median = steps.sort((a, b) => a - b)[Math.floor((steps.length - 1) / 2)] ?? 0;
  const quiet = new Map<number, number>();
  for (let index = 1; index < columns.length; index++) {
    const [left, right] = [columns[index - 1]?.at, columns[index]?.at];
    // From due until now is what one looks for: it is never squeezed.
    if (columns[index - 1]?.role === 'line' && columns[index]?.role === 'now') {
      continue;
    }
    if (left !== null && left !== undefined && right !== null && right !== undefined) {
      if (right - left > Math.max(2000, 8 * median)) {
        quiet.set(index, right - left);
      }
    }
  }
  return quiet;
}

/**
 * Gives each column its x: as far from its neighbours as time says, but never so near that two texts meet. When it does not fit,
 * the declared rest is squeezed first, then what happened.
 */
export function placeColumns(columns: readonly Column[], apart: readonly Apart[], room: Room): Places {
  const bands = quietStretches(columns);
  const least = leastOf(columns, apart, bands);
  const place = (past: number, ghosts: number): number[] => forward(columns, least, bands, room.pins, past, ghosts);
  const widthOf = (xs: readonly number[]): number => Math.max(...xs.map((x, index) => x + (room.right[index] ?? 0)), 0);
  const fits = (past: number, ghosts: number): boolean => widthOf(place(past, ghosts)) <= room.width;
  const [past, ghosts] = fits(1, 1)
    ? [1, 1]
    : fits(1, 0)
      ? [1, most((ghosts) => fits(1, ghosts))]
      : [most((past) => fits(past, 0)), 0];
  const xs = relaxed(columns, place(past, ghosts), least, bands, room.pins);
  return { xs, width: Math.max(room.width, Math.ceil(widthOf(xs))), bands };
}

/** The largest share between 0 and 1 that still fits. */
function most(fits: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let round = 0; round < 9; round++) {
    const middle = (low + high) / 2;
    [low, high] = fits(middle) ? [middle, high] : [low, middle];
  }
  return low;
}

type Least = readonly (readonly Apart[])[];

function leastOf(columns: readonly Column[], apart: readonly Apart[], bands: ReadonlyMap<number, number>): Least {
  const least: Apart[][] = columns.map((_, index) =>
    index === 0 ? [] : [{ from: index - 1, to: index, by: bands.has(index) ? BAND + BAND_PADS : STEP }],
  );
  for (const pair of apart) {
    least[pair.to]?.push(pair);
  }
  return least;
}

function forward(
  columns: readonly Column[],
  least: Least,
  bands: ReadonlyMap<number, number>,
  pins: ReadonlyMap<number, number>,
  past: number,
  ghosts: number,
): number[] {
  const xs: number[] = [];
  let before: { index: number; at: number } | null = null;
  columns.forEach((column, index) => {
    let x = index === 0 ? START : 0;
    for (const { from, by } of least[index] ?? []) {
      x = Math.max(x, (xs[from] ?? 0) + by);
    }
    if (bands.has(index)) {
      x = Math.max(x, (xs[index - 1] ?? 0) + BAND + BAND_PADS + past * BAND_ROOM);
    }
    const pulls = column.role === 'event' || column.role === 'now';
    if (pulls && column.at !== null) {
      const wanted = before === null || bands.has(index) ? 0 : wantedGap(column.at - before.at);
      x = Math.max(x, (xs[before?.index ?? 0] ?? 0) + past * wanted);
      before = { index, at: column.at };
    } else if (column.role === 'ghost') {
      x = Math.max(x, (xs[index - 1] ?? 0) + (columns[index - 1]?.role === 'now' ? 0 : ghosts * GHOST_GAP));
    }
    xs.push(pins.get(index) ?? x);
  });
  return xs;
}

/** Of two neighbouring events: the longer apart, the wider, by the logarithm. */
export const wantedGap = (ms: number): number => Math.min(FAR, Math.max(NEAR, 24 * Math.log2(1 + Math.max(0, ms) / 4)));

/** What gives way moves right to where its time is, as far as its neighbours leave room. */
function relaxed(
  columns: readonly Column[],
  xs: readonly number[],
  least: Least,
  bands: ReadonlyMap<number, number>,
  pins: ReadonlyMap<number, number>,
): readonly number[] {
  const latest = xs.map((x, index) => (givesWay(columns[index], index, pins) ? Number.POSITIVE_INFINITY : x));
  for (let index = columns.length - 1; index >= 0; index--) {
    for (const { from, by } of least[index] ?? []) {
      if (givesWay(columns[from], from, pins)) {
        latest[from] = Math.min(latest[from] ?? 0, (latest[index] ?? 0) - by);
      }
    }
  }
  const placed = [...xs];
  columns.forEach((column, index) => {
    if (!givesWay(column, index, pins) || column.at === null) {
      return;
    }
    let x = index === 0 ? START : 0;
    for (const { from, by } of least[index] ?? []) {
      x = Math.max(x, (placed[from] ?? 0) + by);
    }
    const ideal = bands.has(index) || bands.has(index + 1) ? x : between(columns, placed, index, pins);
    placed[index] = Math.max(x, Math.min(ideal, latest[index] ?? x));
  });
  return placed;
}

const givesWay = (column: Column | undefined, index: number, pins: ReadonlyMap<number, number>): boolean =>
  (column?.role === 'minor' || column?.role === 'line') && !pins.has(index);

function between(
  columns: readonly Column[],
  xs: readonly number[],
  index: number,
  pins: ReadonlyMap<number, number>,
): number {
  const fixed = (at: number): boolean => columns[at]?.at != null && !givesWay(columns[at], at, pins);
  let [left, right] = [index - 1, index + 1];
  while (left >= 0 && !fixed(left)) {
    left--;
  }
  while (right < columns.length && !fixed(right)) {
    right++;
  }
  const [from, to, at] = [columns[left]?.at, columns[right]?.at, columns[index]?.at];
  if (from == null || to == null || at == null || to <= from) {
    return 0;
  }
  return (xs[left] ?? 0) + (((xs[right] ?? 0) - (xs[left] ?? 0)) * (at - from)) / (to - from);
}
