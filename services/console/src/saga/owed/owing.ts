import type { Said } from './said.ts';

/** Something that a service owes, or a person by way of it. */
export interface Owing {
  /**
   * `answer`: it heard an event. `decision`: a person has to decide. `undo again`: an undo was refused. `step`: an orchestrator
   * asks for it.
   */
  readonly kind: 'answer' | 'decision' | 'undo again' | 'step';
  readonly service: string;
  /** What it answers: an event, or a step of an orchestrator. */
  readonly hears: string;
  /** The event that it answers, or behind which the step comes. */
  readonly on: Said;
  readonly oneOf: readonly string[];
  readonly withinMs: number | null;
  readonly since: number;
  readonly dueAt: number | null;
  /** What it undoes, when it was said; null: it undoes nothing. */
  readonly undoes: Said | null;
  readonly isBack: boolean;
  /** False when the saga has failed meanwhile, and the service may have nothing to say any more. */
  readonly isSure: boolean;
  readonly nobodyWaits: boolean;
  /** The calls that may be under way for it. */
  readonly calls: readonly string[];
  /** For `step`: who asks. */
  readonly orchestrator: string | null;
}
