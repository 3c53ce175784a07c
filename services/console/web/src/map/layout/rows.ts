import type { Line } from './line.ts';
import { LEVEL, MARGIN, NODE, TO_BELOW } from './measures.ts';

export interface Rows {
  readonly top: number;
  readonly middle: number;
  readonly bottom: number;
  /** The top of the services below the line. */
  readonly below: number;
  readonly height: number;
}

/** Heights, of so many levels above and below the line; -1 where there is none. */
export function rowsOf(line: Line, above: number, below: number): Rows {
  const top = MARGIN.top + (above < 0 ? 0 : LEVEL.first + above * LEVEL.above);
  const bottom = top + NODE.height;
  const last = below < 0 ? bottom : bottom + LEVEL.first + below * LEVEL.below;
  const some = [...line.place.values()].some((place) => place.below);
  const end = some ? last + TO_BELOW + NODE.height : last + (below < 0 ? 0 : TO_BELOW);
  return { top, middle: top + NODE.height / 2, bottom, below: last + TO_BELOW, height: end + MARGIN.bottom };
}
