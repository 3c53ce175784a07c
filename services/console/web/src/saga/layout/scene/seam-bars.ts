import type { Seams } from '../../../../../src/contract/index.ts';
import { figureOf } from '../../../../../src/saga/words.ts';
import type { Bar, BarKind } from './scene.ts';
import { HANDLER_HIGH, SEAM_HIGH, SEAM_LEAST } from './sizes.ts';

const ORDER = ['outbox', 'broker', 'wait', 'handler'] as const;
/** Room for the arrow head where the handler begins. */
const HEAD = 5;

export interface SeamRow {
  readonly bars: readonly Omit<Bar, 'from' | 'to'>[];
  /** Where the handler begins: the arrow head stands left of it. */
  readonly headX: number;
}

export const seamsOf = (seams: Seams): readonly { readonly seam: (typeof ORDER)[number]; readonly ms: number }[] =>
  ([seams.outboxMs, seams.brokerMs, seams.waitMs, seams.handlerMs] as const).flatMap((ms, index) =>
    ms === null ? [] : [{ seam: ORDER[index] as (typeof ORDER)[number], ms }],
  );

/**
 * The bars of a delivery between two x, in their order. `lengths` are the px that time gives each; a seam that took any time is
 * at least 4 px, and what the small ones gain the others lose.
 */
export function seamRow(
  id: string,
  seams: Seams,
  lengths: readonly number[],
  x: number,
  end: number,
  y: number,
  head = HEAD,
): SeamRow {
  const known = seamsOf(seams).filter(({ ms }) => ms > 0);
  const room = end - x - known.length - head;
  const widths = shared(
    known.map(({ seam }) => lengths[ORDER.indexOf(seam)] ?? 0),
    room,
  );
  let at = x;
  let headX = end - head;
  const bars = known.map(({ seam, ms }, index) => {
    if (seam === 'handler') {
      headX = at;
      at += head;
    }
    const high = seam === 'handler' ? HANDLER_HIGH : SEAM_HIGH;
    const bar = bar_(id, seam, at, y, widths[index] ?? 0, high, `${seam} ${figureOf(ms)}`);
    at += (widths[index] ?? 0) + 1;
    return bar;
  });
  return { bars, headX };
}

export const bar_ = (
  id: string,
  kind: BarKind,
  x: number,
  y: number,
  width: number,
  height: number,
  title: string,
): Omit<Bar, 'from' | 'to'> => ({
  id: `${id}/${kind}`,
  kind,
  x,
  y: y - height / 2,
  width: Math.max(0, width),
  height,
  title,
});

/** Divides the room by the lengths, none below the least as long as there is room for that. */
function shared(lengths: readonly number[], room: number): readonly number[] {
  const least = Math.min(SEAM_LEAST, room / Math.max(1, lengths.length));
  const small = new Set<number>();
  for (;;) {
    const free = room - small.size * least;
    const sum = lengths.reduce((total, length, index) => total + (small.has(index) ? 0 : length), 0);
    const widths = lengths.map((length, index) =>
      small.has(index) ? least : sum > 0 ? (length * free) / sum : free / (lengths.length - small.size),
    );
    const next = widths.findIndex((width, index) => !small.has(index) && width < least - 1e-9);
    if (next === -1 || small.size === lengths.length) {
      return widths;
    }
    small.add(next);
  }
}
