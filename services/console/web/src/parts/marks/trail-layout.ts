import type { StepState, TrailMark } from '../../../../src/contract/saga.ts';

export interface PlacedMark extends TrailMark {
  readonly x: number;
  readonly y: number;
}

export interface PlacedTrail {
  readonly marks: readonly PlacedMark[];
  readonly lines: readonly { readonly d: string; readonly kind: 'there' | 'back' | 'dotted' }[];
}

export const TRAIL_WIDTH = 128;
export const TRAIL_HEIGHT = 22;
const FIRST = 8;
const STEP = 28;
/** Between the middle of a mark and the line beside it. */
const AIR = 4.6;

const AHEAD: ReadonlySet<StepState> = new Set(['expected', 'undo-expected', 'skipped']);

/**
 * Where the marks of a trail stand. There runs along one rail; once a saga turns back there are two, and each undo stands below
 * what its service did there.
 */
export function layTrail(there: readonly TrailMark[], back: readonly TrailMark[]): PlacedTrail {
  const turned = back.length > 0;
  const upper = turned ? 7 : TRAIL_HEIGHT / 2;
  const step = Math.min(STEP, (TRAIL_WIDTH - 2 * FIRST) / Math.max(1, there.length - 1));
  const marks = there.map((mark, at) => ({ ...mark, x: FIRST + at * step, y: upper }));
  const lines: PlacedTrail['lines'][number][] = marks.slice(1).map((mark, at) => ({
    d: `M${round((marks[at]?.x ?? 0) + AIR)} ${upper}H${round(mark.x - AIR)}`,
    kind: AHEAD.has(mark.state) ? 'dotted' : 'there',
  }));
  if (!turned) return { marks, lines };
  const below = columns(there, back)
    .map((column, at) => ({ ...(back[at] as TrailMark), x: FIRST + column * step, y: 16 }))
    .sort((one, other) => other.x - one.x);
  let from = marks.at(-1)?.x ?? FIRST;
  for (const [at, mark] of below.entries()) {
    const kind = AHEAD.has(mark.state) ? 'dotted' : 'back';
    if (at > 0) lines.push({ d: `M${round(from - AIR)} 16H${round(mark.x + AIR)}`, kind });
    else if (mark.x < from) lines.push({ d: `M${round(from)} 11.4V13q0 3-3 3H${round(mark.x + AIR)}`, kind });
    from = mark.x;
  }
  return { marks: [...marks, ...below], lines };
}

/** For each mark of the way back, the column of what its service did last there. Where it did nothing: the next free one. */
function columns(there: readonly TrailMark[], back: readonly TrailMark[]): number[] {
  const taken = new Set<number>();
  return back.map(({ service }) => {
    const free = there.map((_, at) => at).filter((at) => !taken.has(at));
    const own = free.filter((at) => there[at]?.service === service && there[at]?.state !== 'refused');
    const column = own.at(-1) ?? free.filter((at) => there[at]?.state !== 'refused').at(-1) ?? 0;
    taken.add(column);
    return column;
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
