import type { Check } from './expectation.ts';
import type { Accepted } from './shop.ts';

/** How a story went. */
export interface StoryResult {
  readonly name: string;
  readonly title: string;
  /** The orders to follow. */
  readonly orders: readonly Accepted[];
  readonly checks: readonly Check[];
  /** What went wrong before everything could be looked at. */
  readonly failure?: string;
  readonly ms: number;
}

export const isGood = ({ checks, failure }: StoryResult): boolean =>
  failure === undefined && checks.every(({ ok }) => ok);
