import type { Stood } from './stood.ts';

/** How often it is noted how services stand, and for how long that is kept: in memory, since the console was started. */
export const NOTED_EVERY_MS = 5_000;
const KEPT_MS = 15 * 60_000;
/** A look that is later than this tells nothing of a moment: the console itself stood still. */
const HOLDS_MS = 3 * NOTED_EVERY_MS;

/** How services stood in the past quarter of an hour, so that the map can be played back. */
export class MapPast {
  #kept: readonly Stood[] = [];

  note(stood: Stood): void {
    this.#kept = [...this.#kept.filter(({ at }) => at > stood.at - KEPT_MS), stood];
  }

  /** What was noted last before a moment. Undefined: before the console was started, or while it stood still. */
  at(moment: number): Stood | undefined {
    const found = this.#kept.findLast(({ at }) => at <= moment);
    return found !== undefined && moment - found.at <= HOLDS_MS ? found : undefined;
  }

  /** The first moment of which anything is kept. */
  get since(): number | null {
    return this.#kept[0]?.at ?? null;
  }
}
