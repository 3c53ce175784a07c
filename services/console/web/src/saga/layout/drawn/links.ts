import type { Hop } from '../marks/hops.ts';
import type { ArrowHead, Bar, Cross, Wire } from '../scene/scene.ts';

/** What is drawn between the marks. */
export interface Links {
  readonly wires: Wire[];
  readonly bars: Bar[];
  readonly heads: ArrowHead[];
  readonly crosses: Cross[];
  /** Where the seams of a hop begin, for the numbers under them; and the x at which it ends. */
  readonly rows: { readonly hop: Hop; readonly x: number; readonly end: number; readonly y: number }[];
}
