import type { DomainEvent } from '@troupe/schemas';
import type { DomainError } from './failure.ts';
import type { Cancellation, Task } from './messages.ts';

/** Everything a rule can cause besides its new state. All of it is stored in the transaction of that state. */
export type Effect = (DomainEvent | Task | Cancellation) & Caused;

export interface Caused {
  /** The id of the step, in the log of a saga, that this follows from. Absent: what its message is or follows from. */
  readonly cause?: string;
}

/** The rule did something: a new state and what follows from it. */
export interface Decided<State, E extends Effect = Effect> {
  readonly kind: 'decided';
  readonly state: State;
  readonly effects: readonly E[];
}

/** The rule did nothing, and says why: the reason reaches the log, the span and the inbox row. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: string;
}

/** A command that the rules do not allow; the client gets the error as problem details. Nothing is stored. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly error: DomainError;
}

export type Decision<State, E extends Effect = Effect> = Decided<State, E> | Ignored;
export type CommandDecision<State, E extends Effect = Effect> = Decision<State, E> | Rejected;

export function decided<State, const Effects extends readonly Effect[] = readonly []>(
  state: State,
  ...effects: Effects
): Decided<State, Effects[number]> {
  return { kind: 'decided', state, effects };
}

export function ignored(reason: string): Ignored {
  return { kind: 'ignored', reason };
}

export function rejected(error: DomainError): Rejected {
  return { kind: 'rejected', error };
}

/** What a rule may know besides its message and state. Rules read no clock and draw no random numbers. */
export interface Context {
  /** When this reaction happens; the same for all messages of a batch. */
  readonly now: Date;
  /** A UUIDv7 made for this reaction: the id of whatever the rule creates. */
  readonly id: string;
}
