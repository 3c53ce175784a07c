import type { Bounds } from './domain.ts';
import type { Message, PendingTask } from './message.ts';

/** One step from a state: a transaction of one service, or something outside all of them. */
export interface Move {
  /** No answer of the outside and no person was needed. */
  readonly isOwn: boolean;
  /** It may happen, and nobody waits for it: a person's act, or a message that comes once more. */
  readonly isAct: boolean;
  /** What is wrong with the step itself. */
  readonly fault?: string;
  /** Who handles what, one after another: with them the step can be done again on the runtime. */
  readonly handles?: readonly Handled[];
  /** The step as a sentence. */
  label(): string;
}

export interface Handled {
  readonly service: string;
  readonly message: Message;
  readonly at: Date;
}

/** Called with the state behind a step: the number of the order, that of what orders share, and the step. */
export type Visit = (order: number, shared: number, move: Move) => void;

/** A state as the numbers of its parts. */
export interface From {
  readonly vector: readonly number[];
  readonly shared: readonly number[];
}

/** The same while a step changes it. */
export interface Change {
  readonly vector: number[];
  readonly shared: number[];
}

export const copyOf = ({ vector, shared }: From): Change => ({ vector: vector.slice(), shared: shared.slice() });

/** What else belongs to a state, beside databases, topics and the outside. */
export interface Extra {
  readonly left: Bounds;
  /** Messages that will come once more: the service, and the number of the message. */
  readonly again: readonly (readonly [service: number, message: number])[];
  /** Requests that are still on their way. */
  readonly stragglers: readonly PendingTask[];
}

/** A message and who hears it, as a step. */
export interface Hearing {
  readonly service: number;
  readonly message: number;
  readonly isOwn: boolean;
  /** A person did it: `says` is the whole sentence. */
  readonly isAct?: boolean;
  /** It may come, and nobody waits for it. */
  readonly isOptional?: boolean;
  /** Default: early. */
  readonly now?: Date;
  /** Stands between the service and the message. */
  readonly says: string;
  /** What others have handled on the way: the commands that a participant was sent. */
  readonly before?: readonly Handled[];
}
