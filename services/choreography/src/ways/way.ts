import type { MapRow } from '../map/choreography.ts';
import type { Step } from './flow.ts';

/** One way in which an order can end. */
export interface Way {
  readonly outcome: 'success' | 'failure';
  /** The steps from the command that begins the order to the event that ends it. */
  readonly steps: readonly Step[];
  /** Which of the steps leaves the way on which all goes well. Absent: it is that way. */
  readonly turn?: number;
  /** The row at which the good way stands when a person or a timer turns it. */
  readonly stands?: MapRow;
  /** What the service of the turn says before it, and waits: "an approval is required". */
  readonly asks: readonly Step[];
  /** What the end causes: for each effect that was not undone before, the steps that undo it. */
  readonly undoing: readonly (readonly Step[])[];
  /** Of a way on which something cannot be undone at first: how it is undone after all. */
  readonly refusal?: Refusal;
}

/** A call that should undo an effect, and is refused by the outside. */
export interface Refusal {
  /** What was refused, and the event that says so. */
  readonly step: Step;
  /** What asks again: timers that fire, and persons. */
  readonly again: readonly MapRow[];
  /** With what persons settle it by hand. */
  readonly byHand: readonly MapRow[];
  /** The event that says that the effect is undone. */
  readonly undone: string;
}
